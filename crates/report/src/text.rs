//! Text of users, on one line and in the order it is written in.

/// Text without what ends a line, steers a terminal, or turns the direction of writing: a space stands in its place.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|letter| if is_steering(letter) { ' ' } else { letter }).collect()
}

/// Control characters, the separators of lines and paragraphs, and the marks, embeddings, overrides and isolates of
/// bidirectional text.
pub(crate) fn is_steering(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// With a capital at the beginning.
pub(crate) fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(one_line("a\n\u{1b}[31mred\u{202e}b η=0.1 größer\u{2028}"), "a  [31mred b η=0.1 größer ");
    }
}
