use crate::reference::BackwardSteps;

crate::item! {
    /// The delta of the output is ŷ − y, for every loss and output.
    ///
    /// - Formula: `δᴸ = Jᵀ·∂L/∂ŷ` becomes `δᴸ = ŷ − y`
    /// - No effect: where ŷ − y is the gradient: `half_squared_error` with `identity`, `binary_cross_entropy` with
    ///   `sigmoid`, `cross_entropy` with `softmax` and targets that sum to 1, up to rounding; `huber` with `identity`
    ///   while no error is larger than its `delta`
    /// - Gradient check: finds it in all layers and in the inputs
    /// - Source: a lecture on MNIST that prints the binary cross-entropy over a softmax and calls ŷ − y its gradient
    DifferenceAsDelta = "difference_as_delta" {}
}

impl BackwardSteps for DifferenceAsDelta {
    fn output_delta(&self, _delta: f64, output: f64, target: f64) -> f64 {
        output - target
    }
}
