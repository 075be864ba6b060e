//! The results of a check.

use std::fmt;

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// One row for the inputs, and one for each tensor of each layer.
    pub rows: Vec<TensorCheck>,
    /// J, the cost at the point of differentiation.
    pub cost: f64,
    /// σ, the noise of the cost.
    pub noise: f64,
    /// The largest relative error that passes.
    pub tolerance: f64,
    /// Whether the engine left the parameters unchanged, bit for bit.
    pub parameters_unchanged: bool,
}

/// The result for a tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct TensorCheck {
    /// The layer, counted from 1; 0 for the inputs, which are a⁰.
    pub layer: usize,
    /// The tensor.
    pub tensor: Tensor,
    /// Entries of the tensor.
    pub entries: usize,
    /// Entries whose gradient was compared with a difference.
    pub checked: usize,
    /// Entries chosen for comparison whose difference crosses a kink.
    pub kinks: usize,
    /// Compared entries that are smaller than `10 · σ / h`, and not 0: their differences may be only rounding.
    pub below_noise: usize,
    /// The errors of the compared entries; `None` if there are none.
    pub errors: Option<Errors>,
}

/// The tensors of a network that have a gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tensor {
    /// x, `[batch, n_in]`
    Inputs,
    /// W, `[n_in, n_out]`
    Weights,
    /// b, `[n_out]`
    Biases,
    /// The learnt parameters of an activation.
    Learnt,
}

impl Tensor {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inputs => "inputs",
            Self::Weights => "weights",
            Self::Biases => "biases",
            Self::Learnt => "learnt",
        }
    }

    /// Part of the key of random streams: it never changes.
    pub(super) fn number(self) -> u64 {
        match self {
            Self::Inputs => 1,
            Self::Weights => 2,
            Self::Biases => 3,
            Self::Learnt => 4,
        }
    }
}

/// The errors of a tensor. With a an entry of the gradient and n the difference, the absolute error is `|a − n|`, and
/// the relative error `|a − n| / max(|a|, |n|, floor)`; the [module](super) defines the floor.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors {
    /// The largest absolute error.
    pub largest_absolute: f64,
    /// The largest relative error; NaN if any is NaN.
    pub largest_relative: f64,
    /// The median of the relative errors.
    pub median_relative: f64,
    /// The fraction of the entries above the floor whose sign differs from the sign of the difference.
    pub sign_disagreements: f64,
    /// The entry of the largest relative error, the first if there are several.
    pub worst: Worst,
}

/// An entry, and both its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Worst {
    /// Row and column in a matrix (for the inputs: sample and feature), otherwise only the index; counted from 0.
    pub at: Vec<usize>,
    /// a, from the gradient.
    pub analytic: f64,
    /// n, the difference.
    pub numeric: f64,
}

impl TensorCheck {
    /// Whether no relative error is above the tolerance; NaN counts as above.
    pub fn passed(&self, tolerance: f64) -> bool {
        self.errors.as_ref().is_none_or(|errors| errors.largest_relative <= tolerance)
    }
}

impl Check {
    /// Whether no relative error is above the tolerance (NaN is), and the parameters are unchanged.
    pub fn passed(&self) -> bool {
        self.parameters_unchanged && self.rows.iter().all(|row| row.passed(self.tolerance))
    }

    /// The largest relative error of all tensors; `None` if nothing was compared.
    pub fn largest_relative(&self) -> Option<f64> {
        let errors = self.rows.iter().filter_map(|row| row.errors.as_ref());
        errors.map(|errors| errors.largest_relative).reduce(max_or_nan)
    }

    /// Entries compared.
    pub fn checked(&self) -> usize {
        self.rows.iter().map(|row| row.checked).sum()
    }

    /// Entries left out because of a kink.
    pub fn kinks(&self) -> usize {
        self.rows.iter().map(|row| row.kinks).sum()
    }

    /// The outcome itself, if the check has passed.
    ///
    /// # Panics
    /// If the check has not passed. The message names the wrong tensors and their worst entries.
    #[must_use]
    pub fn expect_pass(self) -> Self {
        assert!(self.passed(), "the gradient check has not passed\n{self}");
        self
    }

    /// Compared entries that are too small for the noise.
    pub fn below_noise(&self) -> usize {
        self.rows.iter().map(|row| row.below_noise).sum()
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.parameters_unchanged {
            writeln!(f, "the backward pass changed the parameters")?;
        }
        for row in &self.rows {
            let Some(errors) = &row.errors else { continue };
            let verdict = if row.passed(self.tolerance) { "passed" } else { "FAILED" };
            let Worst { at, analytic, numeric } = &errors.worst;
            writeln!(
                f,
                "layer {} {}: {verdict}, relative error {:e} at {at:?}: {analytic:e} instead of {numeric:e}",
                row.layer,
                row.tensor.name(),
                errors.largest_relative,
            )?;
        }
        write!(f, "tolerance {:e}, {} compared, {} kinks", self.tolerance, self.checked(), self.kinks())
    }
}

/// The larger number; NaN if one is NaN.
pub(super) fn max_or_nan(a: f64, b: f64) -> f64 {
    if a.is_nan() || b <= a { a } else { b }
}
