//! Losses: what a sample's outputs `ŷ` cost against its target `y`. Losses sum over the outputs of a sample; the
//! reduction over the samples of a batch is the training loop's.

mod binary_cross_entropy;
mod cross_entropy;
mod half_squared_error;

use crate::error::SettingsError;
use crate::output::Output;
use crate::real::Real;

crate::family! {
    /// The loss.
    #[derive(Copy)]
    Loss = "loss", kernel<F: Real> = dyn LossKernel<F>, default HalfSquaredError {
        HalfSquaredError(half_squared_error),
        CrossEntropy(cross_entropy),
        BinaryCrossEntropy(binary_cross_entropy),
    }
}

/// The rows of a batch that a loss looks at, each `[batch, n_out]`, row-major.
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

/// A loss on rows of outputs.
pub trait LossKernel<F> {
    /// The loss of every sample, `[batch]`. Cross-entropies take it from the logits, which keeps it finite and exact
    /// where the outputs have long been rounded to 0 or 1.
    fn sample_losses(&self, rows: Rows<'_, F>, losses: &mut [F]);

    /// `delta ← ∂L/∂z`, the gradient with respect to the logits, `[batch, n_out]`, before any reduction.
    fn delta(&self, output: &Output, rows: Rows<'_, F>, delta: &mut [F]);

    /// The outputs it goes with, by name.
    fn outputs(&self) -> &'static [&'static str];

    /// The output that is taken where an experiment names none.
    fn default_output(&self) -> Output;

    /// Whether the targets must be classes.
    fn needs_classes(&self) -> bool;
}

impl Loss {
    /// Whether the loss goes with an output.
    ///
    /// # Errors
    /// [`SettingsError::LossAndOutput`], naming the outputs it goes with.
    pub fn check_output(&self, output: &Output) -> Result<(), SettingsError> {
        let outputs = self.kernel::<f64>().outputs();
        if outputs.contains(&output.name()) {
            return Ok(());
        }
        let allowed = outputs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        Err(SettingsError::LossAndOutput { loss: self.name(), output: output.name(), allowed })
    }
}

/// `delta ← outputs − targets`: the gradient with respect to the logits of every loss that is fused with its own
/// output.
fn difference<F: Real>(rows: Rows<'_, F>, delta: &mut [F]) {
    crate::simd::vectorized(
        #[inline(always)]
        || {
            for ((delta, &output), &target) in delta.iter_mut().zip(rows.outputs).zip(rows.targets) {
                *delta = output - target;
            }
        },
    );
}
