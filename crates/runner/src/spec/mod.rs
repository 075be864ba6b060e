//! The experiment language: from a TOML file to a complete and valid experiment, or to every error it has.

mod analysis;
mod axis;
pub mod check;
mod claim;
mod diagnostic;
mod experiment;
mod grid;
mod kind;
mod label;
mod name;
mod overrides;
pub mod parse;
mod settings;
mod stored;
#[cfg(test)]
mod tests;

pub(crate) use diagnostic::list;
pub use diagnostic::{Diagnostic, Diagnostics, Source, Span, suggestion};
pub use experiment::{Analysis, Axis, Condition, Exclude, Experiment, Grid, Point, Stated};
pub use kind::Kind;
pub use label::label;
pub(crate) use label::tell_apart;
pub use name::name_problem;
pub use settings::{Default, Section, Setting, setting, settings};
pub use stored::{complete, dataset};

use std::path::Path;

/// Reads an experiment file, with `--set` assignments laid over it.
///
/// # Errors
/// Every error of the file and of the assignments at once.
pub fn load(path: &Path, assignments: &[String]) -> Result<Experiment, Diagnostics> {
    let text = std::fs::read_to_string(path).map_err(|error| Diagnostics::unreadable(path, &error))?;
    let (file, assignments) = parse::parse(&path.display().to_string(), &text, assignments)?;
    check::check(path, file, assignments)
}
