//! The file of a baseline.

use anyhow::anyhow;
use chainrule_report::baseline::Baseline;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The file of an experiment in a folder of baselines.
pub(super) fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.csv"))
}

/// Reads a baseline; `None` where there is none.
///
/// # Errors
/// If the file cannot be read, or is no baseline: with the line.
pub(super) fn read(path: &Path) -> anyhow::Result<Option<Baseline>> {
    let text = match std::fs::read(path) {
        Ok(bytes) => {
            String::from_utf8(bytes).map_err(|_| anyhow!("{}: this is no text in UTF-8", path.display()))?
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(anyhow!("cannot read {}: {error}", path.display())),
    };
    match Baseline::parse(&text) {
        Ok(baseline) => Ok(Some(baseline)),
        Err(error) => Err(anyhow!("{}:{}: {}", path.display(), error.line, error.problem)),
    }
}

/// Writes a baseline, whole or not at all.
pub(super) fn write(path: &Path, baseline: &Baseline) -> anyhow::Result<()> {
    let temporary = path.with_extension("csv.partial");
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        std::fs::File::create(&temporary)?.write_all(baseline.to_text().as_bytes())?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|error| anyhow!("cannot write {}: {error}", path.display()))
}
