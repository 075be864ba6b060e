//! A folder that the program shares with its user.
//!
//! It contains the program's files and other files: notes, edited plots, links to other folders. The program must not
//! replace, remove or write through any of these other files. So it lists each file that it writes, with the digest of
//! the content, in [`LIST`]. It replaces or removes a file only if the list contains its content.
//!
//! A file is listed before it gets its name. A process that is killed in between leaves an extra line, never an extra
//! file. Several lines for one name mean that each of these contents is ours. [`Folder::finish`] rewrites the list
//! with one line per file.

mod error;
mod finish;
mod found;
mod list;
mod partial;
mod place;
#[cfg(test)]
mod tests;

pub use error::{FolderError, Obstacle};
pub use list::LIST;
pub use partial::write_whole;
pub use place::check_way;

use crate::Digest;
use found::Found;
use list::List;
use partial::Partial;
use place::{is_folder, is_there, parent, prefix, set_aside};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A folder that is being written to. Names are paths within it, separated by `/`.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    force: bool,
    written: Vec<String>,
    kept: Vec<Kept>,
}

/// A file that was neither replaced nor removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its name in the folder.
    pub name: String,
    /// Why it was kept.
    pub why: Why,
    /// Whether an earlier report named it and its content is still the same.
    pub is_known: bool,
    digest: Option<Digest>,
}

/// Why a file was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It was changed since the program wrote it.
    Changed,
    /// It has the name of a file to be written but is not in the list.
    Unlisted,
    /// It is a symbolic link with the name of a file to be written.
    Link,
    /// It is a folder, a device or a pipe with the name of a file to be written.
    NoFile,
    /// It has the name of a file of the program, but nothing proves that the program wrote this content. No file is to
    /// be written in its place.
    Outdated,
}

/// The result of writing to a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The files that were written, in order.
    pub written: Vec<PathBuf>,
    /// The files that were kept.
    pub kept: Vec<Kept>,
    /// Number of lines of the list that could not be read.
    pub unreadable: usize,
}

impl Folder {
    /// Opens a folder and creates it if necessary. The path itself may contain links, because the user named it. With
    /// `force`, changed and unlisted files are replaced too; links and folders are not.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn open(root: &Path, force: bool) -> Result<Self, FolderError> {
        fs::create_dir_all(root).map_err(FolderError::at(root))?;
        Ok(Self { root: root.to_owned(), force, written: Vec::new(), kept: Vec::new() })
    }

    /// Creates a folder within this one.
    ///
    /// # Errors
    /// If something else has its name, including a link, or if it cannot be created.
    pub fn make(&self, name: &str) -> Result<(), FolderError> {
        let mut path = self.root.clone();
        for part in name.split('/').filter(|part| !part.is_empty()) {
            path.push(part);
            if !is_folder(&path)? {
                match fs::create_dir(&path) {
                    // Another process was faster and may have created anything.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => is_folder(&path).map(drop)?,
                    made => made.map_err(FolderError::at(&path))?,
                }
            }
        }
        Ok(())
    }

    /// Removes partial files that killed processes left in a folder within this one, if `is_ours` is true for the name
    /// of the final file. Skips folders reached through a link, and files that another process may be writing.
    pub fn remove_leftovers(&self, folder: &str, is_ours: impl Fn(&str) -> bool) {
        let prefix = prefix(folder);
        if self.is_reached(&prefix).unwrap_or(false) {
            partial::remove_leftovers(&self.root.join(folder), |name| is_ours(&format!("{prefix}{name}")));
        }
    }

    /// The files in a folder within this one, without links; empty if the path contains a link.
    pub fn files(&self, folder: &str) -> Vec<String> {
        self.entries(folder, fs::FileType::is_file)
    }

    /// The folders in a folder within this one, under the same conditions.
    pub fn folders(&self, folder: &str) -> Vec<String> {
        self.entries(folder, fs::FileType::is_dir)
    }

    fn entries(&self, folder: &str, is_wanted: impl Fn(&fs::FileType) -> bool) -> Vec<String> {
        let prefix = prefix(folder);
        if !self.is_reached(&prefix).unwrap_or(false) {
            return Vec::new();
        }
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let wanted = entries.filter(|entry| entry.file_type().is_ok_and(|kind| is_wanted(&kind)));
        let mut names: Vec<String> =
            wanted.filter_map(|entry| Some(format!("{prefix}{}", entry.file_name().to_str()?))).collect();
        names.sort();
        names
    }

    /// Lets `fill` write a file under a temporary name, then renames it. If a file with the final name is not ours, it
    /// is kept and [`Folder::finish`] reports it.
    ///
    /// # Errors
    /// If the file cannot be written. An existing file is then unchanged.
    pub fn put<E: From<FolderError>>(
        &mut self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<(), E> {
        self.make(parent(name))?;
        let partial = Partial::create(&self.root.join(name))?;
        fill(partial.path())?;
        Ok(self.place(name, partial)?)
    }

    fn place(&mut self, name: &str, partial: Partial) -> Result<(), FolderError> {
        let digest = partial.digest()?;
        let mut list = List::lock(&self.root)?;
        let entries = list.entries()?;
        match self.found(name, &entries, Some(digest))? {
            Found::Other(why @ (Why::Link | Why::NoFile), _) => self.keep(name, why, None, false),
            Found::Other(why, found) if !self.force => {
                let is_known = why == Why::Unlisted && entries.names(name, found);
                self.keep(name, why, found, is_known);
            }
            _ => {
                list.append(digest, name)?;
                partial.place()?;
                self.written.push(name.to_owned());
            }
        }
        Ok(())
    }

    /// Writes a file durably. An existing file that is neither listed nor accepted by `is_sound` is renamed first.
    /// Returns its new name.
    ///
    /// # Errors
    /// If the file cannot be written, or a link or a folder has its name.
    pub fn save(
        &self,
        name: &str,
        bytes: &[u8],
        is_sound: impl FnOnce(&Path) -> bool,
    ) -> Result<Option<PathBuf>, FolderError> {
        self.make(parent(name))?;
        let path = self.root.join(name);
        let partial = Partial::create(&path)?;
        partial.fill(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))?;
        let digest = Digest::of(bytes);
        let mut list = List::lock(&self.root)?;
        let aside = match is_there(&path)? {
            false => None,
            true => match self.found(name, &list.entries()?, Some(digest))? {
                Found::Other(Why::Link, _) => return Err(FolderError::in_the_way(&path, Obstacle::Link)),
                Found::Other(Why::NoFile, _) => return Err(FolderError::in_the_way(&path, Obstacle::NoFile)),
                Found::Other(..) if !is_sound(&path) => Some(set_aside(&path)?),
                _ => None,
            },
        };
        list.append(digest, name)?;
        partial.place()?;
        drop(list);
        // The name is durable once the folder is synced. Some systems cannot open folders; there, the system decides.
        let folder = path.parent().unwrap_or(&self.root);
        File::open(folder).map_or(Ok(()), |folder| folder.sync_all()).map_err(FolderError::at(folder))?;
        Ok(aside)
    }

    fn keep(&mut self, name: &str, why: Why, digest: Option<Digest>, is_known: bool) {
        self.kept.push(Kept { name: name.to_owned(), why, is_known, digest });
    }
}
