//! Activations of the hidden layers: `a = φ(z)`, entry by entry.
//!
//! Some have parameters that are learnt with the weights, one set per layer: `∂L/∂θ = Σ (∂L/∂a)·(∂φ/∂θ)` over the
//! samples and units of the layer. Such an item is a function of its own fields. The engine inserts the values of each
//! layer.
//!
//! To add one: a file with its type ([`item!`](crate::item)) and formulas ([`ActivationFunction`]), and its lines in
//! the registry below.

mod elu;
mod gelu;
mod gelu_tanh;
mod identity;
mod leaky_relu;
mod learnt_sigmoid;
mod prelu;
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
use crate::simd::{BLOCK, Pairwise, vectorized};

crate::family! {
    /// The activation of the hidden layers.
    #[derive(Copy)]
    Activation = "activation", kernel<F: Real> = dyn ActivationKernel<F>, default Relu {
        Identity(identity),
        Sigmoid(sigmoid),
        Tanh(tanh),
        Relu(relu),
        LeakyRelu(leaky_relu),
        Prelu(prelu),
        Elu(elu),
        Selu(selu),
        Gelu(gelu),
        GeluTanh(gelu_tanh),
        Silu(silu),
        Softplus(softplus),
        Softsign(softsign),
        LearntSigmoid(learnt_sigmoid),
        Step(step),
    }
}

/// The formula and the derivative in an activation's file.
///
/// Both are written once for every precision and for the reference engine. They must return NaN for NaN, so that
/// divergence is noticed: write `if z < 0 { 0 } else { z }`, not `if z >= 0 { z } else { 0 }`.
pub trait ActivationFunction: Item + Copy + Into<Activation> {
    /// φ(z)
    fn value<F: Real>(&self, z: F) -> F;

    /// φ'(z), from z and a = φ(z); an unused argument costs nothing. At a kink, the documented value.
    fn derivative<F: Real>(&self, z: F, a: F) -> F;

    /// The points where φ, its derivative or its second derivative jumps.
    const KINKS: &'static [f64] = &[];

    /// Whether `derivative` is the derivative of `value`. False for step: its zero derivative is right almost
    /// everywhere, but does not describe the function.
    const INFORMATIVE: bool = true;

    /// Whether φ' is 0 for all z on one side of some point. A unit that is on that side for every sample is *dead*: no
    /// gradient reaches its weights.
    fn can_die(&self) -> bool {
        false
    }

    /// The number of learnt parameters.
    const LEARNT: usize = 0;

    /// The initial values of the learnt parameters; the first [`LEARNT`](Self::LEARNT) count.
    fn learnt(&self) -> [f64; MOST_LEARNT] {
        [0.0; MOST_LEARNT]
    }

    /// The same activation with other values of the learnt parameters.
    #[must_use]
    fn with_learnt(&self, _values: [f64; MOST_LEARNT]) -> Self {
        *self
    }

    /// ∂φ/∂θ of each learnt parameter, from z and a = φ(z).
    fn learnt_derivatives<F: Real>(&self, _z: F, _a: F) -> [F; MOST_LEARNT] {
        [F::ZERO; MOST_LEARNT]
    }

    /// ∂²φ/∂θⱼ∂θₖ of the learnt parameters, from z and a = φ(z), for products with the Hessian.
    fn learnt_curvature<F: Real>(&self, _z: F, _a: F) -> [[F; MOST_LEARNT]; MOST_LEARNT] {
        [[F::ZERO; MOST_LEARNT]; MOST_LEARNT]
    }
}

/// The most learnt parameters of any activation.
pub const MOST_LEARNT: usize = 2;

