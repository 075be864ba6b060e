use crate::reference::BackwardSteps;

crate::item! {
    /// The biases get no gradient, so they keep their initial values.
    ///
    /// - Formula: `∂L/∂bⱼ = δⱼ` becomes 0
    /// - No effect: without biases
    /// - Gradient check: finds it in the biases
    /// - Source: an update rule that was written for the weights, before there were biases
    MissingBiasGradient = "missing_bias_gradient" {}
}

impl BackwardSteps for MissingBiasGradient {
    fn bias_gradient(&self, _delta: f64) -> f64 {
        0.0
    }
}
