//! Reads all rows once, to learn the facts of their columns.

use super::cells::{Misquoted, Row};
use super::column::Facts;
use super::levels::{Levels, MAX_LEVELS};
use super::numbers::Numbers;
use super::problem::Problems;
use super::roles::Roles;
use super::structure::Table;

/// The most rows of a wrong length that a message names.
const MAX_RAGGED: usize = 5;

/// The results of the first reading.
#[derive(Debug)]
pub(super) struct First {
    pub(super) rows: usize,
    pub(super) facts: Vec<Facts>,
    /// The texts of each target column, if they are few.
    pub(super) targets: Vec<Levels>,
    /// All numbers, if there are no texts.
    pub(super) numbers: Option<Numbers>,
}

impl First {
    pub(super) fn of(table: &Table<'_>, roles: &Roles) -> Result<Self, Problems> {
        let width = table.columns.len();
        let mut first = Self {
            rows: 0,
            facts: vec![Facts::default(); width],
            targets: vec![Levels::at_most(MAX_LEVELS); roles.targets.len()],
            numbers: Some(Numbers::new(table, roles)),
        };
        let (mut ragged, mut misquoted) = (Vec::new(), None);
        let quote = table.cells.dialect.quote.map(char::from);
        let has_quotes = quote.is_some_and(|quote| table.cells.text.contains(quote));
        // The row before, and whether it goes over several lines: a forgotten quotation mark swallows the lines below.
        let mut suspect = None;
        table.cells.each(|row| {
            if let Some((at, true)) = suspect {
                misquoted = misquoted.or_else(|| table.cells.misquoted(at, row.at));
            }
            suspect = Some((row.at, has_quotes && is_long(&row)));
            if row.cells.len() == width {
                first.see(&row, roles)
            } else {
                ragged.push((row.at, row.cells.len()));
                Ok(())
            }
        })?;
        if let Some((at, _)) = suspect {
            misquoted = misquoted.or_else(|| table.cells.misquoted(at, u64::MAX));
        }
        check(table, suspect.is_some(), misquoted, &ragged)?;
        Ok(first)
    }

    fn see(&mut self, row: &Row<'_>, roles: &Roles) -> Result<(), Problems> {
        self.rows += 1;
        let mut are_numbers = true;
        for ((column, cell), facts) in row.cells.iter().enumerate().zip(&mut self.facts) {
            let number = facts.see(cell, row.at);
            match (&mut self.numbers, number) {
                (Some(numbers), Some(number)) => numbers.see(column, number),
                _ => are_numbers = false,
            }
        }
        for (levels, &target) in self.targets.iter_mut().zip(&roles.targets) {
            levels.see(row.cells.get(target).unwrap_or_default().trim_ascii());
        }
        match &mut self.numbers {
            Some(numbers) if are_numbers => numbers.end_row().map_err(|no_room| no_room.text().into()),
            _ => {
                self.numbers = None;
                Ok(())
            }
        }
    }
}

/// The problems with the quotation marks or the lengths of rows.
fn check(
    table: &Table<'_>,
    has_rows: bool,
    misquoted: Option<Misquoted>,
    ragged: &[(u64, usize)],
) -> Result<(), Problems> {
    let as_text = "if it is part of the text, set `quote = \"none\"`";
    match misquoted {
        _ if !has_rows => return Err("it has no rows of data".into()),
        Some(Misquoted::Open { line }) => {
            return Err(format!("line {line}: a quotation mark opens and never closes; {as_text}").into());
        }
        Some(Misquoted::Stray { line }) => {
            let problem =
                "a quotation mark opens, and the next one is inside a text some lines below; is one missing?";
            return Err(format!("line {line}: {problem} Or {as_text}").into());
        }
        None => {}
    }
    let mut problems = Problems::default();
    for (at, cells) in ragged.iter().take(MAX_RAGGED) {
        problems.add(wrong_length(table, *at, *cells));
    }
    if ragged.len() > MAX_RAGGED {
        problems.add(format!("{} more rows have a wrong number of cells", ragged.len() - MAX_RAGGED));
    }
    problems.check()
}

/// Whether a cell goes over several lines.
fn is_long(row: &Row<'_>) -> bool {
    row.cells.as_slice().contains(&b'\n')
}

fn wrong_length(table: &Table<'_>, at: u64, cells: usize) -> String {
    let (line, width) = (table.cells.line(at), table.columns.len());
    let expected = if table.has_header { "the header" } else { "the first row" };
    let cells = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
    let delimiter = table.cells.dialect.delimiter_word();
    format!("line {line}: {cells}, but {expected} has {width} (`delimiter` is \"{delimiter}\")")
}
