//! The result of a gradient check.

use crate::named::named;
use serde::{Deserialize, Serialize};

/// The gradient check of a run. Numbers may be infinite or NaN; the verdict counts these as wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradientCheck {
    /// Epochs of training before the check.
    pub after_epochs: u64,
    /// Number of samples in the batch whose cost was differentiated.
    pub samples: u64,
    /// J, the cost of that batch: the loss with its reduction, plus the penalty.
    #[serde(with = "crate::exact")]
    pub cost: Option<f64>,
    /// σ, the standard deviation of the rounding error of the cost.
    #[serde(with = "crate::exact")]
    pub noise: Option<f64>,
    /// The largest relative error that passes.
    #[serde(with = "crate::exact")]
    pub tolerance: f64,
    /// Whether all relative errors are within the tolerance and the parameters are unchanged.
    pub passed: bool,
    /// Whether the backward pass left every bit of the parameters unchanged.
    pub parameters_unchanged: bool,
    /// Whether a fault changes the gradient by more than rounding; `None` if there is no fault.
    pub changes_gradient: Option<bool>,
    /// Whether a fault corrupts the update computed from a gradient, or the parameters themselves; `None` if there is
    /// no fault.
    pub changes_update: Option<bool>,
    /// The outcome that the experiment expects.
    pub expect: Expectation,
    /// Whether the outcome is the expected one.
    pub as_expected: bool,
    /// The inputs, and the tensors of each layer.
    pub rows: Vec<TensorRow>,
}

/// The result for one tensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TensorRow {
    /// The layer, counted from 1; 0 for the inputs.
    pub layer: u64,
    /// `inputs`, `weights`, `biases` or `learnt`.
    pub tensor: String,
    /// Whether its largest relative error is within the tolerance.
    pub passed: bool,
    /// Number of entries in the tensor.
    pub entries: u64,
    /// Number of entries that were compared with finite differences.
    pub checked: u64,
    /// Number of entries left out because their differences cross a kink.
    pub kinks: u64,
    /// Number of compared entries whose differences may be only rounding.
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
    /// The fraction of the entries whose sign differs from the sign of the finite difference.
    #[serde(with = "crate::exact")]
    pub sign_disagreements: Option<f64>,
    /// The entry with the largest relative error; `None` if no entry was compared.
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

/// An entry with both of its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorstEntry {
    /// Row and column in a matrix (for the inputs: sample and feature), otherwise the index alone; counted from 0.
    pub at: Vec<u64>,
    /// The entry of the gradient.
    #[serde(with = "crate::exact")]
    pub analytic: Option<f64>,
    /// The finite difference.
    #[serde(with = "crate::exact")]
    pub numeric: Option<f64>,
}

named! {
    /// The outcome that an experiment expects from a check.
    pub enum Expectation {
        /// The gradient is right, and the check passes.
        Passed = "passed",
        /// The gradient is wrong, and the check detects it.
        Caught = "caught",
        /// The gradient is wrong, but the check passes.
        Missed = "missed",
    }
}

impl Expectation {
    /// Whether a check that passed, or failed, meets it.
    pub fn is_met_by(self, passed: bool) -> bool {
        passed != matches!(self, Self::Caught)
    }
}

impl GradientCheck {
    /// The row with the largest relative error. A wrong row without a number is larger than all others.
    pub fn worst(&self) -> Option<&TensorRow> {
        let error = |row: &TensorRow| match row.finite_largest() {
            None if row.passed => f64::NEG_INFINITY,
            None => f64::INFINITY,
            Some(error) => error,
        };
        // Among equals, the first.
        self.rows.iter().rev().max_by(|a, b| error(a).total_cmp(&error(b)))
    }

    /// The largest relative error; `None` if no entry was compared or the error is not a number.
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
