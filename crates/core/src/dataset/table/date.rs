//! Cells that are dates.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

/// The known ways to write a date, without a time of day. If several fit every cell of a column, the first is taken:
/// `1/2/2013` is then the second of January.
const FORMATS: [&str; 14] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%d-%b-%y",
];

/// The ways to write a time of day after a date.
const TIMES: [&str; 6] = [" %H:%M", " %H:%M:%S", " %H:%M:%S%.f", "T%H:%M", "T%H:%M:%S", "T%H:%M:%S%.f"];

/// The formats that fit every date seen so far.
#[derive(Debug, Clone)]
pub(super) struct Formats {
    fit: Vec<&'static str>,
    /// Whether there was a date.
    any: bool,
}

impl Default for Formats {
    fn default() -> Self {
        Self { fit: FORMATS.to_vec(), any: false }
    }
}

impl Formats {
    /// Keeps the formats that fit a cell.
    pub(super) fn see(&mut self, text: &[u8]) {
        if self.fit.is_empty() {
            return;
        }
        let text = std::str::from_utf8(text).unwrap_or_default();
        self.fit.retain(|format| date(text, format).is_some());
        self.any = true;
    }

    /// The format of a column of dates.
    pub(super) fn format(&self) -> Option<&'static str> {
        self.fit.first().copied().filter(|_| self.any)
    }
}

/// The date of a cell, with or without a time of day.
pub(super) fn date(text: &str, format: &str) -> Option<NaiveDate> {
    let is_possible = (6..=40).contains(&text.len()) && text.bytes().any(|byte| byte.is_ascii_digit());
    // Years have four digits, or two if the format says so; the library takes more and fewer.
    let has_year = |date: &NaiveDate| !format.contains("%Y") || (1000..=9999).contains(&date.year());
    let plain = || NaiveDate::parse_from_str(text, format).ok();
    is_possible.then(|| plain().or_else(|| with_time(text, format)))?.filter(has_year)
}

fn with_time(text: &str, format: &str) -> Option<NaiveDate> {
    if !text.contains(':') {
        return None;
    }
    let text = text.trim_end_matches('Z').trim_end_matches("+00:00");
    let read = |time: &&str| NaiveDateTime::parse_from_str(text, &format!("{format}{time}")).ok();
    TIMES.iter().find_map(read).map(|moment| moment.date())
}

/// The names of a date's parts, as endings of the column's name.
pub(super) const PARTS: [&str; 3] = ["year", "day of year", "weekday"];

/// Year, day of the year from 1, weekday from 1 for Monday.
pub(super) fn parts(date: NaiveDate) -> [f64; 3] {
    [f64::from(date.year()), f64::from(date.ordinal()), f64::from(date.weekday().number_from_monday())]
}

/// A format for people: `%d/%m/%Y` is `day/month/year`.
pub(super) fn shown(format: &str) -> String {
    let words = [("%Y", "year"), ("%y", "year"), ("%m", "month"), ("%b", "month"), ("%d", "day")];
    words.iter().fold(format.to_owned(), |text, (code, word)| text.replace(code, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(cells: &[&str]) -> Option<&'static str> {
        let mut formats = Formats::default();
        cells.iter().for_each(|cell| formats.see(cell.as_bytes()));
        formats.format()
    }

    #[test]
    fn a_format_fits_every_cell_of_its_column() {
        assert_eq!(format(&["2022-01-01", "2022-12-31"]), Some("%Y-%m-%d"));
        assert_eq!(format(&["2022-01-01 10:30", "2022-12-31 00:00:01"]), Some("%Y-%m-%d"));
        assert_eq!(format(&["2022-01-01T10:30:00Z"]), Some("%Y-%m-%d"));
        assert_eq!(format(&["1/2/2013", "3/4/2013"]), Some("%m/%d/%Y"));
        assert_eq!(format(&["1/2/2013", "13/4/2013"]), Some("%d/%m/%Y"));
        assert_eq!(format(&["31.12.1999"]), Some("%d.%m.%Y"));
        assert_eq!(format(&["01-Jan-1999"]), Some("%d-%b-%Y"));
        for none in [&["2022-13-01"][..], &["2022-01-01", "later"], &["A-1-2"], &["1-2"], &["12:30"], &[]] {
            assert_eq!(format(none), None, "{none:?}");
        }
    }

    #[test]
    fn a_date_becomes_three_numbers() {
        // 2024-03-01 was a Friday, and 2024 has a 29 February.
        assert_eq!(parts(date("2024-03-01", "%Y-%m-%d").unwrap()), [2024.0, 61.0, 5.0]);
        assert_eq!(shown("%d/%m/%Y"), "day/month/year");
    }
}
