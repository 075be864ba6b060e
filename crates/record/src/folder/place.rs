//! What is at a path, without following links.

use super::{Folder, FolderError, Obstacle, Why};
use crate::Digest;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What lies in the place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Ours,
    Other(Why, Option<Digest>),
}

impl Folder {
    /// What is in the place of a file; `listed` are its contents in the list, and `new` is the content to be written there,
    /// which is ours in any case.
    pub(super) fn found(
        &self,
        name: &str,
        listed: &[Digest],
        new: Option<Digest>,
    ) -> Result<Found, FolderError> {
        let path = self.root.join(name);
        let metadata = match fs::symlink_metadata(&path) {
            Err(error) if is_absent(&error) => return Ok(Found::Nothing),
            metadata => metadata.map_err(FolderError::at(&path))?,
        };
        if !metadata.is_file() {
            let why = if metadata.is_symlink() { Why::Link } else { Why::NoFile };
            return Ok(Found::Other(why, None));
        }
        let digest = digest_of(&path)?;
        let is_ours = new == Some(digest) || listed.contains(&digest);
        let why = if listed.is_empty() { Why::Unlisted } else { Why::Changed };
        Ok(if is_ours { Found::Ours } else { Found::Other(why, Some(digest)) })
    }

    /// Whether no link stands on the way to a file.
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

/// The folder of a name, empty at the top.
pub(super) fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What precedes the names in a folder.
pub(super) fn prefix(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}

/// Whether a folder is there; an error if anything else is.
pub(super) fn is_folder(path: &Path) -> Result<bool, FolderError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(metadata) if metadata.is_symlink() => Err(FolderError::in_the_way(path, Obstacle::Link)),
        Ok(_) => Err(FolderError::in_the_way(path, Obstacle::NoFolder)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FolderError::at(path)(error)),
    }
}

/// Whether a folder is there, or can be made.
///
/// # Errors
/// If anything else has its name, a link included.
pub fn check_way(path: &Path) -> Result<(), FolderError> {
    is_folder(path).map(drop)
}

pub(super) fn is_there(path: &Path) -> Result<bool, FolderError> {
    match fs::symlink_metadata(path) {
        Err(error) if is_absent(&error) => Ok(false),
        metadata => metadata.map(|_| true).map_err(FolderError::at(path)),
    }
}

/// A file of which a folder is missing, or is a file, is not there.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

pub(super) fn digest_of(path: &Path) -> Result<Digest, FolderError> {
    File::open(path).and_then(Digest::of_reader).map_err(FolderError::at(path))
}

/// Gives a file a name that no file has: `NAME.changed.EXTENSION`, or `NAME.changed-2.EXTENSION`.
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
