//! The settings of a gradient check.

use crate::real::Element;
use crate::word::word_or_value;
use serde::{Deserialize, Serialize};

/// How a gradient is checked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Default)]
pub struct CheckSettings {
    /// The differences that the gradient is compared with.
    pub scheme: Scheme,
    /// The step of a difference.
    pub step_size: StepSize,
    /// The entries of a tensor to check.
    pub entries: Entries,
    /// The largest relative error that passes.
    pub tolerance: Tolerance,
}

/// The finite differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Two points, one of them the network itself; the error is proportional to h.
    Forward,
    /// Two points, one on each side; the error is proportional to h².
    Central,
    /// Four points, two on each side; the error is proportional to h⁴.
    #[default]
    FivePoint,
}

/// The step of a difference: `"auto"`, or h.
///
/// The automatic step is chosen for each entry. It starts as the power of two next to √ε, ∛ε or ε^⅕ (forward, central,
/// five-point), times the power of two at or above |θ| if |θ| is above 1. It is halved until it moves no pre-activation
/// of any layer by more than √ε, ∛ε or ε^⅕, because the functions bend over that scale.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum StepSize {
    /// Automatic.
    #[default]
    Auto,
    /// h, the same for all entries.
    Given(f64),
}

/// The entries of a tensor to check: `"all"`, or this many, drawn from the seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entries {
    /// All.
    #[default]
    All,
    /// At most so many of each tensor.
    Some(usize),
}

/// The largest relative error that passes: `"auto"`, or a number.
///
/// | automatic | `f32` | `f64` |
/// |---|---|---|
/// | forward | 0.1 | 1e-4 |
/// | central | 0.01 | 1e-7 |
/// | five-point | 0.01 | 1e-7 |
///
/// With a given step h, the tolerance grows like the error. Above the default step h₀, the factor is `(h/h₀)^p` for a
/// scheme whose error is proportional to hᵖ; below, it is h₀/h.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Tolerance {
    /// By scheme, precision and step.
    #[default]
    Auto,
    /// A number.
    At(f64),
}

word_or_value!(StepSize, Auto = "auto", Given(f64));
word_or_value!(Entries, All = "all", Some(usize));
word_or_value!(Tolerance, Auto = "auto", At(f64));

impl CheckSettings {
    /// The largest relative error that passes in the precision of F.
    pub fn tolerance<F: Element>(&self) -> f64 {
        match (self.tolerance, self.step_size) {
            (Tolerance::At(tolerance), _) => tolerance,
            (Tolerance::Auto, StepSize::Auto) => self.scheme.default_tolerance::<F>(),
            (Tolerance::Auto, StepSize::Given(h)) => {
                let ratio = h / self.scheme.default_step::<F>();
                let growth = ratio.powi(self.scheme.order()).max(1.0 / ratio);
                growth.max(1.0) * self.scheme.default_tolerance::<F>()
            }
        }
    }
}

impl Scheme {
    /// p: the error of the difference is proportional to hᵖ.
    pub fn order(self) -> i32 {
        match self {
            Self::Forward => 1,
            Self::Central => 2,
            Self::FivePoint => 4,
        }
    }

    /// h₀, the power of two next to √ε, ∛ε or ε^⅕, where the errors of scheme and rounding are about equal. It is the
    /// step for a θ of about 1 that moves pre-activations by no more than itself.
    pub fn default_step<F: Element>(self) -> f64 {
        let exponent = match (self, F::SIZE) {
            (Self::Forward, 4) => -12,
            (Self::Central, 4) => -8,
            (Self::FivePoint, 4) => -5,
            (Self::Forward, _) => -26,
            (Self::Central, _) => -17,
            (Self::FivePoint, _) => -10,
        };
        libm::ldexp(1.0, exponent)
    }

    /// The largest relative error that passes with the default step; the documentation of [`Tolerance`] lists the
    /// numbers.
    pub fn default_tolerance<F: Element>(self) -> f64 {
        match (self, F::SIZE) {
            (Self::Forward, 4) => 0.1,
            (Self::Central | Self::FivePoint, 4) => 0.01,
            (Self::Forward, _) => 1e-4,
            (Self::Central | Self::FivePoint, _) => 1e-7,
        }
    }
}
