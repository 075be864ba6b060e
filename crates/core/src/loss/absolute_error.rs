use super::LossFunction;
use crate::real::Real;

crate::item! {
    /// The absolute distance between output and target, whose gradient is the same for small errors and for large ones.
    ///
    /// - Formula: `L = Σᵢ |ŷᵢ − yᵢ|`, `∂L/∂ŷ = sign(ŷ − y)`, 0 at the kink `ŷ = y`, then through the output's Jacobian
    ///   to the logits
    /// - Range: [0, ∞)
    /// - Outputs: `identity`, `sigmoid`, `softmax`
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), section 1.5.5, with q = 1
    AbsoluteError = "absolute_error" {}
}

impl LossFunction for AbsoluteError {
    const OUTPUTS: &'static [&'static str] = &["identity", "sigmoid", "softmax"];

    #[inline(always)]
    fn value<F: Real>(&self, output: F, target: F) -> F {
        (output - target).abs()
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, output: F, target: F) -> F {
        let error = output - target;
        // 0 and NaN remain unchanged.
        let or_negative = if error < F::ZERO { -F::ONE } else { error };
        if error > F::ZERO { F::ONE } else { or_negative }
    }

    fn kinks(&self) -> Vec<f64> {
        vec![0.0]
    }
}
