//! Activations of the hidden layers: `a = φ(z)`, entry by entry.
//!
//! To add one: a file with its type ([`item!`](crate::item)) and formulas ([`ActivationFunction`]), and its lines in
//! the registry below.

mod identity;
mod leaky_relu;
mod relu;
mod sigmoid;
mod step;
mod tanh;

use crate::real::Real;
use crate::registry::Item;
use crate::simd::vectorized;

crate::family! {
    /// The activation of the hidden layers.
    #[derive(Copy)]
    Activation = "activation", kernel<F: Real> = dyn ActivationKernel<F>, default Relu {
        Identity(identity),
        Sigmoid(sigmoid),
        Tanh(tanh),
        Relu(relu),
        LeakyRelu(leaky_relu),
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

    /// Where φ is not differentiable.
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
    /// Where φ is not differentiable.
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

/// Adds `row` to every row of a matrix.
#[inline(always)]
pub(crate) fn add_to_rows<F: Real>(matrix: &mut [F], row: &[F]) {
    for entries in matrix.chunks_exact_mut(row.len()) {
        for (entry, &term) in entries.iter_mut().zip(row) {
            *entry += term;
        }
    }
}
