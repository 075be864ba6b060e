use super::ActivationFunction;
use crate::real::Real;

crate::item! {
    /// The scaled exponential linear unit. It keeps mean 0 and variance 1, so that deep networks keep the scale of their
    /// activations without normalisation.
    ///
    /// - Formula: `φ(z) = λ·z if z > 0 else λ·α·(eᶻ − 1)`, `φ'(z) = λ if z > 0 else λ·α·eᶻ` with
    ///   `λ = 1.0507009873554805`, `α = 1.6732632423543772`; at the kink 0 the derivative is taken as λ·α
    /// - Range: (−λ·α, ∞), where −λ·α = −1.758…
    /// - Source: Klambauer, Unterthiner, Mayr, Hochreiter, *Self-normalizing neural networks* (2017), equation 2
    Selu = "selu" {}
}

const LAMBDA: f64 = 1.050_700_987_355_480_5;
const ALPHA: f64 = 1.673_263_242_354_377_2;

impl ActivationFunction for Selu {
    #[inline(always)]
    fn value<F: Real>(&self, z: F) -> F {
        if z > F::ZERO { F::from_f64(LAMBDA) * z } else { F::from_f64(LAMBDA * ALPHA) * z.exp_m1() }
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, z: F, _a: F) -> F {
        if z > F::ZERO { F::from_f64(LAMBDA) } else { F::from_f64(LAMBDA * ALPHA) * z.exp() }
    }

    const KINKS: &'static [f64] = &[0.0];
}
