//! Data for runs: finds files in the data folder, and makes samples and splits once for all runs.

mod cache;
mod container;
mod files;
mod known;
#[cfg(test)]
mod tests;

pub use cache::{DataCache, Loaded, SplitKey, Splits};
pub use known::{Describe, Recorded};

use chainrule_core::error::DataError;
use chainrule_record::text::shown;
use std::path::PathBuf;
use thiserror::Error;

/// Data that cannot be loaded.
#[derive(Debug, Clone, Error)]
pub enum LoadError {
    /// A file of a data set is missing.
    #[error(
        "`{dataset}` needs the file {path} (or {path}.gz), which is {looked}.\n\
         {advice}, or name another folder with --data-dir or the environment variable CHAINRULE_DATA",
        path = shown(path)
    )]
    Missing {
        /// The data set.
        dataset: &'static str,
        /// Path in one of the folders.
        path: String,
        /// Where it is not, for people.
        looked: String,
        /// How users can get the file.
        advice: String,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {problem}", shown(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        problem: String,
    },
    /// The content is wrong.
    #[error("{}", lines(.0))]
    Content(#[from] DataError),
}

/// An error of one or more lines, each made harmless.
fn lines(error: &DataError) -> String {
    error.to_string().lines().map(shown).collect::<Vec<_>>().join("\n")
}
