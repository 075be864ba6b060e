//! The median, which infinite values do not move to infinity.

use super::{Interval, LEAST_PAIRS, LEVEL, quantile};
use statrs::function::beta::checked_beta_reg;

/// The middle value, or the mean of the two middle ones; may be infinite. `None` of nothing, and where these are −∞ and ∞.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    quantile(&sorted(values), 0.5)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// From the j-th smallest to the j-th largest value, with the largest j that reaches the level. The true median lies between
/// them unless j − 1 or fewer of the n values lie on one side of it, so the attained level is
/// `1 − 2 · P(B ≤ j − 1)`, B binomial with n tries of ½. `None` of fewer than six values, of which not even the smallest and
/// the largest reach the level.
///
/// Holds for any continuous distribution. Source: David and Nagaraja, *Order Statistics* (2003), section 7.1.
pub(crate) fn median_interval(values: &[f64]) -> Option<Interval> {
    let n = values.len();
    if n < LEAST_PAIRS {
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
