//! Penalties: terms of the cost that depend on the size of the weights. `J = L + Σ p(w)` over all weights, without
//! biases and learnt parameters of activations. The sum is not divided by the number of samples in a batch.

mod elastic_net;
mod l1;
mod l2;
mod none;

use crate::real::Real;
use crate::registry::Item;
use crate::simd::{reduce, vectorized};

crate::family! {
    /// The penalty on the size of the weights.
    #[derive(Copy)]
    Penalty = "penalty", kernel<F: Real> = dyn PenaltyKernel<F>, default None {
        None(none),
        L1(l1),
        L2(l2),
        ElasticNet(elastic_net),
    }
}

/// The formula and the derivative in a penalty's file, for one weight.
pub trait PenaltyFunction: Item + Copy {
    /// p(w)
    fn value<F: Real>(&self, w: F) -> F;

    /// p'(w); 0 at a kink.
    fn derivative<F: Real>(&self, w: F) -> F;

    /// The points where p is not differentiable.
    const KINKS: &'static [f64] = &[];
}

/// A penalty as the engine uses it: on all weights of a layer.
pub trait PenaltyKernel<F> {
    /// Σ p(w), summed in double precision in the order of [`simd::sum`](crate::simd::sum).
    fn value(&self, weights: &[F]) -> f64;
    /// `gradient ← gradient + p'(w)`, entry by entry.
    fn add_gradient(&self, weights: &[F], gradient: &mut [F]);
    /// The points where p is not differentiable.
    fn kinks(&self) -> &'static [f64];
}

impl<P: PenaltyFunction, F: Real> PenaltyKernel<F> for P {
    fn value(&self, weights: &[F]) -> f64 {
        let penalty = *self;
        reduce(
            weights,
            #[inline(always)]
            |sum: f64, w| sum + PenaltyFunction::value(&penalty, w).to_f64(),
        )
    }

    fn add_gradient(&self, weights: &[F], gradient: &mut [F]) {
        vectorized(
            #[inline(always)]
            || {
                let penalty = *self;
                for (gradient, &w) in gradient.iter_mut().zip(weights) {
                    *gradient += penalty.derivative(w);
                }
            },
        );
    }

    fn kinks(&self) -> &'static [f64] {
        P::KINKS
    }
}

impl Penalty {
    /// Whether the penalty is always 0.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None(_))
    }
}

/// −1, 0 or 1; NaN for NaN. The result is constant everywhere, 0 included, so that its own derivative on dual numbers
/// is 0.
#[inline(always)]
fn sign<F: Real>(w: F) -> F {
    if w > F::ZERO {
        F::ONE
    } else if w < F::ZERO {
        -F::ONE
    } else {
        w * F::ZERO
    }
}
