//! Words for people.

pub(crate) use chainrule_record::text::{is_steering, one_line, shell_word};

/// With a capital at the beginning.
pub(crate) fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
