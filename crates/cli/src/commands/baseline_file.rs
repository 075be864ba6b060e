//! The file of a baseline.

use anyhow::anyhow;
use chainrule_record::folder::write_whole;
use chainrule_record::text::shown;
use chainrule_report::baseline::Baseline;
use chainrule_runner::file;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes: a row has a few hundred.
const MAX_FILE_SIZE: u64 = 1 << 30;

/// The file of an experiment in a folder of baselines.
pub(super) fn path(folder: &Path, name: &OsStr) -> PathBuf {
    let mut file = name.to_owned();
    file.push(".csv");
    folder.join(file)
}

/// Reads a baseline; `None` if there is none.
///
/// # Errors
/// If the file cannot be read, or is not a baseline. The message has the line.
pub(super) fn read(path: &Path) -> anyhow::Result<Option<Baseline>> {
    let text = match file::read(path, MAX_FILE_SIZE) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| anyhow!("{}: not UTF-8 text", shown(path)))?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(anyhow!("cannot read {}: {error}", shown(path))),
    };
    match Baseline::parse(&text) {
        Ok(baseline) => Ok(Some(baseline)),
        Err(error) => Err(anyhow!("{}:{}: {}", shown(path), error.line, shown(&error.problem))),
    }
}

/// Whether a baseline may be written to a path: to a new file, or over an earlier baseline, even a damaged one.
///
/// # Errors
/// If another file is there, or a link or a folder.
pub(super) fn check(path: &Path) -> anyhow::Result<()> {
    let help = "move it away, or name another folder with --baselines DIR";
    let what = match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => "is a symbolic link, and nothing is written through a link",
        Ok(metadata) if !metadata.is_file() => "is not a file",
        Ok(_)
            if std::fs::read(path)
                .is_ok_and(|content| !content.is_empty() && !Baseline::begins(&content)) =>
        {
            "exists already and is not a baseline"
        }
        _ => return Ok(()),
    };
    Err(anyhow!("{} {what}\n{help}", shown(path)))
}

/// Writes a baseline completely or not at all, and creates its folder if needed.
pub(super) fn write(path: &Path, baseline: &Baseline) -> anyhow::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("")))
        .map_err(|error| anyhow!("cannot write {}: {error}", shown(path)))?;
    Ok(write_whole(path, baseline.to_text().as_bytes())?)
}
