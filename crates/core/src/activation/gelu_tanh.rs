use super::{ActivationFunction, VANISHES};
use crate::real::Real;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

crate::item! {
    /// The Gaussian error linear unit with its error function approximated by a hyperbolic tangent; it differs from
    /// `gelu` by less than 0.0005.
    ///
    /// - Formula: `φ(z) = ½·z·(1 + tanh u)` with `u = √(2/π)·(z + 0.044715·z³)`,
    ///   `φ'(z) = s + z·s·(1 − s)·2u'` with `s = ½·(1 + tanh u) = σ(2u)` and `u' = √(2/π)·(1 + 3·0.044715·z²)`
    /// - Range: [−0.17004…, ∞), least at z = −0.75246…
    /// - Source: Hendrycks and Gimpel, *Gaussian error linear units (GELUs)* (2016), section 2
    GeluTanh = "gelu_tanh" {}
}

/// 2·√(2/π)
const TWICE_ROOT: f64 = 2.0 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2;
const CUBIC: f64 = 0.044_715;

/// σ(2u) = ½·(1 + tanh u), without the cancellation on the left side.
#[inline(always)]
fn gate<F: Real>(z: F) -> F {
    (F::from_f64(TWICE_ROOT) * z * (F::ONE + F::from_f64(CUBIC) * z * z)).sigmoid()
}

impl ActivationFunction for GeluTanh {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z.max_or_nan(-F::from_f64(VANISHES)) * gate(z)
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        let z = z.within(VANISHES);
        let slope = F::from_f64(TWICE_ROOT) * (F::ONE + F::from_f64(3.0 * CUBIC) * z * z);
        let s = gate(z);
        s + z * s * (F::ONE - s) * slope
    }
}
