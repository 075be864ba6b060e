//! Paired differences: the same seed on both sides.

use super::{Interval, Needed, mean, mean_interval, median, median_interval, sign_flip_p, sign_p, wilson};
use chainrule_record::Better;

/// What paired differences say of how far the first is before the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Paired {
    /// How many pairs there are.
    pub(crate) n: usize,
    /// What was estimated.
    pub(crate) center: Center,
    /// The estimate, positive where the first is ahead; infinite where runs that are worse than any number decide it.
    pub(crate) estimate: Option<f64>,
    /// The interval of the true value.
    pub(crate) interval: Option<Interval>,
    /// How often the first was ahead, ties counted as half, with the interval of the true share.
    pub(crate) ahead: Option<(f64, Interval)>,
    /// Two-sided, if neither were ahead of the other: of the sign-flip test of a mean, of the sign test of a median.
    pub(crate) p: Option<f64>,
    /// Whether the first is ahead, by the side that p speaks of.
    pub(crate) leads: bool,
    /// In how many pairs the first is ahead.
    pub(crate) wins: usize,
    /// In how many the second is.
    pub(crate) losses: usize,
    /// Whether no pair differs.
    pub(crate) tied: bool,
    /// The pairs that would likely decide, as a function of the level of the test.
    pub(crate) needed: Needed,
}

/// What was estimated of the differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Center {
    /// Their mean.
    Mean,
    /// Their median, where some values are worse than any number.
    Median,
}

/// How far the first value is before the second: positive where it is better. Two that are infinite are equal.
pub(crate) fn lead(first: f64, second: f64, better: Better) -> f64 {
    match better {
        // The one sign of 0, whichever is better.
        _ if first == second => 0.0,
        Better::Lower => second - first,
        Better::Higher => first - second,
    }
}

/// The mean over pairs of how far the first is before the second. Where one of them is infinite the pairs have a side, and no
/// number: the side of the more pairs.
pub(crate) fn mean_lead(pairs: &[(f64, f64)], before: Better) -> Option<f64> {
    let all: Vec<f64> = pairs.iter().map(|(first, second)| lead(*first, *second, before)).collect();
    if all.iter().all(|difference| difference.is_finite()) {
        return mean(&all);
    }
    let side: f64 =
        all.iter().map(|difference| difference.signum() * f64::from(u8::from(*difference != 0.0))).sum();
    Some(if side == 0.0 { 0.0 } else { side * f64::INFINITY })
}

/// What differences say: by their mean, or by their sides and their median where values are `censored`.
pub(crate) fn paired(differences: &[f64], censored: bool) -> Paired {
    let n = differences.len();
    let wins = differences.iter().filter(|difference| **difference > 0.0).count();
    let losses = differences.iter().filter(|difference| **difference < 0.0).count();
    let tied = wins + losses == 0;
    let halves = wins as f64 + (n - wins - losses) as f64 / 2.0;
    let ahead = wilson(halves, n).map(|interval| (halves / n as f64, interval));
    if censored {
        let decided = (wins + losses) as f64;
        // Of nothing that differs there is no share: more of the same would not decide.
        let needed = match tied {
            true => Needed::Unknown,
            false => Needed::Share { share: wins as f64 / decided, bound: 0.5, each: n as f64 / decided },
        };
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
            needed,
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
