use crate::reference::BackwardSteps;

crate::item! {
    /// Only the diagonal of the softmax's Jacobian is kept: the product with the gradient of the loss is taken entry by
    /// entry.
    ///
    /// - Formula: `∂L/∂zⱼ = Σᵢ ∂L/∂ŷᵢ·ŷᵢ·(δᵢⱼ − ŷⱼ)` becomes `∂L/∂zⱼ = ∂L/∂ŷⱼ·ŷⱼ·(1 − ŷⱼ)`
    /// - No effect: `sigmoid` and `identity` outputs, whose Jacobian is diagonal
    /// - Gradient check: finds it in all layers and in the inputs; with `binary_cross_entropy` too, although the result
    ///   is ŷ − y, which looks right
    /// - Source: summaries that write `δ = ∇L ∗ φ'(z)` for every output
    DiagonalSoftmaxJacobian = "diagonal_softmax_jacobian" {}
}

impl BackwardSteps for DiagonalSoftmaxJacobian {
    fn output_jacobian(&self, entry: f64, i: usize, j: usize) -> f64 {
        if i == j { entry } else { 0.0 }
    }
}
