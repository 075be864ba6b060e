use super::{PenaltyFunction, sign};
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// The sum of the absolute weights: it drives many of them to 0.
    ///
    /// - Formula: `p(w) = λ·|w|`, `p'(w) = λ·sign w`, 0 at 0
    /// - Source: Tibshirani, *Regression shrinkage and selection via the lasso* (1996)
    L1 = "l1" {
        /// λ, the strength.
        strength: f64 = 1e-4, Range::NON_NEGATIVE;
    }
}

impl PenaltyFunction for L1 {
    #[inline(always)]
    fn value<F: Real>(&self, w: F) -> F {
        F::from_f64(self.strength) * w.abs()
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, w: F) -> F {
        F::from_f64(self.strength) * sign(w)
    }

    const KINKS: &'static [f64] = &[0.0];
}
