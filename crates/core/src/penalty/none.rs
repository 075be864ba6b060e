use super::PenaltyFunction;
use crate::real::Real;

crate::item! {
    /// No penalty: the cost is the loss.
    ///
    /// - Formula: `p(w) = 0`
    /// - Source: for contrast; Goodfellow, Bengio, Courville, *Deep Learning* (2016), chapter 7
    None = "none" {}
}

impl PenaltyFunction for None {
    #[inline(always)]
    fn value<F: Real>(&self, _w: F) -> F {
        F::ZERO
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, _w: F) -> F {
        F::ZERO
    }
}
