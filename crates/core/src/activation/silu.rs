use super::{ActivationFunction, VANISHES};
use crate::real::Real;

crate::item! {
    /// The sigmoid-weighted linear unit, also called swish.
    ///
    /// - Formula: `φ(z) = z·σ(z)`, `φ'(z) = σ(z)·(1 + z·(1 − σ(z)))` with `σ(z) = 1 / (1 + e⁻ᶻ)`
    /// - Range: [−0.27846…, ∞), least at z = −1.27846…
    /// - Source: Elfwing, Uchibe, Doya, *Sigmoid-weighted linear units for neural network function approximation in
    ///   reinforcement learning* (2018)
    Silu = "silu" {}
}

impl ActivationFunction for Silu {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        z.max_or_nan(-F::from_f64(VANISHES)) * z.sigmoid()
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        let z = z.within(VANISHES);
        let sigmoid = z.sigmoid();
        sigmoid * (F::ONE + z * (F::ONE - sigmoid))
    }
}
