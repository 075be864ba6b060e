//! Files that are being written, under names of their own.

use super::place::digest_of;
use super::{FolderError, Obstacle};
use crate::Digest;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What precedes the process in the extension of a file that is being written.
const PARTIAL: &str = ".partial-";
/// So many leftovers of one file, of processes with one number, are stepped over.
const MAX_ATTEMPTS: u32 = 1000;
/// A file that nobody has locked or changed for so long is not being written, whatever process has its number now.
const LEFTOVER_AFTER: Duration = Duration::from_secs(3600);

/// A file that is being written. It is removed unless it is given its name.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    target: PathBuf,
    /// Holds the lock that tells other processes that the file is being written.
    file: File,
    is_placed: bool,
}

impl Partial {
    /// Creates the file beside `target`. It keeps the extension, from which the image encoder takes the format.
    pub(super) fn create(target: &Path) -> Result<Self, FolderError> {
        for attempt in 1..MAX_ATTEMPTS {
            let path = temporary(target, attempt);
            match File::create_new(&path) {
                Ok(file) => {
                    // Where a file system has no locks, the process number and the age have to do.
                    drop(file.try_lock());
                    return Ok(Self { path, target: target.to_owned(), file, is_placed: false });
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(FolderError::at(target)(error)),
            }
        }
        Err(FolderError::at(target)(io::Error::from(ErrorKind::AlreadyExists)))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Has `write` write the content.
    pub(super) fn fill(&self, write: impl FnOnce(&File) -> io::Result<()>) -> Result<(), FolderError> {
        write(&self.file).map_err(FolderError::at(&self.target))
    }

    pub(super) fn digest(&self) -> Result<Digest, FolderError> {
        digest_of(&self.path)
    }

    /// Gives the file its name. A link of that name is replaced, never followed.
    pub(super) fn place(mut self) -> Result<(), FolderError> {
        fs::rename(&self.path, &self.target).map_err(FolderError::at(&self.target))?;
        self.is_placed = true;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Once it has its name, a file of the temporary one is another writer's.
        if !self.is_placed {
            fs::remove_file(&self.path).unwrap_or_default();
        }
    }
}

/// `NAME.partial-PROCESS.EXTENSION`, or `NAME.partial-PROCESS-2.EXTENSION`.
fn temporary(target: &Path, attempt: u32) -> PathBuf {
    let process = std::process::id();
    let again = if attempt > 1 { format!("-{attempt}") } else { String::new() };
    let name = target.with_extension("");
    let mut name = name.file_name().unwrap_or_default().to_owned();
    name.push(format!("{PARTIAL}{process}{again}"));
    if let Some(extension) = target.extension() {
        name.push(".");
        name.push(extension);
    }
    target.with_file_name(name)
}

/// The name that a leftover was to get, and the process that wrote it.
fn leftover(name: &str) -> Option<(String, u32)> {
    if let Some((stem, rest)) = name.rsplit_once(PARTIAL) {
        let (process, extension) = rest.split_once('.').map_or((rest, None), |(id, end)| (id, Some(end)));
        let (process, attempt) = process.split_once('-').unwrap_or((process, "1"));
        attempt.parse::<u32>().ok()?;
        let extension = extension.map(|extension| format!(".{extension}")).unwrap_or_default();
        return Some((format!("{stem}{extension}"), process.parse().ok()?));
    }
    // Earlier versions wrote weights so.
    let (stem, process) = name.strip_suffix(".tmp")?.rsplit_once('.')?;
    Some((format!("{stem}.safetensors"), process.parse().ok()?))
}

/// Removes the partial files that killed processes have left in a folder, as far as that is possible: those of files of
/// which `is_ours` is true, that no process has locked, and whose process is gone. Process numbers are used again, so that
/// after an hour without a change any process counts as gone.
pub(super) fn remove_leftovers(folder: &Path, is_ours: impl Fn(&str) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some((target, process)) = name.to_str().and_then(leftover) else { continue };
        if is_ours(&target) && is_left(&entry.path(), process) {
            fs::remove_file(entry.path()).unwrap_or_default();
        }
    }
}

/// Whether nobody writes a partial file any more.
fn is_left(path: &Path, process: u32) -> bool {
    let Ok(metadata) = fs::symlink_metadata(path) else { return false };
    let open = || File::options().write(true).open(path);
    let is_unlocked = || open().is_ok_and(|file| file.try_lock().is_ok());
    let age = || metadata.modified().ok()?.elapsed().ok();
    let is_old = || age().is_some_and(|age| age > LEFTOVER_AFTER);
    metadata.is_file() && is_unlocked() && (!is_another(process) || is_old())
}

/// Whether another process may have this number; where there is no `/proc` to say so, it may.
fn is_another(process: u32) -> bool {
    let processes = Path::new("/proc");
    let is_gone = processes.join("self").exists() && !processes.join(process.to_string()).exists();
    process != std::process::id() && !is_gone
}

/// Writes a file whole or not at all, without following a link of that name. Leftovers of the same file are removed.
///
/// # Errors
/// If it cannot be written, or a link or a folder has its name.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), FolderError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => return Err(FolderError::in_the_way(path, Obstacle::Link)),
        Ok(metadata) if !metadata.is_file() => return Err(FolderError::in_the_way(path, Obstacle::NoFile)),
        _ => {}
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    remove_leftovers(folder, |name| path.file_name().is_some_and(|own| own == name));
    let partial = Partial::create(path)?;
    partial.fill(|mut file| file.write_all(content))?;
    partial.place()
}
