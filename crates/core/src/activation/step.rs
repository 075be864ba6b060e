use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// The threshold unit. Its derivative is 0 wherever it exists, so backpropagation does not change any layer below it. It
    /// demonstrates this effect.
    ///
    /// - Formula: `φ(z) = 1 if z > 0 else 0`, `φ'(z) = 0`
    /// - Range: {0, 1}
    /// - Source: McCulloch and Pitts, *A logical calculus of the ideas immanent in nervous activity* (1943)
    Step = "step" {}
}

impl ActivationFunction for Step {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        // A step must not turn NaN into a number.
        if z > F::ZERO {
            F::ONE
        } else if z <= F::ZERO {
            F::ZERO
        } else {
            z
        }
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, _z: F, _a: F) -> F {
        F::ZERO
    }

    const KINKS: &'static [f64] = &[0.0];
    const INFORMATIVE: bool = false;
}
