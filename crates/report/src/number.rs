//! Numbers as text, and lists of numbers.

/// The shortest decimal text that reads back as `value`; with an exponent if it would be long.
pub(crate) fn exact(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || !value.is_finite() || (1e-5..1e16).contains(&size) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// `value` rounded to `digits` significant digits, for display.
pub(crate) fn rounded(value: f64, digits: usize) -> String {
    let digits = digits.max(1);
    let scientific = format!("{value:.*e}", digits - 1);
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return value.to_string() };
    let Ok(exponent) = exponent.parse::<i32>() else { return value.to_string() };
    if !(-4..6).contains(&exponent) {
        return format!("{}e{exponent}", without_trailing_zeros(mantissa));
    }
    let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
    // Round once, in the scientific text: a second rounding of `value` could disagree with it.
    let value: f64 = scientific.parse().unwrap_or(value);
    without_trailing_zeros(&format!("{value:.decimals$}")).to_owned()
}

/// A statistic for display; `missing` if there is none.
pub(crate) fn rounded_or(value: Option<f64>, digits: usize, missing: &str) -> String {
    value.map_or_else(|| missing.to_owned(), |value| rounded(value, digits))
}

fn without_trailing_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// The distinct numbers, ascending.
pub(crate) fn distinct(numbers: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    numbers
}

/// `1 run`, `2 runs`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Names in a sentence: the first eight, and the number of the others.
pub(crate) fn list(names: &[String]) -> String {
    const NAMED: usize = 8;
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_text_reads_back_and_stays_short() {
        for (value, text) in [
            (0.1, "0.1"),
            (1.0, "1"),
            (0.0, "0"),
            (1e-7, "1e-7"),
            (1.5e300, "1.5e300"),
            (-2.5e-6, "-2.5e-6"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(exact(value), text);
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits());
        }
    }

    #[test]
    fn rounding_keeps_significant_digits() {
        for (value, text) in [
            (0.062_345, "0.0623"),
            (1234.5, "1234"),
            (0.999_96, "1"),
            (9.996, "10"),
            (0.000_012_34, "1.23e-5"),
            (12_345_678.0, "1.23e7"),
            (0.0, "0"),
            (-0.5, "-0.5"),
            (100.0, "100"),
        ] {
            assert_eq!(rounded(value, if value > 1000.0 && value < 1e5 { 4 } else { 3 }), text, "{value}");
        }
    }

    #[test]
    fn missing_statistics_are_named() {
        assert_eq!(rounded_or(None, 3, "diverged"), "diverged");
        assert_eq!(rounded_or(Some(0.5), 3, "diverged"), "0.5");
        assert_eq!((count(1, "run"), count(0, "run")), ("1 run".to_owned(), "0 runs".to_owned()));
    }
}
