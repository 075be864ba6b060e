//! Reads tables of text, as people find them: the bytes of a file become samples, and every decision is reported.
//!
//! ```text
//! bytes → decode → detect, cells, arff → open          the columns, and where the rows begin
//!                                         roles       the columns that the keys name
//!                                         survey      the facts of each column, from all rows (first, column, levels)
//!                                         target      classes or numbers
//!                                         treatment   the treatment of each column, and the reason
//!                                         fill        inputs and targets
//!                                         summary     the decisions, for people
//! ```
//!
//! The file is read once for the facts. If all its columns are numbers that become inputs, this is the only reading;
//! else it is read again for the inputs, and before for the texts that matter. No cell is copied: the memory holds
//! the file and the features.

mod arff;
mod cell;
mod cells;
mod column;
mod date;
mod decode;
mod detect;
mod dialect;
mod encoder;
mod fill;
mod first;
mod keys;
mod leak;
mod levels;
mod numbers;
mod open;
mod problem;
mod reading;
mod roles;
mod spoiled;
mod structure;
mod summary;
mod survey;
mod target;
#[cfg(test)]
mod tests;
mod treatment;

pub(super) use keys::{COLUMNS, DELIMITERS, Keys, MISSING, QUOTES};
pub use keys::{Header, Names};
pub(super) use problem::Problems;
pub use reading::{ClassCount, ColumnKind, ColumnReading, LeftOut, Reading, TargetReading};

use super::Samples;
use roles::Roles;
use survey::{Known, Survey};
use target::Target;

/// Reads a table.
pub(super) fn read(bytes: &[u8], keys: &Keys<'_>) -> Result<(Samples, Reading), Problems> {
    let table = open::open(bytes, keys)?;
    let mut problems = Problems::default();
    let roles = Roles::of(&table.columns, keys, &mut problems);
    let (survey, numbers) = match (Survey::of(&table, &roles, keys), problems.is_empty()) {
        (Ok(read), true) => read,
        (Ok(_), false) => return Err(problems),
        (Err(others), _) => return Err(problems.and(others)),
    };
    let known = Known { table: &table, roles: &roles, survey: &survey, keys };
    let target = Target::decide(known, &mut problems);
    let decisions = treatment::decide(known, &mut problems);
    problems.check()?;
    let Some(target) = target else { return Err("its target cannot be read".into()) };
    let filled = fill::fill(known, numbers, &decisions, &target)?;
    let reading = summary::of(known, &decisions, &target, &filled);
    Ok((filled.samples, reading))
}
