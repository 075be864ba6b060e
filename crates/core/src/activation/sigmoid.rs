use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// The logistic sigmoid.
    ///
    /// - Formula: `φ(z) = 1 / (1 + e⁻ᶻ)`, `φ'(z) = a·(1 − a)` with `a = φ(z)`; at most ¼
    /// - Range: (0, 1)
    /// - Source: Rumelhart, Hinton, Williams, *Learning representations by back-propagating errors* (1986)
    Sigmoid = "sigmoid" {}
}

impl ActivationFunction for Sigmoid {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z.sigmoid()
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, _z: F, a: F) -> F {
        a * (F::ONE - a)
    }
}
