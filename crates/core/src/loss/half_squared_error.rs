use super::LossFunction;
use crate::real::Real;

crate::item! {
    /// Half the squared distance between output and target.
    ///
    /// - Formula: `L = ½ Σᵢ (ŷᵢ − yᵢ)²`, `∂L/∂ŷ = ŷ − y`, then through the output's Jacobian to the logits
    /// - Range: [0, ∞)
    /// - Outputs: `identity`, `sigmoid`, `softmax`
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), equation 5.14
    HalfSquaredError = "half_squared_error" {}
}

impl LossFunction for HalfSquaredError {
    const OUTPUTS: &'static [&'static str] = &["identity", "sigmoid", "softmax"];

    #[inline(always)]
    fn value<F: Real>(&self, output: F, target: F) -> F {
        let error = output - target;
        F::from_f64(0.5) * error * error
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, output: F, target: F) -> F {
        output - target
    }
}
