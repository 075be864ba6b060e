use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// A smooth rectified linear unit, whose derivative is the logistic sigmoid.
    ///
    /// - Formula: `φ(z) = ln(1 + eᶻ)`, computed as `max(z, 0) + ln(1 + e^(−|z|))`; `φ'(z) = 1 / (1 + e⁻ᶻ)`
    /// - Range: (0, ∞)
    /// - Source: Dugas, Bengio, Bélisle, Nadeau, Garcia, *Incorporating second-order functional knowledge for better
    ///   option pricing* (2001)
    Softplus = "softplus" {}
}

impl ActivationFunction for Softplus {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z.max_or_nan(F::ZERO) + (-z.abs()).exp().ln_1p()
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        z.sigmoid()
    }
}
