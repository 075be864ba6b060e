use crate::activation::Activation;
use crate::reference::{BackwardSteps, Trace};

crate::item! {
    /// The derivative of the activation is missing, as if every hidden unit were linear.
    ///
    /// - Formula: `δ = (δ·Wᵀ) ∗ φ'(z)` becomes `δ = δ·Wᵀ`
    /// - No effect: without hidden layers; `identity`; `relu` while every unit is active
    /// - Gradient check: finds it in all layers below the last, and in the inputs
    /// - Source: a layer whose `backward` does the product and forgets that the forward pass had two steps
    NoActivationDerivative = "no_activation_derivative" {}
}

impl BackwardSteps for NoActivationDerivative {
    fn activation_derivative(&self, _phi: &Activation, _trace: &Trace, _layer: usize, _unit: usize) -> f64 {
        1.0
    }
}
