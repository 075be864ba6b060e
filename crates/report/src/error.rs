//! Errors of comparing results and of writing a report.

use chainrule_record::Metric;
use chainrule_record::folder::FolderError;
use chainrule_record::text::shown;
use std::path::PathBuf;

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file system returned an error.
    #[error("cannot write {path}: {source}", path = shown(path))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A file or link blocks the report's path, or the file system returned an error.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The manifest could not be encoded.
    #[error("cannot write the manifest: {source}")]
    Manifest {
        /// The cause.
        source: serde_json::Error,
    },
    /// A table could not be encoded.
    #[error("cannot write the table {path}: {source}", path = shown(path))]
    Table {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: csv::Error,
    },
    /// A page template could not be rendered.
    #[error("cannot make the page: {source}")]
    Page {
        /// The cause.
        source: askama::Error,
    },
    /// A plot could not be drawn.
    #[error("cannot draw {path}: {cause}", path = shown(path))]
    Draw {
        /// The file.
        path: PathBuf,
        /// The drawing library's error message.
        cause: String,
    },
}

/// Why two results folders cannot be compared.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(transparent)]
pub struct JoinError(#[from] Unpaired);

/// The labels of two results folders, or a property of each.
type Both<T = Box<str>> = [T; 2];

/// Why no runs of two results folders can be paired.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Unpaired {
    #[error(
        "{} is of `kind = \"{}\"` and {} of `kind = \"{}\"`: they cannot be compared",
        labels[0], kinds[0], labels[1], kinds[1]
    )]
    Kinds { labels: Both, kinds: Both<&'static str> },
    #[error("both results are {}; name two different folders", labels[0])]
    SameLabel { labels: Both },
    #[error("no run of {label} is on record\nrun its experiment with `chainrule run EXPERIMENT.toml`")]
    NoRuns { label: String },
    /// The second results do not have the deciding metric of the first.
    #[error(
        "{} decides in {}, but no run of {} measured it (there {} decides)\nrun both with the same metric and with data to \
         measure it on, for example with --set metric={}",
        metrics[0], labels[0], labels[1], metrics[1], metrics[0]
    )]
    Metric { labels: Both, metrics: Both<Metric> },
    /// No two runs use the same data. `values` are the values of the first setting that differs.
    #[error(
        "{} and {} cannot be compared: `{setting}` is {} in {} and {} in {}; {why}",
        labels[0], labels[1], values[0], labels[0], values[1], labels[1]
    )]
    Data { labels: Both, setting: &'static str, values: Both, why: String },
    #[error(
        "no seed in common: {} has seeds {}, and {} {}; run both with the same seeds",
        labels[0], seeds[0], labels[1], seeds[1]
    )]
    Seeds { labels: Both, seeds: Both },
}
