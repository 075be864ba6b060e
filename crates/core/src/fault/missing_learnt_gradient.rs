use crate::reference::BackwardSteps;

crate::item! {
    /// The learnt parameters of the activation get no gradient, so they keep their initial values.
    ///
    /// - Formula: `∂L/∂θ = Σᵢ eᵢ·∂φ/∂θ(zᵢ)` becomes 0
    /// - No effect: without hidden layers; activations that learn nothing, all but `prelu` and `learnt_sigmoid`
    /// - Gradient check: finds it in the learnt parameters
    /// - Source: layer parameters that are not registered with the optimizer
    MissingLearntGradient = "missing_learnt_gradient" {}
}

impl BackwardSteps for MissingLearntGradient {
    fn learnt_gradient(&self, _gradient: f64) -> f64 {
        0.0
    }
}
