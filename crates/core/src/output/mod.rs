//! Outputs: the function of the last layer, applied to its pre-activations, the *logits*: `ŷ = output(z)`, row by row.

mod identity;
mod sigmoid;
mod softmax;

use crate::real::Real;

crate::family! {
    /// The output of the network.
    #[derive(Copy)]
    Output = "output", kernel<F: Real> = dyn OutputKernel<F>, default Identity {
        Identity(identity),
        Sigmoid(sigmoid),
        Softmax(softmax),
    }
}

/// An output on a matrix of rows of `n_out` logits, row-major.
pub trait OutputKernel<F> {
    /// `outputs ← output(logits)`
    fn forward(&self, n_out: usize, logits: &[F], outputs: &mut [F]);

    /// `gradient ← Jᵀ·gradient` row by row, with J the Jacobian ∂ŷ/∂z: from ∂L/∂ŷ to ∂L/∂z.
    fn backward(&self, n_out: usize, outputs: &[F], gradient: &mut [F]);

    /// Whether the outputs of a row are probabilities that sum to 1, one per class.
    fn is_distribution(&self) -> bool {
        false
    }

    /// Whether each output is a probability by itself.
    fn is_probability(&self) -> bool {
        false
    }
}

impl Output {
    /// The units needed for `classes` classes: one per class, or a single one for two classes if outputs do not depend
    /// on each other.
    pub fn units(&self, classes: usize) -> usize {
        if classes == 2 && !self.kernel::<f64>().is_distribution() { 1 } else { classes }
    }
}
