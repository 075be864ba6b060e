//! Attribute-relation files (ARFF), the format of Weka and OpenML: a header of typed attributes, then rows of cells.
//!
//! The same reader reads the rows of all tables. Only nominal attributes matter among the types: their values are
//! categories, even if they are numbers.

use super::cells::Cells;
use super::dialect::Dialect;
use super::problem::Problems;
use super::structure::{Column, Table};
use std::borrow::Cow;

/// Whether a text begins with `@relation`, after comments and blank lines.
pub(super) fn is_arff(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('%'));
    lines.next().is_some_and(|line| keyword(line, "@relation").is_some())
}

/// Reads the header.
pub(super) fn open(text: Cow<'_, str>) -> Result<Table<'_>, Problems> {
    let (mut columns, mut start, mut problems) = (Vec::new(), 0, Problems::default());
    let mut has_data = false;
    for (line, content) in text.split_inclusive('\n').enumerate() {
        start += content.len();
        let content = content.trim();
        if let Some(attribute) = keyword(content, "@attribute") {
            let column = self::attribute(columns.len(), attribute);
            let column = problems.note(column.map_err(|problem| format!("line {}: {problem}", line + 1)));
            columns.push(column.unwrap_or_else(|| Column::new(columns.len(), "")));
        } else if keyword(content, "@data").is_some() {
            has_data = true;
            break;
        }
    }
    if !has_data {
        problems.add("it begins with @relation, but has no line @data");
    }
    if text[start..].lines().any(|line| line.trim_start().starts_with('{')) {
        problems.add("its rows are sparse, as in {0 1, 3 2}, which is not supported: save it without Sparse in Weka's name of the format, or as CSV");
    }
    problems.check()?;
    let cells = Cells { dialect: dialect(&text[start..]), text, start, skipped: 0 };
    Ok(Table { format: "ARFF", encoding: "", is_guess: false, has_header: true, columns, cells })
}

/// The rest of a line that begins with a keyword, in any case.
fn keyword<'a>(line: &'a str, keyword: &str) -> Option<&'a str> {
    let (word, rest) = line.split_at_checked(keyword.len())?;
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (word.eq_ignore_ascii_case(keyword) && ends).then(|| rest.trim())
}

/// `name type`, with or without quotation marks around the name.
fn attribute(index: usize, text: &str) -> Result<Column, String> {
    let quote = text.chars().next().filter(|letter| matches!(letter, '\'' | '"'));
    let parts = match quote {
        Some(quote) => text[1..].split_once(quote),
        None => text.split_once(|letter: char| letter.is_whitespace() || letter == '{'),
    };
    let (name, _) = parts.ok_or("an @attribute needs a name and a type")?;
    let kind = text[text.find(name).unwrap_or(0) + name.len()..].trim_start_matches(['\'', '"']).trim();
    if kind.to_ascii_lowercase().starts_with("relational") {
        return Err(format!(
            "the attribute `{name}` is a table of its own (relational), which is not supported"
        ));
    }
    let values: Vec<&str> = kind.trim_matches(['{', '}']).split(',').map(str::trim).collect();
    let is_flag = |value: &&str| ["0", "1", "true", "false"].contains(&value.to_ascii_lowercase().as_str());
    let holds_categories = kind.starts_with('{') && !values.iter().all(is_flag);
    Ok(Column { holds_categories, ..Column::new(index, name) })
}

/// Commas or tabs separate; the first quotation mark that begins a cell is the one of the file.
fn dialect(data: &str) -> Dialect {
    let line =
        data.lines().find(|line| !line.trim().is_empty() && !line.starts_with('%')).unwrap_or_default();
    let delimiter = if line.contains('\t') && !line.contains(',') { b'\t' } else { b',' };
    let begins = |quote: char| {
        data.match_indices(quote)
            .map(|(at, _)| data[..at].trim_end_matches(' '))
            .any(|before| before.is_empty() || before.ends_with(['\n', ',', '\t']))
    };
    let quote = if begins('\'') && !begins('"') { b'\'' } else { b'"' };
    Dialect { delimiter, quote: Some(quote), escape: Some(b'\\'), comment: Some(b'%') }
}
