//! Reads tables of text, as people find them: the bytes of a file become samples, and every decision is reported.
//!
//! ```text
//! bytes → decode → dialect, cells, arff → structure   the columns, and where the rows begin
//!                                         roles       the columns that the keys name
//!                                         survey      the facts of each column, from all rows
//!                                         target      classes or numbers
//!                                         treatment   what becomes of each column, and why
//!                                         fill        inputs and targets
//!                                         summary     the decisions, for people
//! ```
//!
//! The file is read twice: once for the facts and once for the inputs, and a third time if texts matter. No cell is
//! copied, so the memory is that of the file and of the features.

mod arff;
mod cell;
mod cells;
mod column;
mod date;
mod decode;
mod dialect;
mod fill;
mod keys;
mod leak;
mod levels;
mod problem;
mod reading;
mod roles;
mod structure;
mod summary;
mod survey;
mod target;
#[cfg(test)]
mod tests;
mod treatment;

pub(super) use keys::{COLUMNS, DELIMITERS, Keys, MISSING, QUOTES, TASKS};
pub use keys::{Header, Names};
pub(super) use problem::Problems;
pub use reading::{ClassCount, ColumnKind, ColumnReading, LeftOut, Reading, TargetReading};

use super::Samples;
use roles::Roles;
use structure::Table;
use survey::Survey;
use target::Target;

/// Reads a table.
pub(super) fn read(bytes: &[u8], keys: &Keys<'_>) -> Result<(Samples, Reading), Problems> {
    let table = Table::open(bytes, keys)?;
    let mut problems = Problems::default();
    let roles = Roles::of(&table.columns, keys, &mut problems);
    let survey = match (Survey::of(&table, &roles, keys), problems.is_empty()) {
        (Ok(survey), true) => survey,
        (Ok(_), false) => return Err(problems),
        (Err(others), _) => return Err(problems.and(others)),
    };
    let target = Target::decide(&table, &roles, &survey, keys, &mut problems);
    let decisions = treatment::decide(&table, &roles, &survey, keys, &mut problems);
    problems.check()?;
    let Some(target) = target else { return Err("its target cannot be read".into()) };
    let filled = fill::fill(&table, &roles, &survey, &decisions, &target, keys)?;
    let reading = summary::of(&table, &roles, &survey, &decisions, &target, &filled);
    Ok((filled.samples, reading))
}
