//! Opens a table: from the bytes of a file to its columns and the place of its rows.

use super::arff;
use super::cells::{Cells, tidy};
use super::decode::{Decoded, decode};
use super::detect;
use super::dialect::Dialect;
use super::keys::{Header, Keys};
use super::problem::Problems;
use super::structure::{Column, Table};
use std::borrow::Cow;

/// Opens a table.
pub(super) fn open<'a>(bytes: &'a [u8], keys: &Keys<'_>) -> Result<Table<'a>, Problems> {
    let Decoded { text, encoding, is_guess } = decode(bytes, keys.encoding)?;
    let mut table = if arff::is_arff(&text) {
        arff::open(text)?
    } else {
        let dialect = detect::dialect(&text, keys);
        let text = match tidy(&text, dialect) {
            Cow::Owned(tidy) => Cow::Owned(tidy),
            Cow::Borrowed(_) => text,
        };
        of_text(text, dialect, keys)?
    };
    (table.encoding, table.is_guess) = (encoding, is_guess);
    table.check_names()?;
    Ok(table)
}

fn of_text<'a>(text: Cow<'a, str>, dialect: Dialect, keys: &Keys<'_>) -> Result<Table<'a>, Problems> {
    let mut reader = dialect.reader(text.as_bytes()).into_byte_records().map_while(Result::ok);
    let first: Vec<String> = match reader.next() {
        Some(row) => row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect(),
        None => return Err("it has no rows of data".into()),
    };
    let below: Vec<usize> = reader.take(100).map(|row| row.len()).collect();
    let has_header = detect::has_header(&text, dialect, keys);
    let names = match keys.header {
        Header::Names(names) if names.len() != first.len() => {
            return Err(format!("`header` has {} names for {} columns", names.len(), first.len()).into());
        }
        Header::Names(names) => names.clone(),
        _ if has_header => widened(first, &below, &text, dialect),
        _ => vec![String::new(); first.len()],
    };
    let columns = names.iter().enumerate().map(|(index, name)| Column::new(index, name)).collect();
    let cells = Cells { text, dialect, start: 0, skipped: usize::from(has_header) };
    Ok(Table { format: "CSV", encoding: "", is_guess: false, has_header, columns, cells })
}

/// The names of a header for rows that have one cell more. The cell is a row name without a header, unless the last
/// cell of each row is empty.
fn widened(mut names: Vec<String>, below: &[usize], text: &str, dialect: Dialect) -> Vec<String> {
    let is_wider = !below.is_empty() && below.iter().all(|width| *width == names.len() + 1);
    if is_wider {
        let ends_empty = dialect
            .rows(detect::sample(text))
            .iter()
            .skip(1)
            .all(|row| row.get(names.len()).is_none_or(<[u8]>::is_empty));
        names.insert(if ends_empty { names.len() } else { 0 }, String::new());
    }
    names
}
