//! Data for runs: files found in the data folder, samples and parts made once and shared by all runs.

mod cache;
mod files;
mod known;
#[cfg(test)]
mod tests;

pub use cache::{DataCache, Loaded, SplitKey};
pub use known::{Describe, Recorded};

use chainrule_core::error::DataError;
use chainrule_record::text::shown;
use std::path::PathBuf;
use thiserror::Error;

/// Data that cannot be had.
#[derive(Debug, Clone, Error)]
pub enum LoadError {
    /// A file of a data set is not there.
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
        /// The data folder, for people.
        looked: String,
        /// What users do who lack it.
        origin: &'static str,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {problem}", shown(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// The content is not what it should be.
    #[error("{}", shown(.0.to_string()))]
    Content(#[from] DataError),
}
