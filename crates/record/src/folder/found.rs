//! Determines whether the file at a path is ours.

use super::list::Entries;
use super::place::{digest_of, is_absent};
use super::{Folder, FolderError, Why};
use crate::Digest;
use std::fs;

/// The result of looking at the path of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Ours,
    Other(Why, Option<Digest>),
}

impl Folder {
    /// Looks at the path of a file. A file that already has the content `new`, which is to be written there, is always
    /// ours.
    pub(super) fn found(
        &self,
        name: &str,
        entries: &Entries,
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
        let listed = entries.ours.get(name);
        Ok(match listed {
            _ if new == Some(digest) => Found::Ours,
            Some(digests) if digests.contains(&digest) => Found::Ours,
            Some(_) => Found::Other(Why::Changed, Some(digest)),
            None => Found::Other(Why::Unlisted, Some(digest)),
        })
    }
}
