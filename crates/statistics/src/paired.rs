//! Paired differences: one value of each side with the same seed.

use crate::interval::{Interval, MIN_PAIRS};
use crate::mean::{mean, mean_interval};
use crate::median::{median, median_interval};
use crate::power::Needed;
use crate::proportion::{sign_p, wilson};
use crate::sign_flip::sign_flip_p;

/// The result of comparing a first with a second side, pair by pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// The number of pairs.
    pub n: usize,
    /// The estimated quantity.
    pub center: Center,
    /// The estimate, positive if the first side is ahead. May be infinite for a median. `None` without pairs.
    pub estimate: Option<f64>,
    /// The interval of the true value: [`mean_interval`] or [`median_interval`].
    pub interval: Option<Interval>,
    /// The fraction of pairs in which the first side is ahead, with ties as half, and its interval by [`wilson`].
    pub ahead: Option<(f64, Interval)>,
    /// The two-sided p of the hypothesis that neither side is ahead: [`sign_flip_p`] for a mean, [`sign_p`] for a median.
    pub p: Option<f64>,
    /// Whether the first side is ahead, by the statistic that p tests.
    pub leads: bool,
    /// The number of pairs in which the first side is ahead.
    pub wins: usize,
    /// The number of pairs in which the second side is ahead.
    pub losses: usize,
    /// Whether all pairs are ties.
    pub tied: bool,
    /// The number of pairs that would probably decide, as a function of the significance level.
    pub needed: Needed,
}

/// A quantity that is estimated from differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Center {
    /// Their mean.
    Mean,
    /// Their median, because some differences are infinite.
    Median,
}

impl Paired {
    /// Whether the two sides are equivalent: the whole interval is within ±`margin`, from at least [`MIN_PAIRS`] pairs.
    pub fn is_within(&self, margin: f64) -> bool {
        let inside = |interval: Interval| -margin <= interval.low && interval.high <= margin;
        self.n >= MIN_PAIRS && self.interval.is_some_and(inside)
    }
}

/// Evaluates differences (positive: the first side is ahead) by their mean; if values are `censored`, that is worse than any
/// number, by their median and their signs.
///
/// Assumes independent pairs. Without `censored` all differences are finite.
pub fn paired(differences: &[f64], censored: bool) -> Paired {
    let n = differences.len();
    let wins = differences.iter().filter(|difference| **difference > 0.0).count();
    let losses = differences.iter().filter(|difference| **difference < 0.0).count();
    let tied = wins + losses == 0;
    let halves = wins as f64 + (n - wins - losses) as f64 / 2.0;
    let ahead = wilson(halves, n).map(|interval| (halves / n as f64, interval));
    if censored {
        return Paired {
            n,
            center: Center::Median,
            estimate: median(differences),
            interval: median_interval(differences),
            ahead,
            p: sign_p(wins, losses, n - wins - losses),
            leads: wins > losses,
            wins,
            losses,
            tied,
            needed: Needed::of_signs(wins, losses, n),
        };
    }
    let estimate = mean(differences);
    Paired {
        n,
        center: Center::Mean,
        estimate,
        interval: mean_interval(differences),
        ahead,
        p: sign_flip_p(differences),
        leads: estimate.is_some_and(|estimate| estimate > 0.0),
        wins,
        losses,
        tied,
        needed: Needed::of_mean(differences, 0.0),
    }
}
