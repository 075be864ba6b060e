//! Estimates, confidence intervals and exact tests for small samples, such as the final metrics of a training run over ten
//! seeds. Every function is pure: slices of `f64` in, numbers out.
//!
//! A run that diverged has no finite result, but it must not be dropped. Such a run can be passed as `f64::INFINITY` (or
//! `NEG_INFINITY` where higher is better). Medians, ranks and sign tests then remain valid; means do not, and functions based on
//! a mean expect finite values. No function accepts NaN.
//!
//! | question | functions |
//! |---|---|
//! | What is a typical value? | [`median`], [`mean`], [`interquartile_mean`], [`quantile`] |
//! | Within which limits is the true value? | [`median_interval`], [`mean_interval`], [`interquartile_interval`], [`clopper_pearson`], [`wilson`] |
//! | Does it differ from a bound? | [`mean_p`], [`proportion_p`] |
//! | Which of two is better, seed by seed? | [`paired()`], [`sign_flip_p`], [`sign_p`] |
//! | Which of several is better, on several problems? | [`mean_ranks`], [`friedman_p`] |
//! | How long does it take, if some never arrive? | [`KaplanMeier`] |
//! | What does a search of k trials find? | [`expected_best`], [`median_best`] |
//! | How many seeds would decide? | [`Needed`], [`pairs_needed`], [`proportion_needed`], [`equivalence_needed`], [`fewest_pairs`] |
//! | What if there are several tests? | [`holm`], [`holm_among`] |
//! | Do the values look normal enough for a mean? | [`skewness()`], [`looks_skewed`] |
//!
//! Intervals have the level [`LEVEL`] (95 %), tests are two-sided.
//!
//! # Errors
//! A question without an answer (an interval from too few values, a quantile of nothing) gives `None`; the documentation of each
//! function lists these cases. Nothing panics, whatever the values are.
//!
//! # Example
//! Two optimizers on the same eight seeds. The last seed of the second one diverged.
//!
//! ```
//! use chainrule_statistics::{Center, median, paired};
//!
//! let sgd = [0.31, 0.29, 0.34, 0.30, 0.28, 0.33, 0.32, 0.35];
//! let adam = [0.25, 0.24, 0.30, 0.27, 0.22, 0.26, 0.29, f64::INFINITY];
//! assert_eq!(median(&adam), Some(0.265));
//!
//! // Lower is better, so a positive difference means that adam is ahead.
//! let differences: Vec<f64> = sgd.iter().zip(&adam).map(|(sgd, adam)| sgd - adam).collect();
//! let found = paired(&differences, true);
//! assert_eq!((found.center, found.wins, found.losses), (Center::Median, 7, 1));
//! // The sign test: 2 · (8 + 1) / 2⁸.
//! assert!((found.p.unwrap() - 18.0 / 256.0).abs() < 1e-12);
//! ```
//!
//! # Accuracy
//! The tests compare each function with scipy, numpy, statsmodels or a closed form (`tests/oracle/`), and simulate how often each
//! interval holds the true value (`tests/simulation/`).
//!
//! # Order of the modules
//! A module uses only modules that are listed before it: interval, quantile, mean, median, skewness, proportion, sign_flip, holm,
//! power, paired, interquartile_mean, kaplan_meier, friedman, best_of_trials.

mod best_of_trials;
mod friedman;
mod holm;
mod interquartile_mean;
mod interval;
mod kaplan_meier;
mod mean;
mod median;
mod paired;
mod power;
mod proportion;
mod quantile;
mod sign_flip;
mod skewness;

pub use best_of_trials::{expected_best, median_best};
pub use friedman::{MIN_PROBLEMS, MIN_RANKED, friedman_p, mean_ranks, ranks};
pub use holm::{holm, holm_among};
pub use interquartile_mean::{MIN_BOOTSTRAP, interquartile_interval, interquartile_mean};
pub use interval::{Interval, LEVEL, MIN_PAIRS};
pub use kaplan_meier::{KaplanMeier, Observation, Step};
pub use mean::{mean, mean_interval, mean_p, standard_deviation};
pub use median::{median, median_interval};
pub use paired::{Center, Paired, paired};
pub use power::{Needed, equivalence_needed, fewest_pairs, pairs_needed, proportion_needed};
pub use proportion::{clopper_pearson, proportion_p, sign_p, wilson};
pub use quantile::quantile;
pub use sign_flip::{MAX_COUNTED_PAIRS, MAX_ROUNDED_PAIRS, sign_flip_p};
pub use skewness::{looks_skewed, skewness};
