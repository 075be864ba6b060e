//! Errors of a store.

use chainrule_record::FORMAT_VERSION;
use chainrule_record::text::shown;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// An error of a store.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder cannot be created or written to.
    #[error(
        "cannot write to the results folder {folder}: {problem}\nchoose another folder with --results DIR, or change its permissions", folder = shown(folder))]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The reason.
        problem: String,
    },
    /// There is no store.
    #[error(
        "there are no results in {folder}\nrun `chainrule run EXPERIMENT.toml`, or name the folder that has them", folder = shown(folder))]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// The store was written by another version.
    #[error(
        "{path} has format version {found}, and this program reads versions 4 and {FORMAT_VERSION}\n\
         move the folder away to compute the results again, or use the version of chainrule that wrote it", path = shown(path))]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: String,
    },
    /// The file is not a store, or is so damaged that no table can be read.
    #[error(
        "{path} is not a store of results, or is damaged: {problem}\n\
         restore a copy of the file, or move the file away to compute the results again; nothing was changed or deleted", path = shown(path))]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// The problem.
        problem: String,
    },
    /// No run has been completed yet.
    #[error("no run in {folder} has finished yet\nrun `chainrule run EXPERIMENT.toml`", folder = shown(folder))]
    NothingYet {
        /// The folder.
        folder: PathBuf,
    },
    /// A value other than a record fails its checksum.
    #[error(
        "the {key} in {path} is damaged: it fails its checksum\n\
         run the experiment again: `chainrule run` keeps all intact records and rewrites the {key}", path = shown(path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// `experiment` or `manifest`.
        key: String,
    },
    /// Another file replaced the store while runs were being executed.
    #[error(
        "{path} was replaced by another file during the runs\n\
         all stored runs are in {rescued}: move it back to {path} to continue with them", path = shown(path), rescued = shown(rescued))]
    Replaced {
        /// The file of the store.
        path: PathBuf,
        /// The new file with its runs.
        rescued: PathBuf,
    },
    /// The database reported an error.
    #[error("{path}: {problem}\n{}", advice(problem))]
    Database {
        /// The file.
        path: PathBuf,
        /// The error.
        problem: rusqlite::Error,
    },
    /// A value cannot be written or read.
    #[error("{path}: {what} cannot be stored: {problem}", path = shown(path))]
    Record {
        /// The file.
        path: PathBuf,
        /// The value.
        what: String,
        /// The reason.
        problem: String,
    },
}

impl StoreError {
    /// An error that SQLite reported for a file.
    pub(super) fn of(path: &Path, problem: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if is_damage(&problem) {
            Self::NotAStore { path, problem: problem.to_string() }
        } else {
            Self::Database { path, problem }
        }
    }

    /// The same error for a store that was opened for writing: without write permission, the folder is the wrong one.
    pub(super) fn for_writing(self) -> Self {
        match self {
            Self::Database { path, problem } if is_read_only(&problem) => {
                Self::folder(&path, std::io::Error::other(problem.to_string()))
            }
            other => other,
        }
    }

    /// The error when files beside the store cannot be written.
    pub(super) fn folder(path: &Path, problem: std::io::Error) -> Self {
        let folder = path.parent().unwrap_or(path).to_owned();
        Self::Folder { folder, problem: problem.to_string() }
    }
}

/// Whether an error comes from the bytes of the file and not from the disk, its permissions or other programs.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{
        DatabaseCorrupt, NotADatabase, OutOfMemory, SchemaChanged, TooBig, TypeMismatch, Unknown,
    };
    match error.sqlite_error_code() {
        // `Unknown` means that one of our statements does not match the tables; a damaged length asks for too much
        // memory.
        Some(code) => matches!(
            code,
            DatabaseCorrupt | NotADatabase | OutOfMemory | SchemaChanged | TooBig | TypeMismatch | Unknown
        ),
        // A value has a different type than was written, or a row is missing.
        None => true,
    }
}

fn advice(error: &rusqlite::Error) -> &'static str {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull};
    match error.sqlite_error_code() {
        Some(DiskFull) => "free space on the disk and repeat the command: finished runs are kept",
        Some(DatabaseBusy | DatabaseLocked) => "another program is writing to it: wait until it ends",
        _ => "check the disk and its permissions, then repeat the command: finished runs are kept",
    }
}

/// Whether a file or its folder is read-only.
fn is_read_only(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
    error.sqlite_error_code().is_some_and(|code| matches!(code, CannotOpen | PermissionDenied | ReadOnly))
}
