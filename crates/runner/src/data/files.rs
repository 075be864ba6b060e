//! Files of data sets.

use super::LoadError;
use chainrule_core::dataset::Dataset;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// No file of a data set is larger: a compressed file that grows beyond is not read on.
const LARGEST: u64 = 1 << 32;

/// The paths that a data set's files may have: each with `.gz`, and as it is named.
pub(super) fn paths(dataset: &Dataset, folder: &Path) -> Vec<PathBuf> {
    let files = dataset.kernel().files().into_iter();
    files.flat_map(|file| [folder.join(format!("{}.gz", file.path)), folder.join(file.path)]).collect()
}

/// The contents of a data set's files, in the order that it names them.
pub(super) fn read_all(dataset: &Dataset, folder: &Path) -> Result<Vec<Vec<u8>>, LoadError> {
    let read = |file: &chainrule_core::dataset::DataFile| {
        let compressed = folder.join(format!("{}.gz", file.path));
        let found = [(compressed, true), (folder.join(&file.path), file.path.ends_with(".gz"))];
        for (path, is_compressed) in found {
            if let Some(bytes) = read_if_there(&path, is_compressed)? {
                return Ok(bytes);
            }
        }
        let looked = format!("the data folder `{}`", folder.display());
        let (dataset, path) = (dataset.name(), file.path.clone());
        Err(LoadError::Missing { dataset, path, looked, origin: file.source })
    };
    dataset.kernel().files().iter().map(read).collect()
}

fn read_if_there(path: &PathBuf, is_compressed: bool) -> Result<Option<Vec<u8>>, LoadError> {
    let unreadable =
        |error: std::io::Error| LoadError::Unreadable { path: path.clone(), problem: error.to_string() };
    // A pipe would be waited for, and a device may have no end: saved weights name files too, and may come from anywhere.
    let open = || match std::fs::metadata(path)? {
        entry if entry.is_file() || entry.is_dir() => File::open(path),
        _ => Err(std::io::Error::other("it is no file")),
    };
    let file = match open() {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut bytes = Vec::new();
    let read = if is_compressed {
        GzDecoder::new(file).take(LARGEST).read_to_end(&mut bytes)
    } else {
        file.take(LARGEST).read_to_end(&mut bytes)
    };
    read.map_err(unreadable)?;
    Ok(Some(bytes))
}
