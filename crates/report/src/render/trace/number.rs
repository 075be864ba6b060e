//! Numbers and symbols of a traced step.

use crate::number::rounded;

/// Significant digits of a number.
pub(super) const DIGITS: usize = 9;

/// Longer sums are shortened to the first and the last terms.
const MOST_TERMS: usize = 8;

/// `0.3`, `−4.2`
pub(super) fn plain_number(value: f64) -> String {
    // −0 is written as 0.
    rounded(value + 0.0, DIGITS).replace('-', "−")
}

/// A number as a factor: `0.3`, `(−4.2)`
pub(super) fn factor(value: f64) -> String {
    let text = plain_number(value);
    if text.starts_with('−') { format!("({text})") } else { text }
}

/// `0.3·(−4.2)`
pub(super) fn product(factors: &[f64]) -> String {
    factors.iter().map(|value| factor(*value)).collect::<Vec<_>>().join("·")
}

/// `a + b + … + z`
pub(super) fn sum(terms: Vec<String>) -> String {
    if terms.len() <= MOST_TERMS {
        return terms.join(" + ");
    }
    let (first, last) = (&terms[..MOST_TERMS - 2], &terms[terms.len() - 1]);
    format!("{} + … + {last}", first.join(" + "))
}

/// A letter with its layer above and its indices below: `w¹₂₃`, or `w¹[2,13]` if an index has several digits.
pub(super) fn symbol(letter: &str, layer: Option<usize>, indices: &[usize]) -> String {
    let above = layer
        .map_or_else(String::new, |layer| digits(layer, ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']));
    let below: String = if indices.iter().all(|&index| index < 10) {
        indices
            .iter()
            .map(|&index| digits(index, ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉']))
            .collect()
    } else {
        format!("[{}]", indices.iter().map(usize::to_string).collect::<Vec<_>>().join(","))
    };
    format!("{letter}{above}{below}")
}

fn digits(number: usize, signs: [char; 10]) -> String {
    let sign = |digit: char| digit.to_digit(10).map_or(digit, |digit| signs[digit as usize]);
    number.to_string().chars().map(sign).collect()
}
