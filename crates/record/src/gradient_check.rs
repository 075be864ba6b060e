//! What a gradient check found.

use crate::named::named;
use serde::{Deserialize, Serialize};

/// The gradient check of a run. Numbers may be infinite or NaN; the verdict counts these as wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradientCheck {
    /// Epochs of training before the check.
    pub after_epochs: u64,
    /// Samples of the batch whose cost was differentiated.
    pub samples: u64,
    /// J, the cost of that batch: the loss by its reduction, and the penalty.
    #[serde(with = "crate::exact")]
    pub cost: Option<f64>,
    /// σ, the standard deviation of what rounding does to the cost.
    #[serde(with = "crate::exact")]
    pub noise: Option<f64>,
    /// The largest relative error that passes.
    #[serde(with = "crate::exact")]
    pub tolerance: f64,
    /// Whether no relative error is above the tolerance and the parameters are unchanged.
    pub passed: bool,
    /// Whether the backward pass left the parameters as they were, bit for bit.
    pub parameters_unchanged: bool,
    /// Whether a fault makes any difference to the gradient, beyond rounding; `None` where there is no fault.
    pub changes_gradient: Option<bool>,
    /// Whether a fault spoils what is made of a gradient: the update, or the parameters themselves; `None` where there is
    /// no fault.
    pub changes_update: Option<bool>,
    /// What the experiment expects.
    pub expect: Expectation,
    /// Whether that is what came of it.
    pub as_expected: bool,
    /// The inputs, and the tensors of each layer.
    pub rows: Vec<TensorRow>,
}

/// What was found in a tensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TensorRow {
    /// The layer, counted from 1; 0 for the inputs.
    pub layer: u64,
    /// `inputs`, `weights`, `biases` or `learnt`.
    pub tensor: String,
    /// Whether its largest relative error is within the tolerance.
    pub passed: bool,
    /// Entries of the tensor.
    pub entries: u64,
    /// Entries that were compared with differences.
    pub checked: u64,
    /// Entries left out because their differences cross a kink.
    pub kinks: u64,
    /// Entries compared whose differences may be nothing but rounding.
    pub below_noise: u64,
    /// The largest absolute error.
    #[serde(with = "crate::exact")]
    pub largest_absolute: Option<f64>,
    /// The largest relative error.
    #[serde(with = "crate::exact")]
    pub largest_relative: Option<f64>,
    /// The median of the relative errors.
    #[serde(with = "crate::exact")]
    pub median_relative: Option<f64>,
    /// The share of the entries whose sign is another than that of the difference.
    #[serde(with = "crate::exact")]
    pub sign_disagreements: Option<f64>,
    /// The entry of the largest relative error; `None` where nothing was compared.
    pub worst: Option<WorstEntry>,
}

impl TensorRow {
    /// The largest relative error, if it is a finite number.
    pub fn finite_largest(&self) -> Option<f64> {
        self.largest_relative.filter(|error| error.is_finite())
    }

    /// The median of the relative errors, if it is a finite number.
    pub fn finite_median(&self) -> Option<f64> {
        self.median_relative.filter(|error| error.is_finite())
    }
}

/// An entry, and both its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorstEntry {
    /// Row and column in a matrix (of the inputs: sample and feature), the index alone elsewhere; counted from 0.
    pub at: Vec<u64>,
    /// Of the gradient.
    #[serde(with = "crate::exact")]
    pub analytic: Option<f64>,
    /// Of the differences.
    #[serde(with = "crate::exact")]
    pub numeric: Option<f64>,
}

named! {
    /// What an experiment expects of a check.
    pub enum Expectation {
        /// The gradient is right, and the check passes.
        Passed = "passed",
        /// The gradient is wrong, and the check says so.
        Caught = "caught",
        /// The gradient is wrong, and the check passes all the same.
        Missed = "missed",
    }
}

impl Expectation {
    /// Whether it is met by a check that has passed or not.
    pub fn is_met_by(self, passed: bool) -> bool {
        passed != matches!(self, Self::Caught)
    }
}

impl GradientCheck {
    /// The row of the largest relative error; one without a number, where it is wrong, is larger than all others.
    pub fn worst(&self) -> Option<&TensorRow> {
        let error = |row: &TensorRow| match row.finite_largest() {
            None if row.passed => f64::NEG_INFINITY,
            None => f64::INFINITY,
            Some(error) => error,
        };
        // Of equals, the first.
        self.rows.iter().rev().max_by(|a, b| error(a).total_cmp(&error(b)))
    }

    /// The largest relative error; `None` where nothing was compared or it is no number.
    pub fn largest_relative(&self) -> Option<f64> {
        self.worst()?.finite_largest()
    }

    /// The sum of a count over the rows.
    pub fn total(&self, count: impl Fn(&TensorRow) -> u64) -> u64 {
        self.rows.iter().map(count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_fault_that_is_to_be_caught_must_not_pass() {
        let met = |passed| Expectation::ALL.map(|expect| expect.is_met_by(passed));
        assert_eq!((met(true), met(false)), ([true, false, true], [false, true, false]));
    }
}
