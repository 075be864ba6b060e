//! Identifies the file of a store: its path may later lead to another file or to none.

use std::io;
use std::path::Path;

/// The identity of a file, independent of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId([u64; 2]);

/// The file at a path; `None` if there is none.
pub(super) fn file_id(path: &Path) -> io::Result<Option<FileId>> {
    match std::fs::metadata(path) {
        Ok(metadata) => Ok(Some(FileId(identity(&metadata)))),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> [u64; 2] {
    use std::os::unix::fs::MetadataExt;
    [metadata.dev(), metadata.ino()]
}

/// If files have no such numbers, only their existence is known.
#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> [u64; 2] {
    [0, 0]
}
