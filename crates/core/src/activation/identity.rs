use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// The identity: a network of such layers is one linear map.
    ///
    /// - Formula: `φ(z) = z`, `φ'(z) = 1`
    /// - Range: (−∞, ∞)
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), section 5.1
    Identity = "identity" {}
}

impl ActivationFunction for Identity {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, _z: F, _a: F) -> F {
        F::ONE
    }
}
