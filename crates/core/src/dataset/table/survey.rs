//! Reads all rows to learn the facts of their columns.

use super::cells::{Misquoted, Row};
use super::column::Facts;
use super::keys::Keys;
use super::levels::{Levels, MAX_LEVELS, level};
use super::problem::Problems;
use super::roles::Roles;
use super::structure::Table;

/// The most levels of a column that the user asks for as a category, or as the target.
const MAX_ASKED_LEVELS: usize = 100_000;

/// The most rows of a wrong length that a message names.
const MAX_RAGGED: usize = 5;

/// The facts of all columns.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) rows: usize,
    pub(super) facts: Vec<Facts>,
    /// For each column of texts, and each target: its levels.
    pub(super) levels: Vec<Option<Levels>>,
    /// For each column that may hold an unsorted id: whether its numbers are all different.
    pub(super) is_unique: Vec<bool>,
}

impl Survey {
    pub(super) fn of(table: &Table<'_>, roles: &Roles, keys: &Keys<'_>) -> Result<Self, Problems> {
        let (rows, facts) = facts(table)?;
        let mut survey = Self {
            rows,
            facts,
            levels: vec![None; table.columns.len()],
            is_unique: vec![false; table.columns.len()],
        };
        survey.count_levels(table, roles, keys);
        Ok(survey)
    }

    /// Reads the rows once more for the columns whose texts matter.
    fn count_levels(&mut self, table: &Table<'_>, roles: &Roles, keys: &Keys<'_>) {
        for (column, facts) in self.facts.iter().enumerate() {
            let is_target = roles.targets.contains(&column) && keys.task != "regression";
            let is_asked = is_target
                || roles.group == Some(column)
                || roles.words[column].as_deref() == Some("category");
            let has_classes =
                facts.texts > 0 || facts.different().is_some() || keys.task == "classes" || !is_target;
            if (is_asked && has_classes) || roles.kept[column] && facts.texts > 0 {
                self.levels[column] = Some(Levels::at_most(MAX_ASKED_LEVELS));
            } else if (table.columns[column].holds_categories || !facts.is_numeric())
                && facts.given() + facts.weak > 0
            {
                self.levels[column] = Some(Levels::at_most(MAX_LEVELS));
            }
        }
        let may_be_id = |column: usize| {
            let (facts, declared) = (&self.facts[column], &table.columns[column]);
            let is_called =
                super::treatment::is_called_id(&declared.name) || (!declared.is_named && column == 0);
            is_called
                && facts.is_numeric()
                && facts.is_whole
                && facts.missing_numbers() == 0
                && !facts.is_increasing
        };
        let ids: Vec<usize> = (0..self.facts.len()).filter(|column| may_be_id(*column)).collect();
        let texts: Vec<usize> =
            (0..self.facts.len()).filter(|column| self.levels[*column].is_some()).collect();
        if ids.is_empty() && texts.is_empty() {
            return;
        }
        let mut numbers: Vec<Vec<u64>> = vec![Vec::new(); ids.len()];
        let done: Result<(), Problems> = table.cells.each(|row| {
            let cell = |column: usize| row.cells.get(column).unwrap_or_default();
            for &column in &texts {
                let text = level(cell(column), self.facts[column].has_plus);
                if let (Some(levels), Some(text)) = (&mut self.levels[column], text) {
                    levels.see(text);
                }
            }
            for (numbers, &column) in numbers.iter_mut().zip(&ids) {
                numbers.extend(super::cell::number(cell(column).trim_ascii()).map(f64::to_bits));
            }
            Ok(())
        });
        debug_assert!(done.is_ok(), "nothing fails while texts are counted");
        for (mut numbers, column) in numbers.into_iter().zip(ids) {
            numbers.sort_unstable();
            self.is_unique[column] = numbers.windows(2).all(|pair| pair[0] != pair[1]);
        }
    }
}

/// The number of rows and the facts of each column.
fn facts(table: &Table<'_>) -> Result<(usize, Vec<Facts>), Problems> {
    let width = table.columns.len();
    let mut facts = vec![Facts::default(); width];
    let (mut rows, mut ragged, mut misquoted) = (0, Vec::new(), None);
    // The row before, and whether it goes over several lines: a forgotten quotation mark swallows the lines below.
    let mut suspect = None;
    let seen: Result<(), Problems> = table.cells.each(|row| {
        rows += 1;
        if let Some((at, true)) = suspect {
            misquoted = misquoted.or_else(|| table.cells.misquoted(at, row.at));
        }
        suspect = Some((row.at, is_long(&row)));
        if row.cells.len() != width {
            ragged.push((row.at, row.cells.len()));
        }
        row.cells.iter().zip(&mut facts).for_each(|(cell, facts)| facts.see(cell, row.at));
        Ok(())
    });
    seen?;
    if let Some((at, _)) = suspect {
        misquoted = misquoted.or_else(|| table.cells.misquoted(at, u64::MAX));
    }
    let mut problems = Problems::default();
    match misquoted {
        _ if rows == 0 => problems.add("it has no rows of data"),
        Some(Misquoted::Open { line }) => problems.add(format!(
            "line {line}: a quotation mark opens and never closes; if it is part of the text, set `quote = \"none\"`"
        )),
        Some(Misquoted::Stray { line }) => problems.add(format!(
            "line {line}: a quotation mark opens and closes inside a text some lines below; is one missing? If it is part of the text, set `quote = \"none\"`"
        )),
        None => {}
    }
    problems.check()?;
    let mut problems = Problems::default();
    for (at, cells) in ragged.iter().take(MAX_RAGGED) {
        problems.add(wrong_length(table, *at, *cells));
    }
    if ragged.len() > MAX_RAGGED {
        problems.add(format!("{} more rows have a wrong number of cells", ragged.len() - MAX_RAGGED));
    }
    problems.check()?;
    Ok((rows, facts))
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
