//! What can go wrong in a folder.

use crate::text::shown;
use std::io;
use std::path::{Path, PathBuf};

/// A file or folder that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The file system refused.
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
        /// Where.
        path: PathBuf,
        /// What is there.
        obstacle: Obstacle,
    },
}

/// What has the name of a file or folder to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// A symbolic link: what it points to is not ours.
    #[error(
        "is a symbolic link, and nothing is written or removed through a link\nremove or rename the link"
    )]
    Link,
    /// A file, where a folder is needed.
    #[error("is not a folder, and a folder is needed there\nmove it away")]
    NoFolder,
    /// A folder, a device or a pipe, where a file is needed.
    #[error("is not a file, and a file is to be written there\nmove it away")]
    NoFile,
}

impl FolderError {
    /// An error of the file system at a path.
    pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Write { path: path.clone(), source }
    }

    pub(super) fn in_the_way(path: &Path, obstacle: Obstacle) -> Self {
        Self::InTheWay { path: path.to_owned(), obstacle }
    }
}
