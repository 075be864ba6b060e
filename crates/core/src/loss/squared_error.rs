use super::LossFunction;
use crate::real::Real;

crate::item! {
    /// The squared distance between output and target, with twice the gradient of `half_squared_error`.
    ///
    /// - Formula: `L = Σᵢ (ŷᵢ − yᵢ)²`, `∂L/∂ŷ = 2(ŷ − y)`, then through the output's Jacobian to the logits
    /// - Range: [0, ∞)
    /// - Outputs: `identity`, `sigmoid`, `softmax`
    /// - Source: Goodfellow, Bengio and Courville, *Deep Learning* (2016), section 5.1.4
    SquaredError = "squared_error" {}
}

impl LossFunction for SquaredError {
    const OUTPUTS: &'static [&'static str] = &["identity", "sigmoid", "softmax"];

    #[inline(always)]
    fn value<F: Real>(&self, output: F, target: F) -> F {
        let error = output - target;
        error * error
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, output: F, target: F) -> F {
        F::from_f64(2.0) * (output - target)
    }
}
