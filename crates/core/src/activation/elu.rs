use super::ActivationFunction;
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// The exponential linear unit: negative inputs bring the mean of a layer closer to 0.
    ///
    /// - Formula: `φ(z) = z if z > 0 else α·(eᶻ − 1)`, `φ'(z) = 1 if z > 0 else α·eᶻ`; at the kink 0
    ///   the derivative is taken as α
    /// - Range: (−α, ∞)
    /// - Source: Clevert, Unterthiner, Hochreiter, *Fast and accurate deep network learning by exponential linear units
    ///   (ELUs)* (2016)
    Elu = "elu" {
        /// α: large negative inputs give −α.
        alpha: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl ActivationFunction for Elu {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        if z > F::ZERO { z } else { F::from_f64(self.alpha) * z.exp_m1() }
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        if z > F::ZERO { F::ONE } else { F::from_f64(self.alpha) * z.exp() }
    }

    const KINKS: &'static [f64] = &[0.0];

    fn can_die(&self) -> bool {
        self.alpha == 0.0
    }
}
