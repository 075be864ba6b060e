//! Proportions k/n, and the sign test.

use crate::interval::{Interval, LEVEL, MIN_PAIRS};
use statrs::distribution::{Beta, ContinuousCDF, Normal};
use statrs::function::beta::checked_beta_reg;

/// Wilson's interval: the proportions p with `|k/n − p| ≤ z · √(p(1 − p)/n)`. `None` if n is 0.
///
/// `successes` may end in one half if ties count as half a success. The coverage is close to [`LEVEL`] on average; for single
/// proportions it can be a little less.
///
/// Source: Wilson, *Probable inference, the law of succession, and statistical inference* (1927).
pub fn wilson(successes: f64, n: usize) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let (n, z) = (n as f64, normal_quantile((1.0 + LEVEL) / 2.0));
    let share = successes / n;
    let center = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    // At the ends center and half are equal up to rounding.
    let low = if successes == 0.0 { 0.0 } else { center - half };
    let high = if successes == n { 1.0 } else { center + half };
    Some(Interval { low, high, level: LEVEL })
}

/// The quantile of the standard normal distribution.
pub(crate) fn normal_quantile(fraction: f64) -> f64 {
    Normal::standard().inverse_cdf(fraction)
}

/// Clopper and Pearson's exact interval: from the (1 − level)/2 quantile of Beta(k, n − k + 1) to the (1 + level)/2 quantile of
/// Beta(k + 1, n − k), with the level [`LEVEL`]. `None` if n is 0 or less than k.
///
/// Its coverage is at least the level for every proportion.
///
/// Source: Clopper and Pearson, *The use of confidence or fiducial limits illustrated in the case of the binomial* (1934).
pub fn clopper_pearson(successes: usize, n: usize) -> Option<Interval> {
    if n == 0 || successes > n {
        return None;
    }
    let (k, rest) = (successes as f64, (n - successes) as f64);
    let quantile = |a: f64, b: f64, share: f64| Beta::new(a, b).ok().map(|beta| beta.inverse_cdf(share));
    let low = if successes == 0 { 0.0 } else { quantile(k, rest + 1.0, (1.0 - LEVEL) / 2.0)? };
    let high = if successes == n { 1.0 } else { quantile(k + 1.0, rest, (1.0 + LEVEL) / 2.0)? };
    Some(Interval { low, high, level: LEVEL })
}

/// The exact two-sided p of the hypothesis that the true proportion is `bound`: twice the smaller tail of the binomial
/// distribution, at most 1. `None` if n is 0 or less than k, or if `bound` is outside 0 … 1.
///
/// p is at most 5 % exactly where the interval of [`clopper_pearson`] excludes `bound`.
pub fn proportion_p(successes: usize, n: usize, bound: f64) -> Option<f64> {
    if n == 0 || successes > n || !(0.0..=1.0).contains(&bound) {
        return None;
    }
    let at_least = |count: usize, share: f64| match count {
        0 => Some(1.0),
        _ => checked_beta_reg(count as f64, (n - count + 1) as f64, share).ok(),
    };
    let tail = at_least(successes, bound)?.min(at_least(n - successes, 1.0 - bound)?);
    Some((2.0 * tail).min(1.0))
}

/// The exact two-sided sign test: the probability of a split at least as uneven as `wins` to `losses` if both sides are equally
/// likely. Ties favour neither side and are left out. `None` for fewer than [`MIN_PAIRS`] pairs, ties included.
///
/// Assumes independent pairs.
pub fn sign_p(wins: usize, losses: usize, ties: usize) -> Option<f64> {
    let n = wins + losses;
    if n + ties < MIN_PAIRS {
        return None;
    }
    if n == 0 { Some(1.0) } else { proportion_p(wins, n, 0.5) }
}
