use super::{ActivationFunction, MOST_LEARNT};
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// The leaky rectified linear unit with a learnt slope, one per layer.
    ///
    /// - Formula: `φ(z) = z if z > 0 else δ·z`, `φ'(z) = 1 if z > 0 else δ`, `∂φ/∂δ = 0 if z > 0 else z`; at the kink 0 the
    ///   derivative is taken as δ
    /// - Range: (−∞, ∞) for δ > 0; training may carry δ anywhere
    /// - Source: He, Zhang, Ren, Sun, *Delving deep into rectifiers* (2015), the channel-shared form of equation 1
    Prelu = "prelu" {
        /// δ, the initial slope for negative inputs.
        slope: f64 = 0.25, Range::closed(0.0, 1.0);
    }
}

impl ActivationFunction for Prelu {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        if z < F::ZERO { F::from_f64(self.slope) * z } else { z }
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        if z <= F::ZERO { F::from_f64(self.slope) } else { F::ONE }
    }

    const KINKS: &'static [f64] = &[0.0];

    const LEARNT: usize = 1;

    fn learnt(&self) -> [f64; MOST_LEARNT] {
        [self.slope, 0.0]
    }

    fn with_learnt(&self, [slope, _]: [f64; MOST_LEARNT]) -> Self {
        Self { slope }
    }

    #[inline(always)]
    fn learnt_derivatives<F: Real>(&self, z: F, _a: F) -> [F; MOST_LEARNT] {
        [if z <= F::ZERO { z } else { F::ZERO }, F::ZERO]
    }
}
