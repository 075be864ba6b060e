//! The rows of a table.

use super::dialect::Dialect;
use csv::ByteRecord;
use std::borrow::Cow;

/// The text of a table below its header, and how its cells are separated.
#[derive(Debug)]
pub(super) struct Cells<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) dialect: Dialect,
    /// The bytes before the rows.
    pub(super) start: usize,
    /// The number of rows before the data: 1 for a header.
    pub(super) skipped: usize,
}

/// A row and the byte where it begins.
pub(super) struct Row<'r> {
    pub(super) cells: &'r ByteRecord,
    pub(super) at: u64,
}

impl Cells<'_> {
    /// Passes each row of data to `see` until it fails.
    pub(super) fn each<E>(&self, mut see: impl FnMut(Row<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut reader = self.dialect.reader(&self.text.as_bytes()[self.start..]);
        let mut record = ByteRecord::new();
        let mut skipped = 0;
        // Reading bytes of memory does not fail.
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            if skipped < self.skipped {
                skipped += 1;
                continue;
            }
            let at = self.start as u64 + record.position().map_or(0, csv::Position::byte);
            see(Row { cells: &record, at })?;
        }
        Ok(())
    }

    /// The line, counted from 1, of the row that begins at a byte. Line ends in front of the row belong to others.
    pub(super) fn line(&self, at: u64) -> u64 {
        let text = self.text.as_bytes();
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
        let blank = text[at..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        line_of(text, at + blank)
    }

    /// The error in the quotation marks of the row between two bytes.
    pub(super) fn misquoted(&self, from: u64, to: u64) -> Option<Misquoted> {
        let quote = self.dialect.quote?;
        let text = self.text.as_bytes();
        let end = usize::try_from(to).unwrap_or(usize::MAX).min(text.len());
        let is_border = |byte: Option<&u8>| {
            byte.is_none_or(|byte| *byte == self.dialect.delimiter || matches!(byte, b'\n' | b'\r'))
        };
        let (mut opened, mut is_start) = (None, true);
        let mut at = usize::try_from(from).unwrap_or(usize::MAX);
        while at < end {
            let (byte, next) = (text[at], text.get(at + 1));
            match opened {
                Some(_) if Some(byte) == self.dialect.escape => at += 1,
                Some(_) if byte == quote && next == Some(&quote) => at += 1,
                Some(open) if byte == quote => {
                    if !is_border(next) {
                        return Some(Misquoted::Stray { line: line_of(text, open) });
                    }
                    opened = None;
                }
                None if byte == quote && is_start => opened = Some(at),
                _ => {}
            }
            is_start = is_border(Some(&byte));
            at += 1;
        }
        opened.map(|at| Misquoted::Open { line: line_of(text, at) })
    }
}

/// A quotation mark that is not one of a pair around a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misquoted {
    /// It opens on a line and never closes.
    Open { line: u64 },
    /// The mark that closes it is inside a text.
    Stray { line: u64 },
}

/// The line of a byte, counted from 1. A line ends with `\n`, `\r\n` or `\r`.
fn line_of(text: &[u8], at: usize) -> u64 {
    let ends = |(index, byte): (usize, &u8)| match byte {
        b'\n' => index == 0 || text[index - 1] != b'\r',
        b'\r' => true,
        _ => false,
    };
    1 + text[..at].iter().enumerate().filter(|entry| ends(*entry)).count() as u64
}

/// A text whose cells the reader can take: a run of blanks becomes one space if blanks separate, and blanks between a
/// delimiter and a quotation mark go. Lines stay lines.
pub(super) fn tidy(text: &str, dialect: Dialect) -> Cow<'_, str> {
    let quote = dialect.quote.map(char::from);
    let delimiter = char::from(dialect.delimiter);
    let blanks = dialect.delimiter == b' ';
    if !blanks && quote.is_none_or(|quote| !text.contains(&format!("{delimiter} {quote}"))) {
        return Cow::Borrowed(text);
    }
    let is_blank = |letter: char| letter == ' ' || (letter == '\t' && delimiter != '\t');
    let mut tidy = String::with_capacity(text.len());
    let (mut is_open, mut pending) = (false, 0);
    for letter in text.chars() {
        let is_start = tidy.is_empty() || tidy.ends_with(['\n', '\r', delimiter]);
        if !is_open && is_blank(letter) {
            pending += 1;
            continue;
        }
        let ends = matches!(letter, '\n' | '\r');
        let is_doubled = pending == 0 && quote.is_some_and(|quote| tidy.ends_with(quote));
        let opens = !is_open && Some(letter) == quote && (is_start || is_doubled || (blanks && pending > 0));
        if blanks {
            tidy.extend((pending > 0 && !is_start && !ends).then_some(delimiter));
        } else if !is_start || !opens {
            tidy.extend(std::iter::repeat_n(' ', pending));
        }
        pending = 0;
        is_open = if is_open { Some(letter) != quote } else { opens };
        tidy.push(letter);
    }
    Cow::Owned(tidy)
}
