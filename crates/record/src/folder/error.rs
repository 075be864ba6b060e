//! Errors of a folder.

use crate::text::shown;
use std::io;
use std::path::{Path, PathBuf};

/// A file or folder that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The file system reported an error.
    #[error("cannot write {}: {source}", shown(path))]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Something of another kind has the name. It is never replaced.
    #[error("{} {obstacle}", shown(path))]
    InTheWay {
        /// The path.
        path: PathBuf,
        /// The kind of thing that has the name.
        obstacle: Obstacle,
    },
}

/// The kind of thing that already has the name of a file or folder to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// A symbolic link, whose target may belong to somebody else.
    #[error(
        "is a symbolic link, and chainrule does not write or remove through links\nremove or rename the link"
    )]
    Link,
    /// A file where a folder is needed.
    #[error("is not a folder, but a folder is needed\nmove it away")]
    NoFolder,
    /// A folder, a device or a pipe where a file is needed.
    #[error("is not a file, but a file must be written\nmove it away")]
    NoFile,
}

impl FolderError {
    /// Turns an error of the file system into a [`FolderError`] at a path.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Write { path: path.clone(), source }
    }

    pub(super) fn in_the_way(path: &Path, obstacle: Obstacle) -> Self {
        Self::InTheWay { path: path.to_owned(), obstacle }
    }
}
