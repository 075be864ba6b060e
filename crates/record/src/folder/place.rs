//! Looks at paths without following links.

use super::{Folder, FolderError, Obstacle};
use crate::Digest;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

impl Folder {
    /// Whether the path to a file contains no link.
    pub(super) fn is_reached(&self, name: &str) -> Result<bool, FolderError> {
        let mut path = self.root.clone();
        for part in parent(name).split('/').filter(|part| !part.is_empty()) {
            path.push(part);
            match fs::symlink_metadata(&path) {
                Err(error) if is_absent(&error) => return Ok(true),
                metadata if metadata.as_ref().is_ok_and(fs::Metadata::is_dir) => {}
                metadata => {
                    metadata.map_err(FolderError::at(&path))?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

/// The folder part of a name, empty at the top.
pub(super) fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The prefix of the names in a folder.
pub(super) fn prefix(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}

/// Whether a folder exists; an error if anything else has the name.
pub(super) fn is_folder(path: &Path) -> Result<bool, FolderError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(metadata) if metadata.is_symlink() => Err(FolderError::in_the_way(path, Obstacle::Link)),
        Ok(_) => Err(FolderError::in_the_way(path, Obstacle::NoFolder)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FolderError::at(path)(error)),
    }
}

/// Checks that a folder exists or can be created.
///
/// # Errors
/// If anything else has its name, including a link.
pub fn check_way(path: &Path) -> Result<(), FolderError> {
    is_folder(path).map(drop)
}

pub(super) fn is_there(path: &Path) -> Result<bool, FolderError> {
    match fs::symlink_metadata(path) {
        Err(error) if is_absent(&error) => Ok(false),
        metadata => metadata.map(|_| true).map_err(FolderError::at(path)),
    }
}

/// A file does not exist if one of its folders is missing or is a file.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

pub(super) fn digest_of(path: &Path) -> Result<Digest, FolderError> {
    File::open(path).and_then(Digest::of_reader).map_err(FolderError::at(path))
}

/// Renames a file to a name that is free: `NAME.changed.EXTENSION`, or `NAME.changed-2.EXTENSION`.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf, FolderError> {
    let extension = crate::text::from_os(path.extension().unwrap_or_default());
    let mut aside = path.with_extension(format!("changed.{extension}"));
    let mut n = 2;
    while is_there(&aside)? {
        aside = path.with_extension(format!("changed-{n}.{extension}"));
        n += 1;
    }
    fs::rename(path, &aside).map_err(FolderError::at(path))?;
    Ok(aside)
}
