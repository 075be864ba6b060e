//! The ticks on an axis.

use crate::number::rounded;

/// A tick on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    /// The number that it marks.
    pub(crate) value: f64,
    /// Its position on the axis, from 0 to 1.
    pub(crate) position: f64,
    /// Its label; empty for a tick between labelled ones.
    pub(crate) label: String,
}

/// Multiples of 1, 2 or 5 times a power of ten.
pub(super) fn linear(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let Some(step) = step(low, high, most) else { return Vec::new() };
    // A label has as many digits as needed to tell neighbours apart.
    let digits = digits(low, high, step);
    multiples(low, high, step).map(|value| (value, rounded(value, digits))).collect()
}

/// The same for counts: whole numbers only, with letters for thousands, millions, … if an axis reaches
/// [`LETTERS_FROM`].
pub(super) fn counting(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let Some(step) = step(low, high, most).map(|step| step.max(1.0)) else { return Vec::new() };
    let digits = digits(low, high, step);
    let label = |value: f64| match value.abs() {
        _ if high < LETTERS_FROM => rounded(value, digits),
        1e12.. => format!("{}T", rounded(value / 1e12, digits)),
        1e9.. => format!("{}G", rounded(value / 1e9, digits)),
        1e6.. => format!("{}M", rounded(value / 1e6, digits)),
        1e3.. => format!("{}k", rounded(value / 1e3, digits)),
        _ => rounded(value, digits),
    };
    multiples(low, high, step).map(|value| (value, label(value))).collect()
}

/// Smaller counts are as easy to read in full.
const LETTERS_FROM: f64 = 1e4;

/// The smallest round difference that gives about `most` ticks.
fn step(low: f64, high: f64, most: usize) -> Option<f64> {
    let rough = (high - low) / most.max(1) as f64;
    if !(rough.is_finite() && rough > 0.0) {
        return None;
    }
    let power = power_of_ten(rough.log10().floor() as i32);
    let step = [1.0, 2.0, 5.0, 10.0].map(|multiple| multiple * power).into_iter().find(|step| *step >= rough);
    Some(step.unwrap_or(10.0 * power))
}

fn multiples(low: f64, high: f64, step: f64) -> impl Iterator<Item = f64> {
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    let count = (last - first).max(-1.0) as usize + usize::from(last >= first);
    (0..count).map(move |index| (first + index as f64) * step)
}

/// The number of significant digits needed to tell neighbours apart.
fn digits(low: f64, high: f64, step: f64) -> usize {
    (low.abs().max(high.abs()) / step).log10().ceil().clamp(1.0, 12.0) as usize + 1
}

/// Powers of ten, with unlabelled ticks at their multiples; over less than two decades multiples are labelled too.
pub(super) fn logarithmic(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let decades = (low.floor() as i32)..=(high.ceil() as i32);
    let inside = |value: f64| (low..=high).contains(&value.log10());
    let labelled = |multiples: &[u32]| {
        let all =
            decades.clone().flat_map(|decade| multiples.iter().map(move |multiple| at(*multiple, decade)));
        all.filter(|value| inside(*value)).count()
    };
    let multiples: &[u32] = match labelled(&[1]) {
        3.. => &[1],
        _ if (2..=most).contains(&labelled(&[1, 2, 5])) => &[1, 2, 5],
        2 => &[1],
        _ if labelled(&[1, 2, 3, 4, 5, 6, 7, 8, 9]) >= 2 => &[1, 2, 3, 4, 5, 6, 7, 8, 9],
        _ => return linear_between(low, high, most),
    };
    // A label at every decade, unless those are too many to read.
    let stride = (labelled(&[1]).div_ceil(most.max(1)).max(1)) as i32;
    let mark = |decade: i32, multiple: u32| {
        let named = multiples.contains(&multiple) && decade.rem_euclid(stride) == 0;
        (at(multiple, decade), if named { name(multiple, decade) } else { String::new() })
    };
    let marks = decades.flat_map(|decade| (1..10).map(move |multiple| mark(decade, multiple)));
    marks.filter(|(value, _)| inside(*value)).collect()
}

/// A power of ten, `first`, and the `more` powers after it.
pub(super) fn decades(first: f64, more: i32) -> Vec<(f64, String)> {
    let first = first.log10().round() as i32;
    (first..=first + more).map(|decade| (power_of_ten(decade), name(1, decade))).collect()
}

