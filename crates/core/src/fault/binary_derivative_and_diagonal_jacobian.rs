use crate::loss::Loss;
use crate::reference::{BackwardSteps, OutputUnit, loss_derivative};

crate::item! {
    /// Two errors at once: the derivative of the binary cross-entropy, for any loss, through the diagonal of the output's
    /// Jacobian. For `cross_entropy` over `softmax` they cancel exactly: the result is ŷ − y, which is right.
    ///
    /// - Formula: `δᴸ = Jᵀ·∂L/∂ŷ` becomes `δᴸⱼ = (−yⱼ/ŷⱼ + (1 − yⱼ)/(1 − ŷⱼ))·ŷⱼ·(1 − ŷⱼ) = ŷⱼ − yⱼ` with `softmax` or
    ///   `sigmoid`
    /// - No effect: `cross_entropy` with `softmax` and targets that sum to 1, up to rounding; `binary_cross_entropy`
    ///   with `sigmoid`, where neither is an error
    /// - Gradient check: does not find it with `cross_entropy` over `softmax`: the gradient is right, and only the
    ///   derivation is wrong. Finds it elsewhere, in all layers and in the inputs
    /// - Source: a lecture on MNIST that multiplies entry by entry instead of by the Jacobian of the softmax
    BinaryDerivativeAndDiagonalJacobian = "binary_derivative_and_diagonal_jacobian" {}
}

impl BackwardSteps for BinaryDerivativeAndDiagonalJacobian {
    fn loss_derivative(&self, _loss: &Loss, output: OutputUnit, target: f64) -> f64 {
        loss_derivative(&Loss::BinaryCrossEntropy(Default::default()), output, target)
    }

    fn output_jacobian(&self, entry: f64, i: usize, j: usize) -> f64 {
        if i == j { entry } else { 0.0 }
    }
}
