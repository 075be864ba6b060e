//! Data for runs: finds files in the data folder, and makes samples and splits once for all runs.

mod cache;
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
        "`{dataset}` needs the file {path}.gz (or {path}), which is not in {looked}.\n\
         {origin}, put it there, or name another folder with --data-dir or the environment variable CHAINRULE_DATA",
        path = shown(path)
    )]
    Missing {
        /// The data set.
        dataset: &'static str,
        /// Path in the data folder.
        path: String,
        /// The searched folder, for people.
        looked: String,
        /// How users can get the file.
        origin: &'static str,
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
    #[error("{}", shown(.0.to_string()))]
    Content(#[from] DataError),
}
