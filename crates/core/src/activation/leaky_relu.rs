use super::ActivationFunction;
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// The leaky rectified linear unit: its gradient does not vanish for negative inputs.
    ///
    /// - Formula: `φ(z) = z if z > 0 else δ·z`, `φ'(z) = 1 if z > 0 else δ`; at the kink 0 the derivative is taken as δ
    /// - Range: (−∞, ∞) for δ > 0
    /// - Source: Maas, Hannun, Ng, *Rectifier nonlinearities improve neural network acoustic models* (2013)
    LeakyRelu = "leaky_relu" {
        /// δ, the slope for negative inputs.
        slope: f64 = 0.01, Range::closed(0.0, 1.0);
    }
}

impl ActivationFunction for LeakyRelu {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        if z < F::ZERO { F::from_f64(self.slope) * z } else { z }
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        if z <= F::ZERO { F::from_f64(self.slope) } else { F::ONE }
    }

    const KINKS: &'static [f64] = &[0.0];

    fn can_die(&self) -> bool {
        self.slope == 0.0
    }
}
