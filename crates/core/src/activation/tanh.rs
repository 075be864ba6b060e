use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// The hyperbolic tangent: a sigmoid that is odd, `tanh z = 2σ(2z) − 1`.
    ///
    /// - Formula: `φ(z) = tanh z`, `φ'(z) = 1 − a²` with `a = φ(z)`; at most 1
    /// - Range: (−1, 1)
    /// - Accuracy: the derivative is computed from a; its absolute error is at most 2 units in the last place of 1
    /// - Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp* (1998), section 4.4
    Tanh = "tanh" {}
}

impl ActivationFunction for Tanh {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z.tanh()
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, _z: F, a: F) -> F {
        F::ONE - a * a
    }
}
