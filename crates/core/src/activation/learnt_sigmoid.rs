use super::{ActivationFunction, MOST_LEARNT};
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// The logistic function with learnt height and steepness, one pair per layer.
    ///
    /// - Formula: `φ(z) = c·s` with `s = 1 / (1 + e^(−β·z))`, `φ'(z) = c·β·s·(1 − s)`, `∂φ/∂c = s`,
    ///   `∂φ/∂β = c·z·s·(1 − s)`
    /// - Range: (0, c) for c > 0; training may carry c and β anywhere
    /// - Source: Yamada and Yabuta, *Neural network controller using autotuning method for nonlinear functions* (1992)
    LearntSigmoid = "learnt_sigmoid" {
        /// c, the initial height.
        c: f64 = 1.0, Range::closed(0.01, 100.0);
        /// β, the initial steepness.
        beta: f64 = 1.0, Range::closed(0.01, 10.0);
    }
}

impl LearntSigmoid {
    /// s and s·(1 − s), computed from z: if c is 0, a = c·s does not determine s. 1 − s is computed as σ(−β·z).
    #[inline(always)]
    fn unit<F: Real>(&self, z: F) -> (F, F) {
        let z = F::from_f64(self.beta) * z;
        let s = z.sigmoid();
        (s, s * (-z).sigmoid())
    }
}

impl ActivationFunction for LearntSigmoid {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        F::from_f64(self.c) * self.unit(z).0
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        F::from_f64(self.c * self.beta) * self.unit(z).1
    }

    const LEARNT: usize = 2;

    fn learnt(&self) -> [f64; MOST_LEARNT] {
        [self.c, self.beta]
    }

    fn with_learnt(&self, [c, beta]: [f64; MOST_LEARNT]) -> Self {
        Self { c, beta }
    }

    #[inline(always)]
    fn learnt_derivatives<F: Real>(&self, z: F, _a: F) -> [F; MOST_LEARNT] {
        let (s, slope) = self.unit(z);
        [s, F::from_f64(self.c) * z * slope]
    }

    /// `∂²φ/∂c² = 0`, `∂²φ/∂c∂β = z·s·(1 − s)`, `∂²φ/∂β² = c·z²·s·(1 − s)·(1 − 2s)`
    fn learnt_curvature<F: Real>(&self, z: F, _a: F) -> [[F; MOST_LEARNT]; MOST_LEARNT] {
        let (s, slope) = self.unit(z);
        let mixed = z * slope;
        [[F::ZERO, mixed], [mixed, F::from_f64(self.c) * z * mixed * (F::ONE - s - s)]]
    }
}
