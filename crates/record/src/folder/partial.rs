//! Files that are being written under temporary names.

use super::place::digest_of;
use super::{FolderError, Obstacle};
use crate::Digest;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The text before the process number in the extension of a temporary file.
const PARTIAL: &str = ".partial-";
/// The maximum number of existing leftovers of one file and process number to skip.
const MAX_ATTEMPTS: u32 = 1000;
/// A file that nobody has locked or changed for this long is a leftover, even if its process number is in use.
const LEFTOVER_AFTER: Duration = Duration::from_secs(3600);

/// A file that is being written. It is removed unless it gets its final name.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    target: PathBuf,
    /// Holds the lock that tells other processes that the file is being written.
    file: File,
    is_placed: bool,
}

impl Partial {
    /// Creates the file beside `target`. It keeps the extension, because the image encoder derives the format from it.
    pub(super) fn create(target: &Path) -> Result<Self, FolderError> {
        for attempt in 1..MAX_ATTEMPTS {
            let path = temporary(target, attempt);
            match File::create_new(&path) {
                Ok(file) => {
                    // If the file system has no locks, the process number and the age must suffice.
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

    /// Lets `write` write the content.
    pub(super) fn fill(&self, write: impl FnOnce(&File) -> io::Result<()>) -> Result<(), FolderError> {
        write(&self.file).map_err(FolderError::at(&self.target))
    }

    pub(super) fn digest(&self) -> Result<Digest, FolderError> {
        digest_of(&self.path)
    }

    /// Gives the file its final name. A link with that name is replaced, never followed.
    pub(super) fn place(mut self) -> Result<(), FolderError> {
        fs::rename(&self.path, &self.target).map_err(FolderError::at(&self.target))?;
        self.is_placed = true;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After the renaming, a file with the temporary name belongs to another writer.
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

/// The final name of a leftover, and the number of the process that wrote it.
fn leftover(name: &str) -> Option<(String, u32)> {
    if let Some((stem, rest)) = name.rsplit_once(PARTIAL) {
        let (process, extension) = rest.split_once('.').map_or((rest, None), |(id, end)| (id, Some(end)));
        let (process, attempt) = process.split_once('-').unwrap_or((process, "1"));
        attempt.parse::<u32>().ok()?;
        let extension = extension.map(|extension| format!(".{extension}")).unwrap_or_default();
        return Some((format!("{stem}{extension}"), process.parse().ok()?));
    }
    // Earlier versions named the temporary files of weights like this.
    let (stem, process) = name.strip_suffix(".tmp")?.rsplit_once('.')?;
    Some((format!("{stem}.safetensors"), process.parse().ok()?))
}

/// Removes partial files that killed processes left in a folder, where possible. A file is removed if `is_ours` is
/// true for its final name, no process has locked it, and its process has ended. Process numbers are reused, so after an
/// hour without a change any process counts as gone.
pub(super) fn remove_leftovers(folder: &Path, is_ours: impl Fn(&str) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some((target, process)) = name.to_str().and_then(leftover) else { continue };
        if is_ours(&target) && is_left(&entry.path(), process) {
            fs::remove_file(entry.path()).unwrap_or_default();
        }
    }
}

/// Whether no process is writing a partial file any more.
fn is_left(path: &Path, process: u32) -> bool {
    let Ok(metadata) = fs::symlink_metadata(path) else { return false };
    let open = || File::options().write(true).open(path);
    let is_unlocked = || open().is_ok_and(|file| file.try_lock().is_ok());
    let age = || metadata.modified().ok()?.elapsed().ok();
    let is_old = || age().is_some_and(|age| age > LEFTOVER_AFTER);
    metadata.is_file() && is_unlocked() && (!is_another(process) || is_old())
}

/// Whether another process may have this number. Without `/proc`, the answer is yes.
fn is_another(process: u32) -> bool {
    let processes = Path::new("/proc");
    let is_gone = processes.join("self").exists() && !processes.join(process.to_string()).exists();
    process != std::process::id() && !is_gone
}

/// Writes a file completely or not at all, without following a link with that name. Removes leftovers of the same
/// file.
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
