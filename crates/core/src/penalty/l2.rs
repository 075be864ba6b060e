use super::PenaltyFunction;
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// Half the sum of the squared weights: it keeps them small. For `sgd` it is the same as `weight_decay`.
    ///
    /// - Formula: `p(w) = ½·λ·w²`, `p'(w) = λ·w`
    /// - Source: Krogh and Hertz, *A simple weight decay can improve generalization* (1991)
    L2 = "l2" {
        /// λ, the strength.
        strength: f64 = 1e-4, Range::NON_NEGATIVE;
    }
}

impl PenaltyFunction for L2 {
    #[inline(always)]
    fn value<F: Real>(&self, w: F) -> F {
        F::from_f64(0.5 * self.strength) * w * w
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, w: F) -> F {
        F::from_f64(self.strength) * w
    }
}
