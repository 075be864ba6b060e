//! One process at a time in a results folder.

use chainrule_record::text::shown;
use std::fs::{File, TryLockError};
use std::path::Path;

/// Waits until no other process executes runs in a folder; others wait while the lock is held. It locks the folder itself,
/// so no file remains, and the system releases the lock of a killed process. `None` if a file system has no locks: the store
/// is still safe, but work may be done twice.
pub(super) fn lock(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock) => {
            tracing::warn!("another chainrule process is writing to {}; waiting for it", shown(folder));
            file.lock().ok().map(|()| file)
        }
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "{} cannot be locked", shown(folder));
            None
        }
    }
}
