//! The experiment language: turns a TOML file into a complete and valid experiment, or into all of its errors.

mod analysis;
mod axis;
pub mod check;
mod claim;
mod diagnostic;
mod experiment;
mod grid;
mod kind;
mod label;
mod language;
mod name;
mod overrides;
pub mod parse;
mod renamed;
mod replicates;
mod setting;
mod settings;
mod stored;
mod tables;
#[cfg(test)]
mod tests;

pub(crate) use diagnostic::list;
pub use diagnostic::{Diagnostic, Diagnostics, Source, Span, suggestion};
pub use experiment::{Analysis, Axis, Condition, Exclude, Experiment, Grid, Point, Stated};
pub use kind::Kind;
pub(crate) use kind::example;
pub use label::label;
pub(crate) use label::tell_apart;
#[cfg(test)]
pub(crate) use language::{Language, speaking};
pub(crate) use language::{fill_in, without_effect};
pub use language::{setting, settings};
pub use name::name_problem;
pub use setting::{Default, HasEffect, Section, Setting};
pub use stored::{complete, dataset};

use crate::file;
use chainrule_record::text::shown;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// The maximum size of an experiment file in bytes.
pub const MAX_FILE_SIZE: u64 = 16 << 20;

/// Reads an experiment file of at most [`MAX_FILE_SIZE`] bytes, with the `--set` assignments that override it.
///
/// # Errors
/// Every error of the file and of the assignments at once.
pub fn load(path: &Path, assignments: &[String]) -> Result<Experiment, Diagnostics> {
    let text = read(path).map_err(|error| Diagnostics::unreadable(path, &error))?;
    let (file, assignments) = parse::parse(&shown(path), &text, assignments)?;
    check::check(path, file, assignments)
}

fn read(path: &Path) -> std::io::Result<String> {
    let bytes = file::read(path, MAX_FILE_SIZE)?;
    String::from_utf8(bytes).map_err(|_| Error::new(ErrorKind::InvalidData, "it is not UTF-8"))
}
