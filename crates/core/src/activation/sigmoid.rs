use super::ActivationFunction;
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// The logistic function. It saturates on both sides, where its gradient vanishes.
    ///
    /// - Formula: `φ(z) = c / (1 + e^(−β·z))`, `φ'(z) = β·a·(1 − a/c)` with `a = φ(z)`
    /// - Range: (0, c); the derivative is at most c·β/4
    /// - Accuracy: the derivative is computed from a; its absolute error is at most 2 units in the last place of c·β/4
    /// - Source: Rumelhart, Hinton, Williams, *Learning representations by back-propagating errors* (1986)
    Sigmoid = "sigmoid" {
        /// c, the height.
        c: f64 = 1.0, Range::closed(0.01, 100.0);
        /// β, the steepness.
        beta: f64 = 1.0, Range::closed(0.01, 10.0);
    }
}

impl ActivationFunction for Sigmoid {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        F::from_f64(self.c) * (F::from_f64(self.beta) * z).sigmoid()
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, _z: F, a: F) -> F {
        a * (F::from_f64(self.beta) - F::from_f64(self.beta / self.c) * a)
    }
}
