//! Estimates, intervals and exact tests: pure functions of numbers.
//!
//! Each is held against scipy, numpy or a closed form by `tests.rs`; the numbers are made by `tests/oracle/estimates.py`; those of
//! times, ranks and trials by `speed_tests.rs`, with `tests/oracle/speed.py`.

mod best_of_trials;
mod friedman;
mod holm;
mod interquartile_mean;
mod kaplan_meier;
mod mean;
mod median;
mod paired;
mod power;
mod quantile;
mod shape;
mod share;
mod sign_flip;

#[cfg(test)]
mod speed_tests;
#[cfg(test)]
mod tests;

pub(crate) use best_of_trials::{expected_best, median_best};
pub(crate) use friedman::{LEAST_PROBLEMS, LEAST_RANKED, friedman_p, mean_ranks};
pub(crate) use holm::{holm, holm_among};
pub(crate) use interquartile_mean::{interquartile_interval, interquartile_mean};
pub(crate) use kaplan_meier::{KaplanMeier, Observation};
pub(crate) use mean::{mean, mean_interval, mean_p, standard_deviation};
pub(crate) use median::{median, median_interval};
#[cfg(test)]
pub(crate) use paired::lead;
pub(crate) use paired::{Center, Paired, mean_lead, paired};
pub(crate) use power::{Needed, equivalence_needed, fewest_pairs};
pub(crate) use quantile::quantile;
pub(crate) use shape::looks_skewed;
pub(crate) use share::{clopper_pearson, share_p, sign_p, wilson};
pub(crate) use sign_flip::{COUNTED_PAIRS, ROUNDED_PAIRS, sign_flip_p};

/// The level of every interval, and 1 − the level of every test.
pub(crate) const LEVEL: f64 = 0.95;

/// Fewer pairs than this have no p: of five, not even five for one side reach 5 % (2/2⁵ = 0.0625).
pub(crate) const LEAST_PAIRS: usize = 6;

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Interval {
    /// Its lower end; may be −∞.
    pub(crate) low: f64,
    /// Its upper end; may be ∞.
    pub(crate) high: f64,
    /// The share of samples in which it holds the true value, at least.
    pub(crate) level: f64,
}

impl Interval {
    /// Of the negative value.
    pub(crate) fn mirrored(self) -> Self {
        // From 0, so that 0 stays 0 and does not become −0.
        Self { low: 0.0 - self.high, high: 0.0 - self.low, ..self }
    }
}
