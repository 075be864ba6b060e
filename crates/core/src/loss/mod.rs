//! Losses: the cost of a sample's outputs `ŷ` for its target `y`, `L = Σᵢ ℓ(ŷᵢ, yᵢ)`. A loss sums over the outputs of a
//! sample; the training loop reduces over the samples of a batch.
//!
//! To add one: a file with its type ([`item!`](crate::item)) and formulas ([`LossFunction`]), and its lines in the
//! registry below.

mod absolute_error;
mod binary_cross_entropy;
mod cross_entropy;
mod half_squared_error;
mod huber;
mod squared_error;

use crate::error::SettingsError;
use crate::output::Output;
use crate::real::Real;
use crate::registry::Item;
use crate::simd::vectorized;

crate::family! {
    /// The loss.
    #[derive(Copy)]
    Loss = "loss", kernel<F: Real> = dyn LossKernel<F>, default HalfSquaredError {
        HalfSquaredError(half_squared_error),
        SquaredError(squared_error),
        AbsoluteError(absolute_error),
        Huber(huber),
        CrossEntropy(cross_entropy),
        BinaryCrossEntropy(binary_cross_entropy),
    }
}

/// The formula and the derivative in a loss's file, for one output of a sample.
///
/// Both are written once for every precision. They must return NaN for NaN, so that divergence is noticed: write `if
/// error > 1 { 1 } else { error }`, not `if error <= 1 { error } else { 1 }`.
pub trait LossFunction: Item {
    /// The supported outputs, by name, as in the documentation.
    const OUTPUTS: &'static [&'static str];

    /// Whether the targets must be classes.
    const NEEDS_CLASSES: bool = false;

    /// ℓ(ŷᵢ, yᵢ); the loss of a sample is `L = Σᵢ ℓ`.
    fn value<F: Real>(&self, output: F, target: F) -> F;

    /// `∂ℓ/∂ŷᵢ`. At a kink, the documented value.
    fn derivative<F: Real>(&self, output: F, target: F) -> F;

    /// The default output.
    fn default_output(&self) -> Output {
        Output::default()
    }

    /// The sizes of the error `|ŷᵢ − yᵢ|` at which ℓ is not smooth.
    fn kinks(&self) -> Vec<f64> {
        Vec::new()
    }

    /// Loss and gradient as functions of the logits, if the loss is *fused* with this output. If `None`, `value` and
    /// `derivative` are computed from the outputs, and the output's full Jacobian then gives `∂L/∂z`.
    fn fused<F: Real>(&self, _output: &Output) -> Option<Fused<F>> {
        None
    }
}

/// A loss and the output before it as one function of the logits. Both formulas keep full relative accuracy even if the
/// outputs are rounded to 0 or 1. `ŷ − y` is the same number, but would lose all digits of a confident, right
/// prediction.
#[derive(Debug, Clone, Copy)]
pub struct Fused<F> {
    /// Fills in the loss of every sample, `[batch]`.
    pub losses: fn(Rows<'_, F>, &mut [F]),
    /// Fills in `∂L/∂z`, `[batch, n_out]`.
    pub delta: fn(Rows<'_, F>, &mut [F]),
}

/// The rows of a batch that a loss uses, each `[batch, n_out]`, row-major.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, F> {
    /// Units of the last layer.
    pub n_out: usize,
    /// z, the pre-activations of the last layer.
    pub logits: &'a [F],
    /// ŷ, the outputs of the network.
    pub outputs: &'a [F],
    /// y, the targets.
    pub targets: &'a [F],
}

/// A loss as the engine uses it: on rows of outputs.
pub trait LossKernel<F> {
    /// The loss of every sample, `[batch]`, for rows that `output` computed.
    fn sample_losses(&self, output: &Output, rows: Rows<'_, F>, losses: &mut [F]);

    /// `delta ← ∂L/∂z`, the gradient with respect to the logits, `[batch, n_out]`, before any reduction.
    fn delta(&self, output: &Output, rows: Rows<'_, F>, delta: &mut [F]);

    /// Whether value and gradient are computed from the logits with this output.
    fn is_fused(&self, output: &Output) -> bool;

    /// The supported outputs, by name.
    fn outputs(&self) -> &'static [&'static str];

    /// The default output.
    fn default_output(&self) -> Output;

    /// Whether the targets must be classes.
    fn needs_classes(&self) -> bool;

    /// The sizes of the error `|ŷᵢ − yᵢ|` at which the loss is not smooth.
    fn kinks(&self) -> Vec<f64>;
}

impl<L: LossFunction, F: Real> LossKernel<F> for L {
    fn sample_losses(&self, output: &Output, rows: Rows<'_, F>, losses: &mut [F]) {
        match self.fused(output) {
            Some(fused) => (fused.losses)(rows, losses),
            None => sum_values(self, rows, losses),
        }
    }

    fn delta(&self, output: &Output, rows: Rows<'_, F>, delta: &mut [F]) {
        if let Some(fused) = self.fused(output) {
            return (fused.delta)(rows, delta);
        }
        fill(
            rows,
            delta,
            #[inline(always)]
            |output, target| self.derivative(output, target),
        );
        output.kernel().backward(rows.n_out, rows.outputs, delta);
    }

    fn is_fused(&self, output: &Output) -> bool {
        self.fused::<F>(output).is_some()
    }

    fn outputs(&self) -> &'static [&'static str] {
        L::OUTPUTS
    }

    fn default_output(&self) -> Output {
        LossFunction::default_output(self)
    }

    fn needs_classes(&self) -> bool {
        L::NEEDS_CLASSES
    }

    fn kinks(&self) -> Vec<f64> {
        LossFunction::kinks(self)
    }
}

impl Loss {
    /// Whether the loss supports an output.
    ///
    /// # Errors
    /// [`SettingsError::LossAndOutput`], which names the supported outputs.
    pub fn check_output(&self, output: &Output) -> Result<(), SettingsError> {
        let outputs = self.kernel::<f64>().outputs();
        if outputs.contains(&output.name()) {
            return Ok(());
        }
        let allowed = outputs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Err(SettingsError::LossAndOutput { loss: self.name(), output: output.name(), allowed })
    }
}

/// `entries ← f(ŷ, y)`, entry by entry.
#[inline(always)]
fn fill<F: Real>(rows: Rows<'_, F>, entries: &mut [F], f: impl Fn(F, F) -> F) {
    vectorized(
        #[inline(always)]
        || {
            for ((entry, &output), &target) in entries.iter_mut().zip(rows.outputs).zip(rows.targets) {
                *entry = f(output, target);
            }
        },
    );
}

/// The number of values computed at a time: vectorised for rows of any width, without allocation.
const CHUNK: usize = 128;

/// `losses ← Σᵢ ℓ(ŷᵢ, yᵢ)` row by row, from the first output to the last.
fn sum_values<L: LossFunction, F: Real>(loss: &L, rows: Rows<'_, F>, losses: &mut [F]) {
    let mut values = [F::ZERO; CHUNK];
    losses.fill(F::ZERO);
    let (mut sample, mut column) = (0, 0);
    for (outputs, targets) in rows.outputs.chunks(CHUNK).zip(rows.targets.chunks(CHUNK)) {
        let values = &mut values[..outputs.len()];
        fill(
            Rows { outputs, targets, ..rows },
            values,
            #[inline(always)]
            |output, target| loss.value(output, target),
        );
        for &mut value in values {
            losses[sample] += value;
            column += 1;
            if column == rows.n_out {
                (sample, column) = (sample + 1, 0);
            }
        }
    }
}
