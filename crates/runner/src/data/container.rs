//! Recognises a file by its first bytes. Unpacks gzip and zip, and names formats that cannot be read.

use crate::memory;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use zip::ZipArchive;

/// The step in bytes for reading beyond the size that a file declares.
const STEP: u64 = 1 << 24;

/// The maximum compression factor of DEFLATE.
const MAX_RATIO: u64 = 1032;

/// The most files of an archive that an error names.
const MAX_NAMED: usize = 8;

/// First bytes of formats that are not read, with the name of the format.
const UNREADABLE: [(&[u8], &str); 10] = [
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow or Feather file"),
    (b"FEA1", "a Feather file"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"BZh", "compressed by bzip2"),
    (b"\xfd7zXZ", "compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "compressed by Zstandard"),
    (b"7z\xbc\xaf", "a 7z archive"),
];

/// The contents of a file, unpacked if it is compressed by gzip, whatever its name, or is a zip archive. `member` is
/// the file to take from an archive; without it, the archive must have only one.
///
/// # Errors
/// If the file cannot be read or unpacked, or there is not enough memory.
pub(super) fn contents(mut file: File, member: Option<&str>) -> io::Result<Vec<u8>> {
    let mut first = Vec::new();
    (&mut file).take(16).read_to_end(&mut first)?;
    file.seek(SeekFrom::Start(0))?;
    let size = file.metadata()?.len();
    let available = memory::available().map_or(u64::MAX, |available| available.bytes);
    if first.starts_with(b"PK\x03\x04") || member.is_some() {
        return from_archive(file, member, available);
    }
    if first.starts_with(b"\x1f\x8b") {
        let declared = declared_size(&mut file, size)?;
        return read_whole(MultiGzDecoder::new(&file), declared, available);
    }
    match UNREADABLE.iter().find(|(magic, _)| first.starts_with(magic)) {
        Some((_, format)) => Err(unsupported(format!("it is {format}; save it as CSV, plain or as .gz"))),
        None => read_whole(&file, size, available),
    }
}

fn unsupported(problem: String) -> io::Error {
    io::Error::new(ErrorKind::Unsupported, problem)
}

/// The size that a gzip file declares for its contents in its last four bytes. It may be wrong: it covers only the
/// last of several members, and is taken modulo 2³². It is capped at the best ratio that the format can achieve.
fn declared_size(file: &mut File, compressed: u64) -> io::Result<u64> {
    let mut size = [0; 4];
    if compressed > 4 {
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut size)?;
        file.seek(SeekFrom::Start(0))?;
    }
    Ok(u64::from(u32::from_le_bytes(size)).min(compressed.saturating_mul(MAX_RATIO)))
}

fn from_archive(file: File, member: Option<&str>, available: u64) -> io::Result<Vec<u8>> {
    let compressed = file.metadata()?.len();
    let mut archive = ZipArchive::new(file)?;
    let names: Result<Vec<String>, _> = archive.file_names().map(|name| name.map(String::from)).collect();
    let names: Vec<String> = names?.into_iter().filter(|name| is_data(name)).collect();
    if names.iter().any(|name| name == "[Content_Types].xml") {
        return Err(unsupported("it is an Excel workbook; save the sheet as CSV".to_owned()));
    }
    let name = match (member, names.as_slice()) {
        (Some(member), _) if names.iter().any(|name| name == member) => member.to_owned(),
        (None, [only]) => only.clone(),
        (_, []) => return Err(unsupported("the archive has no files".to_owned())),
        (_, several) => {
            let mut shown = several[..several.len().min(MAX_NAMED)].join("`, `");
            if several.len() > MAX_NAMED {
                shown += "`, … and others";
            } else {
                shown += "`";
            }
            let problem = format!(
                "its files are `{shown}; name one of them after the archive, as in path = \"archive.zip/{}\"",
                several.first().map_or("table.csv", String::as_str)
            );
            return Err(io::Error::new(ErrorKind::InvalidInput, problem));
        }
    };
    let packed = archive.by_name(&name)?;
    let declared = packed.size().min(compressed.saturating_mul(MAX_RATIO));
    read_whole(packed, declared, available)
}

