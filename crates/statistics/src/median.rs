//! The median, which a minority of infinite values cannot make infinite.

use crate::interval::{Interval, LEVEL, MIN_PAIRS};
use crate::quantile::{quantile, sorted};
use statrs::function::beta::checked_beta_reg;

/// The middle value, or the mean of the two middle values. May be infinite. `None` for an empty slice, and if the two middle
/// values are −∞ and ∞.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(&sorted(values), 0.5)
}

/// From the j-th smallest to the j-th largest value, with the largest j that reaches [`LEVEL`].
///
/// The interval misses the true median only if fewer than j of the n values are on one side of it. So its level is
/// `1 − 2 · P(B ≤ j − 1)`, where B is binomial with n trials of probability ½. `None` for fewer than [`MIN_PAIRS`] values: with
/// five, even the smallest and the largest value do not reach the level.
///
/// Assumes independent values of any continuous distribution. For ties the level is higher. Infinite values are allowed.
///
/// Source: David and Nagaraja, *Order Statistics* (2003), section 7.1.
pub fn median_interval(values: &[f64]) -> Option<Interval> {
    let n = values.len();
    if n < MIN_PAIRS {
        return None;
    }
    let sorted = sorted(values);
    // P(B ≤ j − 1) = I½(n − j + 1, j), which grows with j.
    let tail = |j: usize| checked_beta_reg((n - j + 1) as f64, j as f64, 0.5).unwrap_or(1.0);
    let (mut j, mut beyond) = (1, n / 2 + 1);
    while beyond - j > 1 {
        let middle = j + (beyond - j) / 2;
        if 1.0 - 2.0 * tail(middle) >= LEVEL { j = middle } else { beyond = middle }
    }
    Some(Interval { low: sorted[j - 1], high: sorted[n - j], level: 1.0 - 2.0 * tail(j) })
}
