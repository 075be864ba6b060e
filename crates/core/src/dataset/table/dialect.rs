//! How the cells of a table are separated.

use csv::{ByteRecord, Reader, ReaderBuilder};

/// How the cells of a table are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// The byte between two cells. For blanks it is a space, and runs of blanks separate.
    pub(super) delimiter: u8,
    /// The quotation mark, if there is one.
    pub(super) quote: Option<u8>,
    /// The byte in front of a quotation mark that is part of the text, besides the doubled mark.
    pub(super) escape: Option<u8>,
    /// The byte that begins a comment line.
    pub(super) comment: Option<u8>,
}

/// The delimiters in the order of preference, each with its word. A comma may also be part of numbers.
pub(super) const DELIMITERS: [(u8, &str); 5] =
    [(b'\t', "tab"), (b';', "semicolon"), (b'|', "pipe"), (b',', "comma"), (b' ', "blanks")];

impl Dialect {
    /// The dialect of comma-separated values with double quotation marks.
    pub(super) const PLAIN: Self = Self { delimiter: b',', quote: Some(b'"'), escape: None, comment: None };

    /// The word for the delimiter.
    pub(super) fn delimiter_word(self) -> &'static str {
        DELIMITERS.iter().find(|(byte, _)| *byte == self.delimiter).map_or("comma", |(_, word)| word)
    }

    /// The word for the quotation mark.
    pub(super) fn quote_word(self) -> &'static str {
        match self.quote {
            Some(b'\'') => "single",
            Some(_) => "double",
            None => "none",
        }
    }

    /// A reader of rows of any length.
    pub(super) fn reader(self, text: &[u8]) -> Reader<&[u8]> {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true).delimiter(self.delimiter).comment(self.comment);
        builder.quoting(self.quote.is_some()).quote(self.quote.unwrap_or(b'"')).escape(self.escape);
        builder.buffer_capacity(1 << 16).from_reader(text)
    }

    /// All rows of a text.
    pub(super) fn rows(self, text: &str) -> Vec<ByteRecord> {
        self.reader(text.as_bytes()).into_byte_records().map_while(Result::ok).collect()
    }
}
