use super::{ActivationFunction, VANISHES};
use crate::real::Real;

crate::item! {
    /// The Gaussian error linear unit: the input times the probability that a standard normal number is below it.
    ///
    /// - Formula: `φ(z) = z·Φ(z)`, `φ'(z) = Φ(z) + z·e^(−z²/2)/√(2π)` with `Φ(z) = ½·erfc(−z/√2)`, computed as a tail
    ///   where z < 0, so that no digits are lost there
    /// - Range: [−0.16997…, ∞), least at z = −0.75179…
    /// - Source: Hendrycks and Gimpel, *Gaussian error linear units (GELUs)* (2016), section 2
    Gelu = "gelu" {}
}

impl ActivationFunction for Gelu {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z.max_or_nan(-F::from_f64(VANISHES)) * z.normal().0
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        let z = z.within(VANISHES);
        let (share_below, density) = z.normal();
        z.mul_add(density, share_below)
    }
}
