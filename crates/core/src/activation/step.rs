use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// The threshold unit. Its derivative is 0 wherever it exists, so backpropagation leaves every layer below it as it
    /// began: it is here to show that.
    ///
    /// - Formula: `φ(z) = 1 if z > 0 else 0`, `φ'(z) = 0`
    /// - Range: {0, 1}
    /// - Source: McCulloch and Pitts, *A logical calculus of the ideas immanent in nervous activity* (1943)
    Step = "step" {}
}

impl ActivationFunction for Step {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        // z − z is 0 for finite numbers and NaN for the others: a step must not turn NaN into a number.
        let nan_or_zero = z - z;
        if z > F::ZERO { F::ONE } else { nan_or_zero }
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, _z: F, _a: F) -> F {
        F::ZERO
    }

    const KINKS: &'static [f64] = &[0.0];
    const INFORMATIVE: bool = false;
}
