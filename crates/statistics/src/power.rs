//! The number of seeds that would decide.

use crate::interval::{LEVEL, MIN_PAIRS};
use crate::mean::{mean, standard_deviation, student};
use crate::proportion::normal_quantile;
use statrs::distribution::ContinuousCDF;

/// The probability with which the seeds should decide.
const POWER: f64 = 0.8;

/// Larger numbers of seeds are reported as `None`.
const MAX_SEEDS: usize = 100_000;

/// The quantities from which the number of seeds that would decide follows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Needed {
    /// The values do not determine a number.
    #[default]
    Unknown,
    /// A mean should differ from its bound.
    Mean {
        /// The distance of the mean from the bound.
        effect: f64,
        /// The standard deviation of the values.
        spread: f64,
    },
    /// A proportion should differ from its bound.
    Proportion {
        /// The proportion that was found.
        found: f64,
        /// The bound.
        bound: f64,
        /// Seeds for each one that counts: ties do not.
        each: f64,
    },
}

impl Needed {
    /// For the mean of `values`, which should differ from `bound`. `Unknown` for fewer than two values.
    pub fn of_mean(values: &[f64], bound: f64) -> Self {
        mean(values)
            .zip(standard_deviation(values))
            .map_or(Self::Unknown, |(mean, spread)| Self::Mean { effect: mean - bound, spread })
    }

    /// For the proportion of wins among the wins and losses of `n` pairs, which should differ from ½. `Unknown` if all pairs are
    /// ties: more of the same would not decide.
    pub fn of_signs(wins: usize, losses: usize, n: usize) -> Self {
        match (wins + losses) as f64 {
            0.0 => Self::Unknown,
            decided => {
                Self::Proportion { found: wins as f64 / decided, bound: 0.5, each: n as f64 / decided }
            }
        }
    }

    /// Effect and spread of a mean; `None` for a proportion.
    pub fn mean(self) -> Option<(f64, f64)> {
        match self {
            Self::Mean { effect, spread } => Some((effect, spread)),
            Self::Unknown | Self::Proportion { .. } => None,
        }
    }

    /// The number of seeds with which a test of this significance level decides with a probability of about 80 %, if the truth is
    /// as found. `None` if that is unknown or above 100,000.
    pub fn seeds(self, level: f64) -> Option<usize> {
        match self {
            Self::Unknown => None,
            Self::Mean { effect, spread } => pairs_needed(effect, spread, level),
            Self::Proportion { found, bound, each } => {
                proportion_needed(found, bound, level).map(|n| (n as f64 * each).ceil() as usize)
            }
        }
    }
}

/// The smallest n with which a test of significance `level` finds a true mean `effect` with a probability of about 80 %:
/// `(t₁₋ₗₑᵥₑₗ/₂ + t₀.₈) · s/√n ≤ |effect|`, both quantiles with n − 1 degrees of freedom. n is at least [`fewest_pairs`], so that the
/// sign-flip test can reach the level. `None` if the effect is 0 or not finite, and if n would be above 100,000.
pub fn pairs_needed(effect: f64, spread: f64, level: f64) -> Option<usize> {
    if effect == 0.0 || !effect.is_finite() || !spread.is_finite() {
        return None;
    }
    let enough = |n: usize| {
        (quantile(n, 1.0 - level / 2.0) + quantile(n, POWER)) * spread <= effect.abs() * (n as f64).sqrt()
    };
    smallest(fewest_pairs(level), enough)
}

/// The quantile of Student's t with n − 1 degrees of freedom.
fn quantile(n: usize, fraction: f64) -> f64 {
    student((n - 1) as f64).map_or(f64::INFINITY, |t| t.inverse_cdf(fraction))
}

/// The smallest n with which the interval of a true mean `effect` is within ±`margin` with a probability of at least about 80 %:
/// `(t₀.₉₇₅ + t₀.₉) · s/√n ≤ margin − |effect|`, both quantiles with n − 1 degrees of freedom. `None` if the effect is not smaller
/// than the margin, and if n would be above 100,000.
///
/// Source: Schuirmann, *A comparison of the two one-sided tests procedure* (1987).
pub fn equivalence_needed(effect: f64, spread: f64, margin: f64) -> Option<usize> {
    let room = margin - effect.abs();
    if room.is_nan() || room <= 0.0 || !spread.is_finite() {
        return None;
    }
    // Each of the two ends may exceed the margin, each with a probability of one tenth.
    let either = 1.0 - (1.0 - POWER) / 2.0;
    let within = (1.0 + LEVEL) / 2.0;
    smallest(MIN_PAIRS, |n| (quantile(n, within) + quantile(n, either)) * spread <= room * (n as f64).sqrt())
}

/// The fewest pairs with which the exact tests can reach the significance `level`: the smallest n with 2¹⁻ⁿ ≤ level, and at least
/// [`MIN_PAIRS`].
pub fn fewest_pairs(level: f64) -> usize {
    (1.0 - libm::log2(level)).ceil().max(MIN_PAIRS as f64) as usize
}

/// The smallest n with which an exact test of a proportion against `bound` finds the true proportion `found` with a probability of
/// about 80 %: `√n · |found − bound| ≥ z₁₋ₗₑᵥₑₗ/₂ · √(bound(1 − bound)) + z₀.₈ · √(found(1 − found))`, and so many that the
/// significance `level` can be reached at all. `None` if `found` equals `bound`, if `bound` is not between 0 and 1, and if n would
/// be above 100,000.
pub fn proportion_needed(found: f64, bound: f64, level: f64) -> Option<usize> {
    let distance = (found - bound).abs();
    if distance == 0.0 || !(bound > 0.0 && bound < 1.0) {
        return None;
    }
    let spread = |share: f64| (share * (1.0 - share)).max(0.0).sqrt();
    let root = (normal_quantile(1.0 - level / 2.0) * spread(bound) + normal_quantile(POWER) * spread(found))
        / distance;
    // If all n favour one side, p is twice boundⁿ, or twice (1 − bound)ⁿ.
    let extreme = if found > bound { bound } else { 1.0 - bound };
    let least = (libm::log(level / 2.0) / libm::log(extreme)).ceil().max(1.0);
    let n = (root * root).ceil().max(least);
    (n <= MAX_SEEDS as f64).then_some(n as usize)
}

/// The smallest number from `least` on that is enough, if all larger ones are too.
fn smallest(least: usize, enough: impl Fn(usize) -> bool) -> Option<usize> {
    if enough(least) {
        return Some(least);
    }
    let (mut short, mut long) = (least, 2 * least);
    while !enough(long) {
        (short, long) = (long, 2 * long);
        if short > MAX_SEEDS {
            return None;
        }
    }
    while long - short > 1 {
        let middle = short + (long - short) / 2;
        if enough(middle) { long = middle } else { short = middle }
    }
    (long <= MAX_SEEDS).then_some(long)
}
