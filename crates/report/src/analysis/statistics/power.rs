//! How many seeds would decide.

use super::mean::student;
use super::share::normal_quantile;
use super::{LEAST_PAIRS, LEVEL, mean, standard_deviation};
use statrs::distribution::ContinuousCDF;

/// How probable it should be that the seeds decide.
const POWER: f64 = 0.8;

/// More seeds than this nobody runs: what needs them is not worth deciding.
const MOST: usize = 100_000;

/// From what the number of seeds that would decide follows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) enum Needed {
    /// Nothing tells.
    #[default]
    Unknown,
    /// A mean that is to differ from its bound.
    Mean {
        /// How far it is from the bound.
        effect: f64,
        /// The standard deviation of the values.
        spread: f64,
    },
    /// A share that is to differ from its bound.
    Share {
        /// The share that was found.
        share: f64,
        /// What it is held against.
        bound: f64,
        /// Seeds for each that speaks for one side: ties do not.
        each: f64,
    },
}

impl Needed {
    /// Of the mean of values that is to differ from a bound.
    pub(crate) fn of_mean(values: &[f64], bound: f64) -> Self {
        mean(values)
            .zip(standard_deviation(values))
            .map_or(Self::Unknown, |(mean, spread)| Self::Mean { effect: mean - bound, spread })
    }

    /// Effect and spread, where it is about a mean.
    pub(crate) fn mean(self) -> Option<(f64, f64)> {
        match self {
            Self::Mean { effect, spread } => Some((effect, spread)),
            Self::Unknown | Self::Share { .. } => None,
        }
    }

    /// How many seeds a test of this level would decide with, with a probability of about 80 %, if the truth is what is seen.
    pub(crate) fn seeds(self, level: f64) -> Option<usize> {
        match self {
            Self::Unknown => None,
            Self::Mean { effect, spread } => pairs_needed(effect, spread, level),
            Self::Share { share, bound, each } => {
                share_needed(share, bound, level).map(|n| (n as f64 * each).ceil() as usize)
            }
        }
    }
}

/// The smallest n at which a test of this level finds a true mean `effect` with a probability of about 80 %:
/// `(t₁₋ₗₑᵥₑₗ/₂ + t₀.₈) · s/√n ≤ |effect|`, both quantiles with n − 1 degrees of freedom; and at least so many that the
/// sign-flip test can reach the level, `2¹⁻ⁿ ≤ level`. `None` without an effect, or where n would be above 100,000.
pub(crate) fn pairs_needed(effect: f64, spread: f64, level: f64) -> Option<usize> {
    if effect == 0.0 || !effect.is_finite() || !spread.is_finite() {
        return None;
    }
    let enough = |n: usize| {
        (quantile(n, 1.0 - level / 2.0) + quantile(n, POWER)) * spread <= effect.abs() * (n as f64).sqrt()
    };
    smallest(fewest_pairs(level), enough)
}

/// The quantile of Student's t with n − 1 degrees of freedom.
fn quantile(n: usize, share: f64) -> f64 {
    student((n - 1) as f64).map_or(f64::INFINITY, |t| t.inverse_cdf(share))
}

/// The smallest n at which the interval of a true mean `effect` lies within ±`margin` with a probability of about 80 %, at
/// least: `(t₀.₉₇₅ + t₀.₉) · s/√n ≤ margin − |effect|`, both quantiles with n − 1 degrees of freedom. `None` where the effect
/// is no smaller than the margin, or n would be above 100,000.
///
/// Source: Schuirmann, *A comparison of the two one-sided tests procedure* (1987).
pub(crate) fn equivalence_needed(effect: f64, spread: f64, margin: f64) -> Option<usize> {
    let room = margin - effect.abs();
    if room.is_nan() || room <= 0.0 || !spread.is_finite() {
        return None;
    }
    // Either end may be the one that sticks out: each does in a tenth.
    let either = 1.0 - (1.0 - POWER) / 2.0;
    let within = (1.0 + LEVEL) / 2.0;
    smallest(LEAST_PAIRS, |n| {
        (quantile(n, within) + quantile(n, either)) * spread <= room * (n as f64).sqrt()
    })
}

/// The fewest pairs of which the exact tests reach a level: 2¹⁻ⁿ ≤ level.
pub(crate) fn fewest_pairs(level: f64) -> usize {
    (1.0 - libm::log2(level)).ceil().max(LEAST_PAIRS as f64) as usize
}

/// The smallest n at which an exact test of a share against `bound` finds the true share `share` with a probability of about
/// 80 %: `√n · |share − bound| ≥ z₁₋ₗₑᵥₑₗ/₂ · √(bound(1 − bound)) + z₀.₈ · √(share(1 − share))`, and so many that the level
/// can be reached at all. `None` as above.
pub(crate) fn share_needed(share: f64, bound: f64, level: f64) -> Option<usize> {
    let distance = (share - bound).abs();
    if distance == 0.0 || !(bound > 0.0 && bound < 1.0) {
        return None;
    }
    let spread = |share: f64| (share * (1.0 - share)).max(0.0).sqrt();
    let root = (normal_quantile(1.0 - level / 2.0) * spread(bound) + normal_quantile(POWER) * spread(share))
        / distance;
    // All of n on the claim's side have the probability boundⁿ, or (1 − bound)ⁿ, of which p is twice.
    let extreme = if share > bound { bound } else { 1.0 - bound };
    let least = (libm::log(level / 2.0) / libm::log(extreme)).ceil().max(1.0);
    let n = (root * root).ceil().max(least);
    (n <= MOST as f64).then_some(n as usize)
}

/// The smallest number from `least` on that is enough, where all larger ones are too.
fn smallest(least: usize, enough: impl Fn(usize) -> bool) -> Option<usize> {
    if enough(least) {
        return Some(least);
    }
    let (mut short, mut long) = (least, 2 * least);
    while !enough(long) {
        (short, long) = (long, 2 * long);
        if short > MOST {
            return None;
        }
    }
    while long - short > 1 {
        let middle = short + (long - short) / 2;
        if enough(middle) { long = middle } else { short = middle }
    }
    (long <= MOST).then_some(long)
}
