//! The list of the files that the program wrote.
//!
//! Lines have the format of `b3sum`: 64 hexadecimal digits, two spaces, the path relative to the folder. A path that
//! begins with `./` belongs to a file with one of our names that is not proven to be ours. It is listed so that the
//! user sees it reported only once.

use super::partial::Partial;
use super::{FolderError, Obstacle};
use crate::Digest;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

/// The name of the list in the folder. `b3sum --check` reads it.
pub const LIST: &str = "chainrule.b3";

/// The prefix of the path of a file that was reported to the user.
const NAMED: &str = "./";

/// The content of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Entries {
    /// The known contents of each of our files.
    pub(super) ours: BTreeMap<String, Vec<Digest>>,
    /// The contents of files that were reported to the user.
    pub(super) named: BTreeMap<String, Digest>,
    /// Number of lines that could not be read.
    pub(super) unreadable: usize,
}

impl Entries {
    /// Whether a file with this content was reported to the user.
    pub(super) fn names(&self, name: &str, digest: Option<Digest>) -> bool {
        digest.is_some() && self.named.get(name).copied() == digest
    }

    fn read(bytes: &[u8]) -> Self {
        let mut entries = Self::default();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match std::str::from_utf8(line).ok().and_then(parse) {
                Some((digest, name)) => entries.add(digest, name),
                None => entries.unreadable += 1,
            }
        }
        entries
    }

    fn add(&mut self, digest: Digest, name: &str) {
        match name.strip_prefix(NAMED) {
            Some(name) => drop(self.named.insert(name.to_owned(), digest)),
            None => {
                let digests = self.ours.entry(name.to_owned()).or_default();
                if !digests.contains(&digest) {
                    digests.push(digest);
                }
            }
        }
    }

    fn text(&self) -> String {
        let ours =
            self.ours.iter().flat_map(|(name, digests)| digests.iter().map(move |d| line(*d, "", name)));
        ours.chain(self.named.iter().map(|(name, digest)| line(*digest, NAMED, name))).collect()
    }
}

fn line(digest: Digest, prefix: &str, name: &str) -> String {
    format!("{digest}  {prefix}{name}\n")
}

/// Parses a digest and a path that stays within the folder.
fn parse(line: &str) -> Option<(Digest, &str)> {
    let (digest, name) = line.split_once("  ")?;
    let path = name.strip_prefix(NAMED).unwrap_or(name);
    let is_plain =
        |part: &str| matches!(Path::new(part).components().collect::<Vec<_>>()[..], [Component::Normal(_)]);
    path.split('/').all(|part| is_plain(part) && !part.contains(['\\', '\r'])).then_some(())?;
    Some((Digest::from_hex(digest)?, name))
}

/// The list of a folder, locked while this value lives. No other process can change the list or rename our files.
#[derive(Debug)]
pub(super) struct List {
    file: File,
    path: PathBuf,
}

impl List {
    pub(super) fn lock(folder: &Path) -> Result<Self, FolderError> {
        let path = folder.join(LIST);
        loop {
            let list = Self::open(&path)?;
            // If the file system has no locks, two reports at the same time may forget some of their files.
            drop(list.file.lock());
            if !list.is_present() {
                // Another process has replaced this list with a new one.
                continue;
            }
            if has_other_names(&list.file) {
                // A copy of the folder made with hard links keeps its own list.
                let mut list = list;
                let entries = list.entries()?;
                list.replace(&entries)?;
                continue;
            }
            return Ok(list);
        }
    }

    fn open(path: &Path) -> Result<Self, FolderError> {
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_symlink() => {
                return Err(FolderError::in_the_way(path, Obstacle::Link));
            }
            Ok(metadata) if !metadata.is_file() => {
                return Err(FolderError::in_the_way(path, Obstacle::NoFile));
            }
            _ => {}
        }
        let file = File::options().read(true).append(true).create(true).open(path);
        Ok(Self { file: file.map_err(FolderError::at(path))?, path: path.to_owned() })
    }

    /// Whether the open file still has the list's name.
    fn is_present(&self) -> bool {
        let open = self.file.try_clone().and_then(same_file::Handle::from_file);
        matches!((open, same_file::Handle::from_path(&self.path)), (Ok(open), Ok(named)) if open == named)
    }

    pub(super) fn entries(&mut self) -> Result<Entries, FolderError> {
        let mut bytes = Vec::new();
        let read = self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.read_to_end(&mut bytes));
        read.map_err(FolderError::at(&self.path))?;
        Ok(Entries::read(&bytes))
    }

    /// Adds a line.
    pub(super) fn append(&mut self, digest: Digest, name: &str) -> Result<(), FolderError> {
        let line = line(digest, "", name);
        // A line cut short by a full disk or a kill must not spoil the next one.
        let write = |file: &mut File| -> io::Result<()> {
            let divider = if ends_with_line(file)? { "" } else { "\n" };
            file.write_all(format!("{divider}{line}").as_bytes())
        };
        write(&mut self.file).map_err(FolderError::at(&self.path))
    }

    /// Rewrites the list.
    pub(super) fn replace(self, entries: &Entries) -> Result<(), FolderError> {
        let partial = Partial::create(&self.path)?;
        partial.fill(|mut file| file.write_all(entries.text().as_bytes()))?;
        partial.place()
    }
}

fn ends_with_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Whether the file has another name, a hard link: text appended to it would appear there too.
#[cfg(unix)]
fn has_other_names(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|metadata| metadata.nlink() > 1)
}

#[cfg(not(unix))]
fn has_other_names(_file: &File) -> bool {
    false
}
