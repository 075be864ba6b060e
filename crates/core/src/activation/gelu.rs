use super::{ActivationFunction, VANISHES};
use crate::real::Real;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

crate::item! {
    /// The Gaussian error linear unit: the input times the share of a standard normal distribution that lies below it.
    ///
    /// - Formula: `φ(z) = z·Φ(z)`, `φ'(z) = Φ(z) + z·e^(−z²/2)/√(2π)` with `Φ(z) = ½·(1 + erf(z/√2))`
    /// - Range: [−0.16997…, ∞), least at z = −0.75179…
    /// - Source: Hendrycks and Gimpel, *Gaussian error linear units (GELUs)* (2016), section 2
    Gelu = "gelu" {}
}

/// Φ(z), the cumulative distribution function of the standard normal distribution.
#[inline(always)]
fn share_below<F: Real>(z: F) -> F {
    F::from_f64(0.5) * (F::ONE + (z * F::from_f64(FRAC_1_SQRT_2)).erf())
}

impl ActivationFunction for Gelu {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z.max_or_nan(-F::from_f64(VANISHES)) * share_below(z)
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        let z = z.within(VANISHES);
        let density = F::from_f64(0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2) * (-F::from_f64(0.5) * z * z).exp();
        share_below(z) + z * density
    }
}
