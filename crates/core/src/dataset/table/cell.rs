//! The content of a cell.

/// A cell without the blanks around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing, or a word for nothing.
    Missing,
    /// A finite number.
    Number(f64),
    /// A word that means nothing among numbers and may be a category among texts, such as `none`.
    Weak(&'a [u8]),
    /// Any other text.
    Text(&'a [u8]),
}

/// The words for a missing cell, in lower case.
const MISSING: &[&[u8]] = &[
    b"na",
    b"n/a",
    b"nan",
    b"?",
    b"null",
    b"<na>",
    b"#n/a",
    b"#na",
    b"-nan",
    b"#n/a n/a",
    b"1.#qnan",
    b"-1.#ind",
];

/// The words that mean a missing cell only among numbers, in lower case.
const WEAK: &[&[u8]] = &[b"-", b"--", b".", b"none", b"missing", b"unknown"];

impl<'a> Cell<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        if let Some(number) = plain(bytes) {
            return Self::Number(number);
        }
        let text = bytes.trim_ascii();
        match number(text) {
            Some(number) => Self::Number(number),
            None if text.is_empty() || is_in(text, MISSING) => Self::Missing,
            None if is_in(text, WEAK) => Self::Weak(text),
            None => Self::Text(text),
        }
    }
}

fn is_in(text: &[u8], words: &[&[u8]]) -> bool {
    text.len() <= 8 && words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A finite number, as programs write it.
pub(super) fn number(text: &[u8]) -> Option<f64> {
    if !matches!(text.first()?, b'0'..=b'9' | b'-' | b'+' | b'.') {
        return None;
    }
    fast_float2::parse(text).ok().filter(|x: &f64| x.is_finite())
}

/// The exact powers of ten below the longest plain number.
const POWERS: [f64; MAX_PLAIN] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The most letters of a plain number.
const MAX_PLAIN: usize = 16;

/// A short number of digits with at most one point, such as `-12.5`. Its digits and its power of ten are exact, so one
/// division rounds it correctly (Clinger, *How to read floating point numbers accurately*, 1990). Most cells are such.
fn plain(text: &[u8]) -> Option<f64> {
    let (is_negative, digits) = text.strip_prefix(b"-").map_or((false, text), |digits| (true, digits));
    if digits.len() > MAX_PLAIN || !digits.first()?.is_ascii_digit() {
        return None;
    }
    let (mut number, mut decimals, mut step) = (0_u64, 0, 0);
    for byte in digits {
        match byte {
            b'0'..=b'9' => (number, decimals) = (10 * number + u64::from(byte - b'0'), decimals + step),
            b'.' if step == 0 => step = 1,
            _ => return None,
        }
    }
    if number >= 1 << 53 {
        return None;
    }
    let size = number as f64 / POWERS[decimals];
    Some(if is_negative { -size } else { size })
}

/// The kinds of text that are not numbers as programs write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// `1,5` or `1.234,5`.
    DecimalComma,
    /// `1,234,567`, `1 234` or `1'234`.
    Thousands,
    /// `12%`.
    Percent,
    /// `$12.50` or `3 €`.
    Currency,
    /// Infinity, or a number beyond the largest.
    Infinite,
    /// No number.
    Text,
}

impl Look {
    /// All disguises of numbers.
    pub(super) const DISGUISES: [Self; 4] =
        [Self::DecimalComma, Self::Thousands, Self::Percent, Self::Currency];

    pub(super) fn of(text: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(text) else { return Self::Text };
        if text.parse::<f64>().is_ok_and(f64::is_infinite) {
            Self::Infinite
        } else if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            Self::Text
        } else if text.ends_with('%') && lenient(text).is_some() {
            Self::Percent
        } else if text.contains(CURRENCIES) && lenient(text).is_some() {
            Self::Currency
        } else if lenient(text).is_some() {
            Self::Thousands
        } else if decimal_comma(text).is_some() {
            Self::DecimalComma
        } else {
            Self::Text
        }
    }

    /// For messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::DecimalComma => "a number with a decimal comma",
            Self::Thousands => "a number with separated thousands",
            Self::Percent => "a percentage",
            Self::Currency => "an amount of money",
            Self::Infinite => "an infinite number",
            Self::Text => "a text",
        }
    }

    /// The word for `columns` that reads such numbers.
    pub(super) fn word(self) -> &'static str {
        if self == Self::DecimalComma { "decimal_comma" } else { "number" }
    }
}

const CURRENCIES: &[char] = &['$', '€', '£', '¥', '₹'];

/// The separators of thousands besides comma and point.
const SPACES: &[char] = &[' ', '\u{a0}', '\u{202f}', '\'', '’'];

