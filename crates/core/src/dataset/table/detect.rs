//! Delimiter, quotation mark and header of a table, as its first rows show them.

use super::cell::Cell;
use super::cells::tidy;
use super::dialect::{DELIMITERS, Dialect};
use super::keys::{Header, Keys};
use csv::ByteRecord;

/// The bytes from which the dialect is detected.
const SAMPLE: usize = 1 << 16;

/// The fraction of rows that must have the same number of cells.
const CONSISTENT: f64 = 0.9;

/// The dialect of a table: from the keys where they say it, and else from the first rows.
pub(super) fn dialect(text: &str, keys: &Keys<'_>) -> Dialect {
    let given = DELIMITERS.iter().find(|(_, word)| *word == keys.delimiter).map(|(byte, _)| *byte);
    let quote = match keys.quote {
        "single" => Some(b'\''),
        "none" => None,
        _ => Some(b'"'),
    };
    let sample = sample(text);
    let with = |quote| {
        let dialect = Dialect { quote, ..Dialect::PLAIN };
        Dialect { delimiter: given.unwrap_or_else(|| delimiter(sample, dialect)), ..dialect }
    };
    let dialect = with(quote);
    let is_single = keys.quote == "auto" && quoted(sample, dialect.delimiter, b'\'') > 0;
    if is_single && quoted(sample, dialect.delimiter, b'"') == 0 { with(Some(b'\'')) } else { dialect }
}

/// The first whole lines of a text.
pub(super) fn sample(text: &str) -> &str {
    if text.len() <= SAMPLE {
        return text;
    }
    let end = text.as_bytes()[..SAMPLE].iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The first delimiter that gives nearly all rows the same number of cells, or else the one that gives most rows the
/// same number.
fn delimiter(sample: &str, dialect: Dialect) -> u8 {
    let score = |delimiter: u8| consistency(sample, Dialect { delimiter, ..dialect });
    let scores: Vec<(u8, f64)> = DELIMITERS.iter().map(|(byte, _)| (*byte, score(*byte))).collect();
    let consistent = scores.iter().find(|(_, score)| *score >= CONSISTENT);
    let best = || scores.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, score)| *score > 0.5);
    consistent.or_else(best).map_or(b',', |(byte, _)| *byte)
}

/// The fraction of rows with the usual number of cells; 0 if that number is 1.
fn consistency(sample: &str, dialect: Dialect) -> f64 {
    let tidied = tidy(sample, dialect);
    let widths: Vec<usize> = dialect.rows(&tidied).iter().map(ByteRecord::len).collect();
    let mut sorted = widths.clone();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|a, b| a == b);
    let Some(usual) = runs.max_by_key(|run| run.len()).filter(|run| run[0] > 1) else { return 0.0 };
    // A header may lack the name of a first column of row names.
    let is_short = widths.first().is_some_and(|first| first + 1 == usual[0]);
    (usual.len() + usize::from(is_short)) as f64 / widths.len() as f64
}

/// The number of cells that begin and end with a quotation mark.
fn quoted(sample: &str, delimiter: u8, quote: u8) -> usize {
    let is_quoted = |cell: &[u8]| cell.len() > 1 && cell[0] == quote && cell[cell.len() - 1] == quote;
    let cells = |line: &'_ str| {
        line.as_bytes().split(|byte| *byte == delimiter).filter(|cell| is_quoted(cell.trim_ascii())).count()
    };
    sample.lines().map(cells).sum()
}

/// The rows of a sample that decide about the header.
const HEADER_ROWS: usize = 200;

/// Whether the first row holds names. It does not if most columns of numbers have a number in it, unless these numbers
/// count the columns. In a table without numbers it does not if most of its texts recur below.
pub(super) fn has_header(text: &str, dialect: Dialect, keys: &Keys<'_>) -> bool {
    match keys.header {
        Header::Known(known) => return *known,
        Header::Names(_) => return false,
        Header::Word(_) => {}
    }
    let rows = dialect.rows(sample(text));
    let Some((first, below)) = rows.split_first() else { return true };
    let below = &below[..below.len().min(HEADER_ROWS)];
    let is_number = |cell: &[u8]| matches!(Cell::of(cell), Cell::Number(_));
    let is_of_numbers = |column: &usize| {
        let mut cells = below.iter().filter_map(|row| row.get(*column)).map(Cell::of);
        let given = |cell: &Cell<'_>| !matches!(cell, Cell::Missing | Cell::Weak(_));
        let mut given = cells.by_ref().filter(given).peekable();
        given.peek().is_some() && given.all(|cell| matches!(cell, Cell::Number(_)))
    };
    let numeric: Vec<usize> = (0..first.len()).filter(is_of_numbers).collect();
    if numeric.is_empty() {
        let recurs = |column: usize| below.iter().any(|row| row.get(column) == first.get(column));
        let again = (0..first.len()).filter(|column| recurs(*column)).count();
        return 2 * again <= first.len();
    }
    let numbers = numeric.iter().filter(|column| first.get(**column).is_some_and(is_number)).count();
    2 * numbers <= numeric.len() || counts_columns(first)
}

/// Whether the numbers of a row are the numbers of its columns, at least three, from 0 or 1.
fn counts_columns(row: &ByteRecord) -> bool {
    let numbers = row.iter().enumerate().filter_map(|(column, cell)| match Cell::of(cell) {
        Cell::Number(number) => Some(number - column as f64),
        _ => None,
    });
    let distances: Vec<f64> = numbers.collect();
    distances.len() > 2 && distances.iter().all(|x| *x == distances[0] && [-1.0, 0.0, 1.0].contains(x))
}
