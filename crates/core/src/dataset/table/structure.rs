//! The structure of a table: its columns and where its rows begin.

use super::arff;
use super::cells::{Cells, tidy};
use super::decode::{Decoded, decode};
use super::dialect::{Dialect, has_header, rows};
use super::keys::{Header, Keys};
use super::problem::{Problems, named};
use std::borrow::Cow;

/// A table whose rows can be read.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) format: &'static str,
    pub(super) encoding: &'static str,
    /// Whether the encoding is only a guess.
    pub(super) is_guess: bool,
    /// Whether the first row holds the names.
    pub(super) has_header: bool,
    pub(super) columns: Vec<Column>,
    pub(super) cells: Cells<'a>,
}

/// A column as the file declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name; `column 3` if the file has none.
    pub(super) name: String,
    pub(super) is_named: bool,
    /// Whether the file declares that it holds categories, even if they are written as numbers.
    pub(super) holds_categories: bool,
}

impl Column {
    pub(super) fn new(index: usize, name: &str) -> Self {
        let name = name.trim();
        let is_named = !name.is_empty();
        let name = if is_named { name.to_owned() } else { format!("column {}", index + 1) };
        Self { name, is_named, holds_categories: false }
    }
}

impl<'a> Table<'a> {
    pub(super) fn open(bytes: &'a [u8], keys: &Keys<'_>) -> Result<Self, Problems> {
        let Decoded { text, encoding, is_guess } = decode(bytes, keys.encoding)?;
        let mut table = if arff::is_arff(&text) {
            arff::open(text)?
        } else {
            let dialect = Dialect::of(&text, keys);
            let text = match tidy(&text, dialect) {
                Cow::Owned(tidy) => Cow::Owned(tidy),
                Cow::Borrowed(_) => text,
            };
            Self::of_text(text, dialect, keys)?
        };
        (table.encoding, table.is_guess) = (encoding, is_guess);
        table.check_names()?;
        Ok(table)
    }

    fn of_text(text: Cow<'a, str>, dialect: Dialect, keys: &Keys<'_>) -> Result<Self, Problems> {
        let mut reader = dialect.reader(text.as_bytes()).into_byte_records().map_while(Result::ok);
        let first: Vec<String> = match reader.next() {
            Some(row) => row.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect(),
            None => return Err("it has no rows of data".into()),
        };
        let below: Vec<usize> = reader.take(100).map(|row| row.len()).collect();
        let has_header = has_header(&text, dialect, keys);
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
        Ok(Self { format: "CSV", encoding: "", is_guess: false, has_header, columns, cells })
    }

    fn check_names(&self) -> Result<(), Problems> {
        if self.columns.len() < 2 {
            let advice = "if they are separated otherwise, set `delimiter`";
            return Err(format!("it has one column, but needs inputs and a target; {advice}").into());
        }
        let mut problems = Problems::default();
        for (index, column) in self.columns.iter().enumerate() {
            let is_same = |other: &&Column| other.name == column.name;
            if let Some(before) = self.columns[..index].iter().position(|other| is_same(&other)) {
                let places = format!("columns {} and {}", before + 1, index + 1);
                problems.add(format!(
                    "{places} are both called {}: rename one of them, or set `header` to a list of names",
                    named(&column.name)
                ));
            }
        }
        problems.check()
    }
}

/// The names of a header for rows that have one cell more. The cell is a row name without a header, unless the last
/// cell of each row is empty.
fn widened(mut names: Vec<String>, below: &[usize], text: &str, dialect: Dialect) -> Vec<String> {
    let is_wider = !below.is_empty() && below.iter().all(|width| *width == names.len() + 1);
    if is_wider {
        let ends_empty = rows(super::dialect::sample(text), dialect)
            .iter()
            .skip(1)
            .all(|row| row.get(names.len()).is_none_or(<[u8]>::is_empty));
        names.insert(if ends_empty { names.len() } else { 0 }, String::new());
    }
    names
}
