//! The forward pass and the backward pass of a network.
//!
//! For layer l = 1 … L with input a⁰ = x, all matrices `[batch, width]`, row-major:
//!
//! - forward: `zˡ = aˡ⁻¹·Wˡ + bˡ`, `aˡ = φ(zˡ)` for l < L, and `ŷ = output(zᴸ)`; zᴸ are the *logits*;
//! - backward: `δᴸ = ∂L/∂zᴸ` from the loss, `δˡ = (δˡ⁺¹·(Wˡ⁺¹)ᵀ) ∗ φ'(zˡ)`;
//! - gradients: `∂L/∂Wˡ = (aˡ⁻¹)ᵀ·δˡ`, `∂L/∂bˡ = Σ_batch δˡ`.
//!
//! With dropout, training multiplies the activations of each hidden layer by a mask `mˡ` of 0 and 1/(1 − p) before the
//! next layer. The backward pass does the same: `aˡ ∗ mˡ` replaces `aˡ`, and `δˡ = (δˡ⁺¹·(Wˡ⁺¹)ᵀ) ∗ mˡ ∗ φ'(zˡ)`. The
//! mean of a mask is 1, so evaluation needs no scaling (inverted dropout; Srivastava et al. 2014).

use super::row_sums::sum_rows;
use super::{LayerPass, Network, Pass};
use crate::activation::add_to_rows;
use crate::cancel::{Cancel, Cancelled, MULTIPLY_ADDS};
use crate::loss::{Loss, Rows};
use crate::product;
use crate::real::Element;
use crate::simd::vectorized;

impl<F: Element> Network<F> {
    /// The forward pass on `input`, `[batch, n_in]`. Stores every zˡ, aˡ and ŷ in `pass`.
    ///
    /// # Errors
    /// If it is cancelled. The contents of `pass` are then undefined.
    pub fn forward(&self, input: &[F], pass: &mut Pass<F>, cancel: &Cancel<'_>) -> Result<(), Cancelled> {
        let batch = input.len() / self.n_in();
        pass.batch = batch;
        let last = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, here) = pass.layers.split_at_mut(index);
            let LayerPass { pre_activation, activation, mask, masked, .. } = &mut here[0];
            let size = batch * layer.n_out;
            let layer_input =
                before.last().map_or(input, |previous| &previous.passed_on()[..batch * layer.n_in]);
            let phi = self.activation_of(index);
            let kernel = phi.kernel::<F>();
            let weights = &self.parameters[layer.weights.clone()];
            let biases = Some(&self.parameters[layer.biases.clone()]).filter(|biases| !biases.is_empty());
            product::forward(
                layer.shape(batch),
                layer_input,
                weights,
                &mut pre_activation[..size],
                cancel,
                |row, z| {
                    let start = row * layer.n_out;
                    let a = &mut activation[start..start + z.len()];
                    if index < last {
                        kernel.forward(biases, z, a);
                        if !mask.is_empty() {
                            multiply(a, &mask[start..], &mut masked[start..start + z.len()]);
                        }
                    } else {
                        biases.into_iter().for_each(|biases| {
                            vectorized(
                                #[inline(always)]
                                || add_to_rows(z, biases),
                            )
                        });
                        self.output.kernel().forward(layer.n_out, z, a);
                    }
                },
            )?;
        }
        Ok(())
    }

    /// The operations that a forward pass of this many samples reports to a [`Cancel`]; a backward pass reports twice
    /// as many.
    pub(crate) fn operations(&self, samples: usize) -> u64 {
        let units: usize = self.layers.iter().map(|layer| layer.n_out).sum();
        samples as u64 * (self.parameters.len() as u64 / MULTIPLY_ADDS + units as u64)
    }

    /// The backward pass after [`forward`](Self::forward) on the same `input`. Writes the gradient of `scale · Σ_batch
    /// L` to `gradient`, in the layout of [`parameters`](Self::parameters), and stores every δˡ in `pass`.
    ///
    /// # Errors
    /// If it is cancelled. The contents of `pass` and `gradient` are then undefined.
    #[expect(clippy::too_many_arguments, reason = "the arguments of `backward`, and one more")]
    pub fn backward(
        &self,
        input: &[F],
        targets: &[F],
        loss: &Loss,
        scale: F,
        pass: &mut Pass<F>,
        gradient: &mut [F],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        self.output_delta(targets, loss, scale, pass);
        let batch = pass.batch;
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let (before, here) = pass.layers.split_at_mut(index);
            let delta = &here[0].delta[..batch * layer.n_out];
            let layer_input =
                before.last().map_or(input, |previous| &previous.passed_on()[..batch * layer.n_in]);
            product::weight_gradient(
                layer.shape(batch),
                layer_input,
                delta,
                &mut gradient[layer.weights.clone()],
                cancel,
                |_, _| (),
            )?;
            sum_rows(delta, &mut gradient[layer.biases.clone()]);
            // The input gradient of the first layer is not needed, so it is not computed.
            if let Some(previous) = before.last_mut() {
                let LayerPass { pre_activation, activation, delta: previous_delta, mask, .. } = previous;
                let size = batch * layer.n_in;
                let weights = &self.parameters[layer.weights.clone()];
                let phi = self.activation_of(index - 1);
                let kernel = phi.kernel::<F>();
                let learnt_gradient = &mut gradient[self.layers[index - 1].learnt.clone()];
                learnt_gradient.fill(F::ZERO);
                product::input_gradient(
                    layer.shape(batch),
                    delta,
                    weights,
                    &mut previous_delta[..size],
                    cancel,
                    |row, d| {
                        let block = row * layer.n_in..row * layer.n_in + d.len();
                        if !mask.is_empty() {
                            scale_by(d, &mask[block.clone()]);
                        }
                        kernel.backward(
                            &pre_activation[block.clone()],
                            &activation[block],
                            d,
                            learnt_gradient,
                        );
                    },
                )?;
            }
        }
        Ok(())
    }

    /// `δᴸ = scale · ∂L/∂zᴸ`
    fn output_delta(&self, targets: &[F], loss: &Loss, scale: F, pass: &mut Pass<F>) {
        let (n_out, size) = (self.n_out(), pass.batch * self.n_out());
        let LayerPass { pre_activation, activation, delta, .. } = pass.last_mut();
        let delta = &mut delta[..size];
        let rows = Rows { n_out, logits: &pre_activation[..size], outputs: &activation[..size], targets };
        loss.kernel().delta(&self.output, rows, delta);
        vectorized(
            #[inline(always)]
            || delta.iter_mut().for_each(|d| *d *= scale),
        );
    }
}

/// `product ← a ∗ b`, entry by entry.
fn multiply<F: Element>(a: &[F], b: &[F], product: &mut [F]) {
    vectorized(
        #[inline(always)]
        || {
            for ((product, &a), &b) in product.iter_mut().zip(a).zip(b) {
                *product = a * b;
            }
        },
    );
}

/// `a ← a ∗ b`, entry by entry.
fn scale_by<F: Element>(a: &mut [F], b: &[F]) {
    vectorized(
        #[inline(always)]
        || {
            for (a, &b) in a.iter_mut().zip(b) {
                *a *= b;
            }
        },
    );
}