/// A number with a percent sign, a sign of currency, or separators between groups of three digits. A percentage keeps
/// its size: `12%` is 12.
pub(super) fn lenient(text: &str) -> Option<f64> {
    grouped(text, ',', '.')
}

/// The same with a decimal comma, and points between the thousands.
pub(super) fn decimal_comma(text: &str) -> Option<f64> {
    grouped(text, '.', ',')
}

fn grouped(text: &str, separator: char, point: char) -> Option<f64> {
    let is_blank = |letter: char| letter.is_whitespace();
    let text = text.trim_matches(is_blank);
    let text = text.strip_suffix('%').unwrap_or(text).trim_matches(is_blank);
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.trim_matches(CURRENCIES).trim_matches(is_blank);
    let (sign, text) = text.strip_prefix('-').map_or((sign, text), |rest| ("-", rest));
    let (whole, fraction) = text.split_once(point).map_or((text, ""), |(whole, rest)| (whole, rest));
    let is_separator = |letter: char| letter == separator || SPACES.contains(&letter);
    let mut groups = whole.split(is_separator);
    let first = groups.next()?;
    let is_grouped = whole.contains(is_separator);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits(first)
        && (!is_grouped || (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3 && digits(group));
    let plain: String = whole.chars().filter(|letter| !is_separator(*letter)).collect();
    (fits && !(plain.is_empty() && fraction.is_empty()))
        .then(|| number(format!("{sign}{plain}.{fraction}").trim_end_matches('.').as_bytes()))?
}

/// The beginning of a possibly very long text.
pub(super) fn short(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbers_missing_or_texts() {
        for text in ["", "  ", "NA", "na", "N/A", "NaN", "nan", "?", "null", "NULL", "<NA>", "#N/A"] {
            assert_eq!(Cell::of(text.as_bytes()), Cell::Missing, "{text:?}");
        }
        for (text, number) in
            [("1", 1.0), (" -2.5 ", -2.5), ("+3", 3.0), (".5", 0.5), ("5.", 5.0), ("1e-3", 1e-3)]
        {
            assert_eq!(Cell::of(text.as_bytes()), Cell::Number(number), "{text:?}");
        }
        for text in ["-", "None", ".", "unknown"] {
            assert!(matches!(Cell::of(text.as_bytes()), Cell::Weak(_)), "{text:?}");
        }
        for text in ["inf", "1e999", "1,5", "0x1F", "1_000", "Nadia", "12%", "1 2", "e5", "+"] {
            assert!(matches!(Cell::of(text.as_bytes()), Cell::Text(_)), "{text:?}");
        }
    }

    #[test]
    fn plain_numbers_are_rounded_correctly() {
        let ends = [
            "0",
            "-0",
            "0.1",
            "-12.5",
            "123456789012345",
            "9007199254740993",
            "0.00000000000001",
            "7.",
            "-3.",
        ];
        for text in ends {
            let Cell::Number(number) = Cell::of(text.as_bytes()) else { panic!("{text}") };
            assert_eq!(number.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        }
        for i in 0..20_000_u64 {
            let text = format!("{}.{}", i * 7919 % 1000, i * 104_729 % 1_000_000_007);
            assert_eq!(plain(text.as_bytes()), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn numbers_in_disguise_are_seen_and_read() {
        let cases = [
            ("1,5", Look::DecimalComma, 1.5),
            ("1.234,56", Look::DecimalComma, 1234.56),
            ("-0,25", Look::DecimalComma, -0.25),
            ("1,234", Look::Thousands, 1234.0),
            ("1,234,567.5", Look::Thousands, 1_234_567.5),
            ("1 234", Look::Thousands, 1234.0),
            ("1'234", Look::Thousands, 1234.0),
            ("12%", Look::Percent, 12.0),
            ("3.5 %", Look::Percent, 3.5),
            ("$1,200.50", Look::Currency, 1200.5),
            ("-$3", Look::Currency, -3.0),
            ("7 €", Look::Currency, 7.0),
        ];
        for (text, look, number) in cases {
            assert_eq!(Look::of(text.as_bytes()), look, "{text}");
            let read = if look == Look::DecimalComma { decimal_comma(text) } else { lenient(text) };
            assert_eq!(read, Some(number), "{text}");
        }
        for text in ["a1", "1,23,4,x", "A/5 21171", "2020-01-01", "12:30", "1-2", "%", "$", "1.2.3"] {
            assert_eq!(Look::of(text.as_bytes()), Look::Text, "{text}");
        }
        assert_eq!(Look::of(b"inf"), Look::Infinite);
        assert_eq!(Look::of(b"1e999"), Look::Infinite);
    }
}
