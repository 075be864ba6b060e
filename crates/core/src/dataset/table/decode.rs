//! From bytes to text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// The text of a file.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    /// The name of its encoding.
    pub(super) encoding: &'static str,
    /// Whether the encoding is only a guess.
    pub(super) is_guess: bool,
}

/// Decodes a file. With `"auto"`, a byte-order mark decides; then bytes that are valid UTF-8 are UTF-8, and all others
/// windows-1252, which includes latin-1.
pub(super) fn decode<'a>(bytes: &'a [u8], label: &str) -> Result<Decoded<'a>, String> {
    if let Some(format) = binary(bytes) {
        return Err(format!("it is {format}, and a table is text: save it as CSV"));
    }
    let known = (label != "auto").then(|| named(label)).transpose()?;
    let marked = Encoding::for_bom(bytes);
    let (encoding, is_guess) = match (known, marked) {
        (Some(encoding), _) | (None, Some((encoding, _))) => (encoding, false),
        (None, None) => guess(bytes),
    };
    let bytes = marked.filter(|(mark, _)| *mark == encoding).map_or(bytes, |(_, length)| &bytes[length..]);
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        let name = name(encoding);
        return Err(format!("it has bytes that are not {name}: set `encoding`, for instance to \"latin-1\""));
    }
    if text.contains('\0') {
        return Err("it has bytes of value 0, and a table is text; is it a binary file?".to_owned());
    }
    Ok(Decoded { text, encoding: name(encoding), is_guess })
}

fn guess(bytes: &[u8]) -> (&'static Encoding, bool) {
    // ASCII as UTF-16 without a mark has a zero in each pair of bytes.
    let start = &bytes[..bytes.len().min(256)];
    let zeros = |at: usize| start.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    if std::str::from_utf8(bytes).is_ok() && !start.contains(&0) {
        (UTF_8, false)
    } else if 4 * zeros(1) > start.len() {
        (UTF_16LE, false)
    } else if 4 * zeros(0) > start.len() {
        (UTF_16BE, false)
    } else {
        (WINDOWS_1252, true)
    }
}

fn named(label: &str) -> Result<&'static Encoding, String> {
    let unknown = || {
        format!(
            "unknown `encoding` \"{label}\"; use \"utf-8\", \"utf-16\", \"latin-1\" or another name of the web's encodings"
        )
    };
    // The standard has this name only with a hyphen less.
    let label = if label.eq_ignore_ascii_case("latin-1") { "latin1" } else { label };
    Encoding::for_label(label.as_bytes()).ok_or_else(unknown)
}

fn name(encoding: &'static Encoding) -> &'static str {
    if encoding == WINDOWS_1252 { "latin-1 (windows-1252)" } else { encoding.name() }
}

/// The name of a binary format that is often taken for a table.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    let formats: [(&[u8], &str); 4] = [
        (b"PK\x03\x04", "a zip archive or an Excel workbook"),
        (b"PAR1", "a Parquet file"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"\x1f\x8b", "compressed with gzip"),
    ];
    formats.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], label: &str) -> (String, &'static str, bool) {
        let Decoded { text, encoding, is_guess } = decode(bytes, label).unwrap();
        (text.into_owned(), encoding, is_guess)
    }

    #[test]
    fn marks_and_bytes_show_the_encoding() {
        let little: Vec<u8> = "\u{feff}a,é".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}a,é".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let bare: Vec<u8> = "a,é\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text("\u{feff}a,é".as_bytes(), "auto"), ("a,é".to_owned(), "UTF-8", false));
        assert_eq!(text(&little, "auto"), ("a,é".to_owned(), "UTF-16LE", false));
        assert_eq!(text(&big, "auto"), ("a,é".to_owned(), "UTF-16BE", false));
        assert_eq!(text(&bare, "auto").1, "UTF-16LE");
        assert_eq!(text(b"a,\xe9", "auto"), ("a,é".to_owned(), "latin-1 (windows-1252)", true));
        assert!(!text(b"a,\xe9", "latin-1").2);
        assert_eq!(text(b"\xcf\xf0", "windows-1251").0, "Пр");
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(decode(b"PK\x03\x04", "auto").unwrap_err().contains("Excel"));
        assert!(decode(b"a,\xe9", "utf-8").unwrap_err().contains("not UTF-8"));
        assert!(decode(b"a,b", "utf9").unwrap_err().contains("unknown `encoding`"));
        assert!(decode(b"a,b\0", "utf-8").unwrap_err().contains("value 0"));
    }
}
