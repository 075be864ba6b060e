//! Shares of runs, and the sign test.

use super::{Interval, LEAST_PAIRS, LEVEL};
use statrs::distribution::{Beta, ContinuousCDF, Normal};
use statrs::function::beta::checked_beta_reg;

/// Wilson's interval of a share: the shares p with `|k/n − p| ≤ z · √(p(1 − p)/n)`. `None` of nothing. `successes` may be
/// halves, where ties count as half.
///
/// Its coverage is close to the level on average, and for single shares may be a little less. Source: Wilson, *Probable
/// inference, the law of succession, and statistical inference* (1927).
pub(crate) fn wilson(successes: f64, n: usize) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let (n, z) = (n as f64, normal_quantile((1.0 + LEVEL) / 2.0));
    let share = successes / n;
    let center = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    // At the ends the two are equal but for rounding.
    let low = if successes == 0.0 { 0.0 } else { center - half };
    let high = if successes == n { 1.0 } else { center + half };
    Some(Interval { low, high, level: LEVEL })
}

/// The quantile of the standard normal distribution.
pub(super) fn normal_quantile(share: f64) -> f64 {
    Normal::standard().inverse_cdf(share)
}

/// The exact interval of a share, whose coverage is at least the level: from the (1 − level)/2 quantile of
/// Beta(k, n − k + 1) to the (1 + level)/2 quantile of Beta(k + 1, n − k).
///
/// Source: Clopper and Pearson, *The use of confidence or fiducial limits illustrated in the case of the binomial* (1934).
pub(crate) fn clopper_pearson(successes: usize, n: usize) -> Option<Interval> {
    if n == 0 || successes > n {
        return None;
    }
    let (k, rest) = (successes as f64, (n - successes) as f64);
    let quantile = |a: f64, b: f64, share: f64| Beta::new(a, b).ok().map(|beta| beta.inverse_cdf(share));
    let low = if successes == 0 { 0.0 } else { quantile(k, rest + 1.0, (1.0 - LEVEL) / 2.0)? };
    let high = if successes == n { 1.0 } else { quantile(k + 1.0, rest, (1.0 + LEVEL) / 2.0)? };
    Some(Interval { low, high, level: LEVEL })
}

/// How probable a count at least as far out as k of n is if the true share is `share`: two-sided, twice the smaller tail of
/// the binomial distribution, so that it is at most 5 % where the exact interval leaves `share` out. `None` of nothing.
pub(crate) fn share_p(successes: usize, n: usize, share: f64) -> Option<f64> {
    if n == 0 || successes > n || !(0.0..=1.0).contains(&share) {
        return None;
    }
    let at_least = |count: usize, share: f64| match count {
        0 => Some(1.0),
        _ => checked_beta_reg(count as f64, (n - count + 1) as f64, share).ok(),
    };
    let tail = at_least(successes, share)?.min(at_least(n - successes, 1.0 - share)?);
    Some((2.0 * tail).min(1.0))
}

/// The exact sign test, two-sided: how probable a split at least as uneven is if either side is as probable. Ties are left
/// out, as they speak for neither. `None` of fewer than [`LEAST_PAIRS`] pairs, ties included.
pub(crate) fn sign_p(wins: usize, losses: usize, ties: usize) -> Option<f64> {
    let n = wins + losses;
    if n + ties < LEAST_PAIRS {
        return None;
    }
    if n == 0 { Some(1.0) } else { share_p(wins, n, 0.5) }
}
