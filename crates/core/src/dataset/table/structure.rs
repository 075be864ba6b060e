//! The structure of a table: its columns and where its rows begin.

use super::cells::Cells;
use super::problem::{Problems, named};

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

impl Table<'_> {
    /// Checks that it has columns to learn from and to learn, each with its own name.
    pub(super) fn check_names(&self) -> Result<(), Problems> {
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
