//! Files of data sets.

use super::LoadError;
use crate::file;
use crate::memory;
use chainrule_core::dataset::Dataset;
use chainrule_record::text::shown;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The maximum size of a data set's file in bytes. Decompression stops beyond it.
const LARGEST: u64 = 1 << 32;

/// The step in bytes for reading beyond the size that a file declares.
const STEP: u64 = 1 << 24;

/// The maximum compression factor of DEFLATE.
const BEST_RATIO: u64 = 1032;

/// The possible paths of a data set's files: each with `.gz`, and under its plain name.
pub(super) fn paths(dataset: &Dataset, folder: &Path) -> Vec<PathBuf> {
    let files = dataset.kernel().files().into_iter();
    files.flat_map(|file| [folder.join(format!("{}.gz", file.path)), folder.join(file.path)]).collect()
}

/// The contents of a data set's files, in the order of their names in the data set.
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
        |error: io::Error| LoadError::Unreadable { path: path.to_owned(), problem: error.to_string() };
    let file = match file::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let read = || {
        let available = memory::available().map_or(u64::MAX, |available| available.bytes);
        let expected = if is_compressed { decompressed_size(&file)? } else { file.metadata()?.len() };
        if is_compressed {
            read_whole(GzDecoder::new(&file), expected, available)
        } else {
            read_whole(&file, expected, available)
        }
    };
    read().map(Some).map_err(unreadable)
}

/// The size that a gzip file declares for its contents in its last four bytes. It may be wrong: it covers only the
/// last of several members, and is taken modulo 2³². It is capped at the best ratio that the format can achieve.
fn decompressed_size(mut file: &File) -> io::Result<u64> {
    let mut size = [0; 4];
    let compressed = file.metadata()?.len();
    if compressed > 4 {
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut size)?;
        file.seek(SeekFrom::Start(0))?;
    }
    Ok(u64::from(u32::from_le_bytes(size)).min(compressed.saturating_mul(BEST_RATIO)))
}

/// Reads to the end. Reserves the expected size, then one step at a time beyond it, but never more than `available`
/// bytes.
fn read_whole(mut file: impl Read, expected: u64, available: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut wanted = expected;
    loop {
        let most = LARGEST.min(available);
        if wanted > most {
            let problem = format!(
                "it needs more than {} of memory, {}",
                memory::size(most),
                if most < LARGEST { "which is all that is available" } else { "the maximum for a file" }
            );
            return Err(io::Error::new(ErrorKind::OutOfMemory, problem));
        }
        let more = wanted as usize - bytes.len();
        // One extra byte detects the end without room for another step.
        bytes.try_reserve_exact(more + 1).map_err(|_| {
            let problem = format!("it needs {} of memory, which is not available", memory::size(wanted));
            io::Error::new(ErrorKind::OutOfMemory, problem)
        })?;
        let read = (&mut file).take(more as u64 + 1).read_to_end(&mut bytes)?;
        if read <= more {
            return Ok(bytes);
        }
        wanted = bytes.len() as u64 + STEP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_read_whatever_size_was_told() {
        let contents: Vec<u8> = (0..100_000u32).map(|i| (i % 251) as u8).collect();
        for told in [0, 1, 99_999, 100_000, 100_001, 1 << 20] {
            assert_eq!(read_whole(&contents[..], told, u64::MAX).unwrap(), contents, "{told}");
        }
        let exact = read_whole(&contents[..], 100_000, u64::MAX).unwrap();
        assert!(exact.capacity() <= 100_001, "{}", exact.capacity());
        assert!(read_whole(&[][..], 0, 0).unwrap().is_empty());
    }

    #[test]
    fn more_than_there_is_memory_for_is_refused() {
        let refused =
            |told: u64, available: u64| read_whole(io::repeat(7), told, available).unwrap_err().to_string();
        // Endless contents whose declared size is too large, or that continue beyond it.
        assert!(refused(1 << 40, u64::MAX).contains("the maximum for a file"));
        assert!(refused(0, 30_000_000).contains("30 MB of memory, which is all that is available"));
        assert!(refused(50_000_000, 30_000_000).contains("more than 30 MB"));
    }
}
