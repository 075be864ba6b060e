use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// A sigmoid that approaches its limits like 1/z, not exponentially, so it saturates slowly.
    ///
    /// - Formula: `φ(z) = z / (1 + |z|)`, `φ'(z) = 1 / (1 + |z|)²`; its second derivative jumps at 0, from 2 to −2
    /// - Range: (−1, 1)
    /// - Source: Bergstra, Desjardins, Lamblin, Bengio, *Quadratic polynomials learn better image features* (2009)
    Softsign = "softsign" {}
}

impl ActivationFunction for Softsign {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        // ∞/∞ would be NaN; 1e30 already gives 1.
        let z = z.within(1e30);
        z / (F::ONE + z.abs())
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        let root = F::ONE / (F::ONE + z.abs());
        root * root
    }

    const KINKS: &'static [f64] = &[0.0];
}