/// Whether an entry of an archive is a file that a user put there.
fn is_data(name: &str) -> bool {
    let hidden = name.rsplit('/').next().is_some_and(|last| last.starts_with('.'));
    !(name.ends_with('/') || name.starts_with("__MACOSX/") || hidden)
}

/// Reads to the end. Reserves the expected size, then one step at a time beyond it, but never more than `available`
/// bytes.
fn read_whole(mut file: impl Read, expected: u64, available: u64) -> io::Result<Vec<u8>> {
    let no_room = |wanted: u64| {
        let problem =
            format!("it needs more than {} of memory, which is all that is available", memory::size(wanted));
        io::Error::new(ErrorKind::OutOfMemory, problem)
    };
    let mut bytes = Vec::new();
    let mut wanted = expected;
    loop {
        if wanted > available {
            return Err(no_room(available));
        }
        let more = usize::try_from(wanted).map_err(|_| no_room(available))? - bytes.len();
        // One extra byte detects the end without room for another step.
        bytes.try_reserve_exact(more + 1).map_err(|_| no_room(bytes.len() as u64))?;
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
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn opened(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = zip::ZipWriter::new(io::Cursor::new(&mut bytes));
        for (name, contents) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(contents).unwrap();
        }
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn every_member_of_a_gzip_file_is_read() {
        let both = [gzip(b"a,b\n1,2\n"), gzip(b"3,4\n")].concat();
        assert_eq!(contents(opened(&both), None).unwrap(), b"a,b\n1,2\n3,4\n");
        assert!(contents(opened(&both[..both.len() - 9]), None).is_err(), "a truncated member");
        assert_eq!(contents(opened(b"plain"), None).unwrap(), b"plain");
        assert_eq!(contents(opened(b""), None).unwrap(), b"");
    }

    #[test]
    fn one_file_of_an_archive_is_taken() {
        let refused = |bytes: &[u8], member| contents(opened(bytes), member).unwrap_err().to_string();
        let one = archive(&[("__MACOSX/x.csv", b"no"), ("folder/x.csv", b"a,b"), (".DS_Store", b"no")]);
        assert_eq!(contents(opened(&one), None).unwrap(), b"a,b");
        let two = archive(&[("x.csv", b"a,b"), ("y.csv", b"c,d")]);
        assert_eq!(contents(opened(&two), Some("y.csv")).unwrap(), b"c,d");
        for member in [None, Some("z.csv")] {
            let expected = "its files are `x.csv`, `y.csv`; name one of them after the archive, \
                            as in path = \"archive.zip/x.csv\"";
            assert_eq!(refused(&two, member), expected);
        }
        let workbook = archive(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")]);
        assert!(refused(&workbook, None).contains("Excel"));
        assert!(refused(&archive(&[]), Some("x.csv")).contains("no files"));
        assert!(refused(b"PK\x03\x04 no archive", None).to_lowercase().contains("archive"));
    }

    #[test]
    fn formats_that_are_not_read_are_named() {
        for (magic, format) in UNREADABLE {
            let error = contents(opened(&[magic, b"rest"].concat()), None).unwrap_err().to_string();
            assert!(error.contains(format), "{error}");
        }
    }

    #[test]
    fn everything_is_read_whatever_size_was_declared() {
        let contents: Vec<u8> = (0..100_000u32).map(|i| (i % 251) as u8).collect();
        for declared in [0, 1, 99_999, 100_000, 100_001, 1 << 20] {
            assert_eq!(read_whole(&contents[..], declared, u64::MAX).unwrap(), contents, "{declared}");
        }
        let exact = read_whole(&contents[..], 100_000, u64::MAX).unwrap();
        assert!(exact.capacity() <= 100_001, "{}", exact.capacity());
        assert!(read_whole(&[][..], 0, 0).unwrap().is_empty());
    }

    #[test]
    fn contents_beyond_the_available_memory_are_refused() {
        let refused =
            |declared: u64| read_whole(io::repeat(7), declared, 30_000_000).unwrap_err().to_string();
        // Endless contents whose declared size is too large, or that continue beyond it.
        for declared in [1 << 40, 0, 50_000_000] {
            assert!(refused(declared).contains("more than 30 MB of memory, which is all that is available"));
        }
    }
}
