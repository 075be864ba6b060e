//! One process at a time in a results folder.

use chainrule_record::text::shown;
use std::fs::{File, TryLockError};
use std::path::Path;

/// Waits until no other process carries out runs in a folder, and keeps others waiting for as long as the lock is held. The
/// folder itself is locked: no file is left behind, and the system releases the lock of a process that is killed. `None` where
/// a file system has no locks: the store is safe all the same, only work may be done twice.
pub(super) fn lock(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock) => {
            tracing::warn!("another chainrule is writing to {}; waiting until it has ended", shown(folder));
            file.lock().ok().map(|()| file)
        }
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "{} cannot be locked", shown(folder));
            None
        }
    }
}
