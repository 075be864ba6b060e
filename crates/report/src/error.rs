//! Errors of writing a report.

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
