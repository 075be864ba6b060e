use super::{PenaltyFunction, sign};
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// `l1` and `l2` together.
    ///
    /// - Formula: `p(w) = λ₁·|w| + ½·λ₂·w²`, `p'(w) = λ₁·sign w + λ₂·w`
    /// - Source: Zou and Hastie, *Regularization and variable selection via the elastic net* (2005)
    ElasticNet = "elastic_net" {
        /// λ₁, the strength of the absolute weights.
        l1: f64 = 1e-4, Range::NON_NEGATIVE;
        /// λ₂, the strength of their squares.
        l2: f64 = 1e-4, Range::NON_NEGATIVE;
    }
}

impl PenaltyFunction for ElasticNet {
    #[inline(always)]
    fn value<F: Real>(&self, w: F) -> F {
        F::from_f64(self.l1) * w.abs() + F::from_f64(0.5 * self.l2) * w * w
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, w: F) -> F {
        F::from_f64(self.l1) * sign(w) + F::from_f64(self.l2) * w
    }

    const KINKS: &'static [f64] = &[0.0];
}
