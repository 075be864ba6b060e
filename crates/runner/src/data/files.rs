//! Files of data sets.

use super::LoadError;
use crate::file;
use chainrule_core::dataset::Dataset;
use chainrule_record::text::shown;
use flate2::read::GzDecoder;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// No file of a data set is larger: a compressed file that grows beyond is not read on.
const LARGEST: u64 = 1 << 32;

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
        let looked = format!("the data folder `{}`", shown(folder));
        let (dataset, path) = (dataset.name(), file.path.clone());
        Err(LoadError::Missing { dataset, path, looked, origin: file.source })
    };
    dataset.kernel().files().iter().map(read).collect()
}

fn read_if_there(path: &Path, is_compressed: bool) -> Result<Option<Vec<u8>>, LoadError> {
    let unreadable =
        |error: std::io::Error| LoadError::Unreadable { path: path.to_owned(), problem: error.to_string() };
    let file = match file::open(path) {
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
