//! Markdown that shows any text literally.

use crate::number::count;
use crate::text::one_line;

/// Escapes text, so that Markdown finds no mark-up in it, and a CI system that logs the page finds no command.
pub(crate) fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in one_line(text).chars() {
        match letter {
            ':' if escaped.ends_with(':') => escaped.push_str("\\:"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '$' | '!' => escaped.extend(['\\', letter]),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// A code span. Its fence is longer than any sequence of backquotes in the text.
pub(crate) fn code(text: &str) -> String {
    let text = one_line(text);
    if text.trim().is_empty() {
        return String::new();
    }
    // A CI system would interpret it as a command, and a code span has no escapes.
    if text.contains("##") {
        return plain(&text);
    }
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A table. Cells are Markdown; pipes and line breaks in them do not end a cell.
pub(crate) fn table<T: AsRef<str>>(titles: &[T], rows: &[Vec<String>]) -> String {
    let line =
        |cells: &mut dyn Iterator<Item = String>| format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
    let mut table = line(&mut titles.iter().map(|title| cell(title.as_ref())));
    table += &line(&mut titles.iter().map(|_| "---".to_owned()));
    rows.iter().for_each(|row| table += &line(&mut row.iter().map(|text| cell(text))));
    table
}

/// A line that counts the items after the first `shown`: `… and 3 more`, and the noun if there is one.
pub(crate) fn more(all: usize, shown: usize, noun: Option<&str>) -> String {
    let named =
        |rest| noun.map_or_else(|| format!("{rest} more"), |noun| count(rest, &format!("more {noun}")));
    match all.saturating_sub(shown) {
        0 => String::new(),
        rest => format!("\n… and {}.\n", named(rest)),
    }
}

/// A section of rules, one item each.
pub(crate) fn method<'a>(rules: impl IntoIterator<Item = &'a str>) -> String {
    let rules: String = rules.into_iter().map(|rule| format!("- {rule}\n")).collect();
    format!("## How the numbers are made\n\n{rules}\n")
}

fn cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_not_taken_for_mark_up() {
        assert_eq!(plain("a_b *c* <d> `e` #1"), "a\\_b \\*c\\* &lt;d&gt; \\`e\\` \\#1");
        assert_eq!(plain("two\nlines"), "two lines");
        assert_eq!(plain("::error::a\u{1b}"), ":\\:error:\\:a\\\\u{1b}");
    }

    #[test]
    fn code_may_contain_backquotes() {
        assert_eq!(code("relu"), "`relu`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(""), "");
        assert_eq!(code("##[error]a"), "\\#\\#\\[error\\]a");
    }

    #[test]
    fn cells_do_not_end_at_pipes() {
        let table = table(&["a|b", "c"], &[vec![code("x|y"), "1\n2".to_owned()]]);
        assert_eq!(table, "| a\\|b | c |\n| --- | --- |\n| `x\\|y` | 1 2 |\n");
    }
}
