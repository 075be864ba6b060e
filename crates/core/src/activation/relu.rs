use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// The rectified linear unit.
    ///
    /// - Formula: `φ(z) = max(0, z)`, `φ'(z) = 1 if z > 0 else 0`; at the kink 0 the derivative is taken as 0
    /// - Range: [0, ∞)
    /// - Source: Nair and Hinton, *Rectified linear units improve restricted Boltzmann machines* (2010)
    Relu = "relu" {}
}

impl ActivationFunction for Relu {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        if z < F::ZERO { F::ZERO } else { z }
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        if z <= F::ZERO { F::ZERO } else { F::ONE }
    }

    const KINKS: &'static [f64] = &[0.0];

    fn can_die(&self) -> bool {
        true
    }
}