/// An activation as the engine uses it: on whole matrices, row-major, `[batch, n_out]`.
pub trait ActivationKernel<F> {
    /// `z ← z + bias` (row by row, if there is one) and `a ← φ(z)`.
    fn forward(&self, bias: Option<&[F]>, z: &mut [F], a: &mut [F]);
    /// `delta ← delta ∗ φ'(z)`, entry by entry. Before that, adds `Σ delta · ∂φ/∂θ` to the gradient of each learnt
    /// parameter, summed in double precision, in blocks of [`BLOCK`] entries that are added pairwise.
    fn backward(&self, z: &[F], a: &[F], delta: &mut [F], learnt_gradient: &mut [F]);
    /// φ of one number.
    fn value(&self, z: F) -> F;
    /// φ' at one number.
    fn derivative(&self, z: F, a: F) -> F;
    /// The points where φ, φ' or φ'' jumps.
    fn kinks(&self) -> &'static [f64];
    /// Whether the derivative describes how the function changes.
    fn is_informative(&self) -> bool;
    /// The initial values of the learnt parameters; empty for most.
    fn learnt(&self) -> Vec<f64>;
    /// The same activation with the values that a layer has learnt.
    fn with_learnt(&self, values: &[F]) -> Activation;
    /// ∂φ/∂θ of each learnt parameter.
    fn learnt_derivatives(&self, z: F, a: F) -> [F; MOST_LEARNT];
    /// ∂²φ/∂θⱼ∂θₖ of the learnt parameters.
    fn learnt_curvature(&self, z: F, a: F) -> [[F; MOST_LEARNT]; MOST_LEARNT];
    /// Whether φ' is 0 on one side.
    fn can_die(&self) -> bool;
}

impl<A: ActivationFunction, F: Real> ActivationKernel<F> for A {
    fn forward(&self, bias: Option<&[F]>, z: &mut [F], a: &mut [F]) {
        vectorized(
            #[inline(always)]
            || {
                if let Some(bias) = bias {
                    add_to_rows(z, bias);
                }
                // A copy: behind a reference, its parameters would be read again for each entry.
                let phi = *self;
                for (a, &z) in a.iter_mut().zip(&*z) {
                    *a = ActivationFunction::value(&phi, z);
                }
            },
        );
    }

    fn backward(&self, z: &[F], a: &[F], delta: &mut [F], learnt_gradient: &mut [F]) {
        if A::LEARNT > 0 {
            add_learnt_gradient(self, z, a, delta, learnt_gradient);
        }
        vectorized(
            #[inline(always)]
            || {
                let phi = *self;
                for ((delta, &z), &a) in delta.iter_mut().zip(z).zip(a) {
                    *delta *= ActivationFunction::derivative(&phi, z, a);
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

    fn learnt(&self) -> Vec<f64> {
        ActivationFunction::learnt(self)[..A::LEARNT].to_vec()
    }

    fn with_learnt(&self, values: &[F]) -> Activation {
        let mut learnt = ActivationFunction::learnt(self);
        learnt.iter_mut().zip(values).for_each(|(learnt, value)| *learnt = value.to_f64());
        ActivationFunction::with_learnt(self, learnt).into()
    }

    fn learnt_derivatives(&self, z: F, a: F) -> [F; MOST_LEARNT] {
        ActivationFunction::learnt_derivatives(self, z, a)
    }

    fn learnt_curvature(&self, z: F, a: F) -> [[F; MOST_LEARNT]; MOST_LEARNT] {
        ActivationFunction::learnt_curvature(self, z, a)
    }

    fn can_die(&self) -> bool {
        ActivationFunction::can_die(self)
    }
}

/// `gradient[k] ← gradient[k] + Σ delta · ∂φ/∂θₖ`
fn add_learnt_gradient<A: ActivationFunction, F: Real>(
    activation: &A,
    z: &[F],
    a: &[F],
    delta: &[F],
    gradient: &mut [F],
) {
    let mut sums = [Pairwise::<f64>::new(); MOST_LEARNT];
    for ((delta, z), a) in delta.chunks(BLOCK).zip(z.chunks(BLOCK)).zip(a.chunks(BLOCK)) {
        let mut block = [0.0; MOST_LEARNT];
        for ((&delta, &z), &a) in delta.iter().zip(z).zip(a) {
            let derivatives = activation.learnt_derivatives(z, a);
            for (sum, derivative) in block.iter_mut().zip(derivatives) {
                *sum += (delta * derivative).to_f64();
            }
        }
        sums.iter_mut().zip(block).for_each(|(sum, block)| sum.add(block));
    }
    gradient.iter_mut().zip(sums).for_each(|(gradient, sum)| *gradient += F::from_f64(sum.total()));
}

/// A z at which, in every precision, an exponential gate is 0 at −z and 1 at z. The formulas that multiply z by such a
/// gate limit z to it: −∞ · 0 would be NaN, but the limit is 0.
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