/// If fewer than two multiples are on the axis, equal differences are as good.
fn linear_between(low: f64, high: f64, most: usize) -> Vec<(f64, String)> {
    let back =
        |logarithm: f64| power_of_ten(logarithm.floor() as i32) * fraction(logarithm - logarithm.floor());
    linear(back(low), back(high), most)
}

/// 10 to a power from 0 to 1, from square roots of 10: exact to 2⁻³⁰, which is far finer than a pixel.
fn fraction(power: f64) -> f64 {
    let (mut result, mut rest, mut root) = (1.0, power, 10f64);
    for _ in 0..30 {
        root = root.sqrt();
        rest *= 2.0;
        if rest >= 1.0 {
            rest -= 1.0;
            result *= root;
        }
    }
    result
}

fn at(multiple: u32, decade: i32) -> f64 {
    f64::from(multiple) * power_of_ten(decade)
}

pub(super) fn power_of_ten(decade: i32) -> f64 {
    format!("1e{decade}").parse().unwrap_or(f64::NAN)
}

/// `0.01`, `50`, `10⁻⁵`, `2·10⁶`.
fn name(multiple: u32, decade: i32) -> String {
    if (-4..5).contains(&decade) {
        return rounded(at(multiple, decade), 1);
    }
    let power: String = decade.to_string().chars().map(superscript).collect();
    if multiple == 1 { format!("10{power}") } else { format!("{multiple}·10{power}") }
}

fn superscript(digit: char) -> char {
    match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => digit.to_digit(10).and_then(|digit| char::from_u32('⁰' as u32 + digit)).unwrap_or(digit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: Vec<(f64, String)>) -> Vec<String> {
        ticks.into_iter().map(|(_, label)| label).filter(|label| !label.is_empty()).collect()
    }

    #[test]
    fn linear_ticks_are_round_numbers() {
        assert_eq!(labels(linear(0.0, 30.0, 6)), ["0", "5", "10", "15", "20", "25", "30"]);
        assert_eq!(labels(linear(0.972, 0.981, 4)), ["0.975", "0.98"]);
        assert_eq!(labels(linear(-1.0, 1.0, 4)), ["-1", "-0.5", "0", "0.5", "1"]);
        assert!(linear(1.0, 1.0, 4).is_empty() && linear(0.0, f64::INFINITY, 4).is_empty());
    }

    #[test]
    fn counts_are_whole_numbers_and_large_ones_are_short() {
        assert_eq!(labels(counting(0.0, 2.04, 8)), ["0", "1", "2"]);
        assert_eq!(labels(counting(0.0, 5100.0, 6)), ["0", "1000", "2000", "3000", "4000", "5000"]);
        assert_eq!(labels(counting(0.0, 20_400.0, 5)), ["0", "5k", "10k", "15k", "20k"]);
        assert_eq!(labels(counting(0.0, 2.04e6, 5)), ["0", "500k", "1M", "1.5M", "2M"]);
        assert_eq!(labels(counting(0.0, 1.8e10, 4)), ["0", "5G", "10G", "15G"]);
        assert_eq!(labels(counting(0.0, 3e12, 4)), ["0", "1T", "2T", "3T"]);
        assert!(counting(0.0, 0.0, 4).is_empty());
    }

    #[test]
    fn every_decade_is_labelled() {
        assert_eq!(labels(logarithmic(-3.1, 0.1, 8)), ["0.001", "0.01", "0.1", "1"]);
        assert_eq!(labels(logarithmic(-6.1, -3.9, 8)), ["10⁻⁶", "10⁻⁵", "0.0001"]);
    }

    #[test]
    fn short_logarithmic_axes_label_multiples() {
        // From 10^-1.5 = 0.032 to 10^-0.1 = 0.79.
        assert_eq!(labels(logarithmic(-1.5, -0.1, 8)), ["0.05", "0.1", "0.2", "0.5"]);
        // From 10^0.1 = 1.26 to 10^0.65 = 4.47.
        assert_eq!(labels(logarithmic(0.31, 0.65, 8)), ["3", "4"]);
        // From 10^0.5 = 3.162 to 10^0.52 = 3.311.
        assert_eq!(labels(logarithmic(0.5, 0.52, 4)), ["3.2", "3.25", "3.3"]);
    }

    #[test]
    fn many_decades_are_thinned() {
        assert_eq!(labels(logarithmic(-9.0, 9.0, 7)).len(), 7);
    }

    #[test]
    fn powers_are_accurate() {
        assert!((fraction(0.5) - 3.162_277_660_168_379).abs() < 1e-8);
        assert!((fraction(0.25) - 1.778_279_410_038_922_8).abs() < 1e-8);
    }
}
