//! Activations of the hidden layers: `a = φ(z)`, entry by entry.
//!
//! To add one: a file with its type ([`item!`](crate::item)) and formulas ([`ActivationFunction`]), and its lines in
//! the registry below.

mod elu;
mod gelu;
mod gelu_tanh;
mod identity;
mod leaky_relu;
mod relu;
mod selu;
mod sigmoid;
mod silu;
mod softplus;
mod softsign;
mod step;
mod tanh;

use crate::real::Real;
use crate::registry::Item;
use crate::simd::vectorized;

crate::family! {
    /// The activation of the hidden layers.
    Activation = "activation", kernel<F: Real> = dyn ActivationKernel<F>, default Relu {
        Identity(identity),
        Sigmoid(sigmoid),
        Tanh(tanh),
        Relu(relu),
        LeakyRelu(leaky_relu),
        Elu(elu),
        Selu(selu),
        Gelu(gelu),
        GeluTanh(gelu_tanh),
        Silu(silu),
        Softplus(softplus),
        Softsign(softsign),
        Step(step),
    }
}

/// What an activation's file says: its formula and the derivative.
///
/// Both are written once for every precision and for the reference engine. NaN must come out as NaN, so that a run that
/// diverges is seen to: write `if z < 0 { 0 } else { z }` rather than the other way round.
pub trait ActivationFunction: Item {
    /// φ(z)
    fn value<F: Real>(&self, z: F) -> F;

    /// φ'(z), from z and a = φ(z); whichever is not used costs nothing. At a kink, the value that is documented.
    fn derivative<F: Real>(&self, z: F, a: F) -> F;

    /// The points where φ is not smooth: where it, its derivative or its second derivative jumps.
    const KINKS: &'static [f64] = &[];

    /// Whether `derivative` is the derivative of `value`. False for step, whose zero derivative is right almost
    /// everywhere and yet says nothing about the function.
    const INFORMATIVE: bool = true;
}

/// An activation as the engine uses it: on whole matrices, row-major, `[batch, n_out]`.
pub trait ActivationKernel<F> {
    /// `z ← z + bias` (row by row, if there is one) and `a ← φ(z)`.
    fn forward(&self, bias: Option<&[F]>, z: &mut [F], a: &mut [F]);
    /// `delta ← delta ∗ φ'(z)`, entry by entry.
    fn backward(&self, z: &[F], a: &[F], delta: &mut [F]);
    /// φ of one number.
    fn value(&self, z: F) -> F;
    /// φ' at one number.
    fn derivative(&self, z: F, a: F) -> F;
    /// The points where φ, φ' or φ'' jumps.
    fn kinks(&self) -> &'static [f64];
    /// Whether the derivative says how the function changes.
    fn is_informative(&self) -> bool;
}

impl<A: ActivationFunction, F: Real> ActivationKernel<F> for A {
    fn forward(&self, bias: Option<&[F]>, z: &mut [F], a: &mut [F]) {
        vectorized(
            #[inline(always)]
            || {
                if let Some(bias) = bias {
                    add_to_rows(z, bias);
                }
                for (a, &z) in a.iter_mut().zip(&*z) {
                    *a = ActivationFunction::value(self, z);
                }
            },
        );
    }

    fn backward(&self, z: &[F], a: &[F], delta: &mut [F]) {
        vectorized(
            #[inline(always)]
            || {
                for ((delta, &z), &a) in delta.iter_mut().zip(z).zip(a) {
                    *delta *= ActivationFunction::derivative(self, z, a);
                }
            },
        );
    }

    fn value(&self, z: F) -> F {
        ActivationFunction::value(self, z)
    }

    fn derivative(&self, z: F, a: F) -> F {
        ActivationFunction::derivative(self, z, a)
    }

    fn kinks(&self) -> &'static [f64] {
        A::KINKS
    }

    fn is_informative(&self) -> bool {
        A::INFORMATIVE
    }
}

/// Where a gate that goes to 0 exponentially is 0 at −z, and 1 at z, in every precision. The formulas that multiply z by
/// such a gate hold z back there, since −∞ · 0 would be NaN and the limit is 0.
const VANISHES: f64 = 1e3;

/// Adds `row` to every row of a matrix.
#[inline(always)]
pub(crate) fn add_to_rows<F: Real>(matrix: &mut [F], row: &[F]) {
    for entries in matrix.chunks_exact_mut(row.len()) {
        for (entry, &term) in entries.iter_mut().zip(row) {
            *entry += term;
        }
    }
}
