//! A dense feed-forward network: its parameters, the forward pass and the backward pass.
//!
//! For layer l = 1 … L with input a⁰ = x, all matrices `[batch, width]`, row-major:
//!
//! - forward: `zˡ = aˡ⁻¹·Wˡ + bˡ`, `aˡ = φ(zˡ)` for l < L, and `ŷ = output(zᴸ)`; zᴸ are the *logits*;
//! - backward: `δᴸ = ∂L/∂zᴸ` from the loss, `δˡ = (δˡ⁺¹·(Wˡ⁺¹)ᵀ) ∗ φ'(zˡ)`;
//! - gradients: `∂L/∂Wˡ = (aˡ⁻¹)ᵀ·δˡ`, `∂L/∂bˡ = Σ_batch δˡ`.
//!
//! The parameters of all layers are one vector, so that an optimizer needs to know nothing of layers.

use crate::activation::{Activation, add_to_rows};
use crate::initializer::{Fan, Initializer};
use crate::loss::{Loss, Rows};
use crate::output::Output;
use crate::product::{self, Shape};
use crate::real::Element;
use crate::seed::{Purpose, Stream};
use crate::simd::{sum_of_squares, vectorized};
use ndarray::{ArrayView1, ArrayView2};
use std::ops::Range;

/// Where a layer's parameters lie in the vector of all parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Inputs.
    pub n_in: usize,
    /// Units.
    pub n_out: usize,
    /// W, `[n_in, n_out]`, row-major.
    pub weights: Range<usize>,
    /// b, `[n_out]`; empty where the layer has no biases.
    pub biases: Range<usize>,
}

impl Layer {
    fn shape(&self, batch: usize) -> Shape {
        Shape { batch, n_in: self.n_in, n_out: self.n_out }
    }
}

/// A dense feed-forward network.
#[derive(Debug, Clone)]
pub struct Network<F> {
    /// The layers, from the first hidden layer to the output layer.
    pub layers: Vec<Layer>,
    /// All parameters.
    pub parameters: Vec<F>,
    /// φ, the activation of the hidden layers.
    pub activation: Activation,
    /// The output of the last layer.
    pub output: Output,
}

impl<F: Element> Network<F> {
    /// A network of the given widths, from the inputs to the outputs, with all parameters 0.
    ///
    /// # Panics
    /// If there are fewer than two widths or one of them is 0: callers check what users write.
    pub fn new(widths: &[usize], bias: bool, activation: Activation, output: Output) -> Self {
        assert!(
            widths.len() >= 2 && widths.iter().all(|&width| width > 0),
            "no network has the widths {widths:?}"
        );
        let mut end = 0;
        let mut take = |n: usize| {
            end += n;
            end - n..end
        };
        let layers: Vec<_> = widths
            .windows(2)
            .map(|pair| Layer {
                n_in: pair[0],
                n_out: pair[1],
                weights: take(pair[0] * pair[1]),
                biases: take(if bias { pair[1] } else { 0 }),
            })
            .collect();
        Self { layers, parameters: vec![F::ZERO; end], activation, output }
    }

    /// Draws all weights, each layer from the stream of its own; biases stay 0.
    pub fn initialize(&mut self, initializer: &Initializer, seed: u64) {
        for (index, layer) in self.layers.iter().enumerate() {
            let mut draws = vec![0.0; layer.weights.len()];
            let fan = Fan { fan_in: layer.n_in, fan_out: layer.n_out };
            let mut stream = Stream::new(seed, Purpose::Weights, index as u64 + 1, 0);
            initializer.kernel().fill(fan, &mut stream, &mut draws);
            for (weight, draw) in self.parameters[layer.weights.clone()].iter_mut().zip(draws) {
                *weight = F::from_f64(draw);
            }
        }
    }

    /// Inputs of the network.
    pub fn n_in(&self) -> usize {
        self.layers[0].n_in
    }

    /// Outputs of the network.
    pub fn n_out(&self) -> usize {
        self.layers[self.layers.len() - 1].n_out
    }

    /// W of a layer (counted from 0), `[n_in, n_out]`.
    pub fn weights(&self, layer: usize) -> ArrayView2<'_, F> {
        let Layer { n_in, n_out, ref weights, .. } = self.layers[layer];
        ArrayView2::from_shape((n_in, n_out), &self.parameters[weights.clone()])
            .expect("a layer's range holds n_in · n_out weights")
    }

    /// b of a layer (counted from 0), `[n_out]`; empty without biases.
    pub fn biases(&self, layer: usize) -> ArrayView1<'_, F> {
        ArrayView1::from(&self.parameters[self.layers[layer].biases.clone()])
    }

    /// √(Σ W²) over all layers, biases left out.
    pub fn weight_norm(&self) -> f64 {
        let squares = self.layers.iter().map(|layer| sum_of_squares(&self.parameters[layer.weights.clone()]));
        squares.sum::<f64>().sqrt()
    }

    /// Shows the parameters to `visit` as the bytes that identify them: over layers in order, W row-major
    /// `[n_in, n_out]`, then b, little-endian in the network's precision.
    pub fn visit_bytes(&self, mut visit: impl FnMut(&[u8])) {
        for layer in &self.layers {
            for range in [&layer.weights, &layer.biases] {
                for value in &self.parameters[range.clone()] {
                    visit(&value.to_le_bytes8()[..F::SIZE]);
                }
            }
        }
    }

    /// The forward pass on `input`, `[batch, n_in]`. Leaves every zˡ, aˡ and ŷ in `pass`.
    pub fn forward(&self, input: &[F], pass: &mut Pass<F>) {
        let batch = input.len() / self.n_in();
        pass.batch = batch;
        let kernel = self.activation.kernel::<F>();
        let last = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, here) = pass.layers.split_at_mut(index);
            let LayerPass { pre_activation, activation, .. } = &mut here[0];
            let size = batch * layer.n_out;
            let layer_input =
                before.last().map_or(input, |previous| &previous.activation[..batch * layer.n_in]);
            let weights = &self.parameters[layer.weights.clone()];
            let biases = Some(&self.parameters[layer.biases.clone()]).filter(|biases| !biases.is_empty());
            product::forward(
                layer.shape(batch),
                layer_input,
                weights,
                &mut pre_activation[..size],
                |row, z| {
                    let start = row * layer.n_out;
                    let a = &mut activation[start..start + z.len()];
                    if index < last {
                        kernel.forward(biases, z, a);
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
            );
        }
    }

    /// The backward pass after [`forward`](Self::forward) on the same `input`: fills `gradient` with the gradient of
    /// `scale · Σ_batch L`, laid out as [`parameters`](Self::parameters) are, and leaves every δˡ in `pass`.
    pub fn backward(
        &self,
        input: &[F],
        targets: &[F],
        loss: &Loss,
        scale: F,
        pass: &mut Pass<F>,
        gradient: &mut [F],
    ) {
        self.output_delta(targets, loss, scale, pass);
        let batch = pass.batch;
        let kernel = self.activation.kernel::<F>();
        for (index, layer) in self.layers.iter().enumerate().rev() {
            let (before, here) = pass.layers.split_at_mut(index);
            let delta = &here[0].delta[..batch * layer.n_out];
            let layer_input =
                before.last().map_or(input, |previous| &previous.activation[..batch * layer.n_in]);
            product::weight_gradient(
                layer.shape(batch),
                layer_input,
                delta,
                &mut gradient[layer.weights.clone()],
                |_, _| (),
            );
            sum_rows(delta, &mut gradient[layer.biases.clone()]);
            // The input gradient of the first layer is nobody's delta: it is not computed.
            if let Some(previous) = before.last_mut() {
                let LayerPass { pre_activation, activation, delta: previous_delta } = previous;
                let size = batch * layer.n_in;
                let weights = &self.parameters[layer.weights.clone()];
                product::input_gradient(
                    layer.shape(batch),
                    delta,
                    weights,
                    &mut previous_delta[..size],
                    |row, d| {
                        let block = row * layer.n_in..row * layer.n_in + d.len();
                        kernel.backward(&pre_activation[block.clone()], &activation[block], d);
                    },
                );
            }
        }
    }

    /// `δᴸ = scale · ∂L/∂zᴸ`
    fn output_delta(&self, targets: &[F], loss: &Loss, scale: F, pass: &mut Pass<F>) {
        let (n_out, size) = (self.n_out(), pass.batch * self.n_out());
        let LayerPass { pre_activation, activation, delta } = pass.last_mut();
        let delta = &mut delta[..size];
        let rows = Rows { n_out, logits: &pre_activation[..size], outputs: &activation[..size], targets };
        loss.kernel().delta(&self.output, rows, delta);
        vectorized(
            #[inline(always)]
            || delta.iter_mut().for_each(|d| *d *= scale),
        );
    }
}

/// `sums ← Σ_rows matrix`, from the first row to the last. Nothing where `sums` is empty.
fn sum_rows<F: Element>(matrix: &[F], sums: &mut [F]) {
    if sums.is_empty() {
        return;
    }
    vectorized(
        #[inline(always)]
        || {
            sums.fill(F::ZERO);
            for row in matrix.chunks_exact(sums.len()) {
                for (sum, &entry) in sums.iter_mut().zip(row) {
                    *sum += entry;
                }
            }
        },
    );
}

/// What a forward and a backward pass leave behind, for at most `capacity` samples. Made once, used for every step.
#[derive(Debug, Clone)]
pub struct Pass<F> {
    /// Samples of the last forward pass.
    pub batch: usize,
    /// One for each layer of the network.
    pub layers: Vec<LayerPass<F>>,
}

/// What a pass leaves behind in a layer; the first `batch · n_out` numbers of each count.
#[derive(Debug, Clone)]
pub struct LayerPass<F> {
    /// zˡ, `[batch, n_out]`
    pub pre_activation: Vec<F>,
    /// aˡ, `[batch, n_out]`; ŷ in the last layer.
    pub activation: Vec<F>,
    /// δˡ = ∂L/∂zˡ, `[batch, n_out]`
    pub delta: Vec<F>,
}

impl<F: Element> Pass<F> {
    /// Room for passes of at most `capacity` samples.
    pub fn new(network: &Network<F>, capacity: usize) -> Self {
        let room = |layer: &Layer| vec![F::ZERO; capacity * layer.n_out];
        let layers = network.layers.iter().map(|layer| LayerPass {
            pre_activation: room(layer),
            activation: room(layer),
            delta: room(layer),
        });
        Self { batch: 0, layers: layers.collect() }
    }

    /// The last layer's.
    pub fn last(&self) -> &LayerPass<F> {
        &self.layers[self.layers.len() - 1]
    }

    fn last_mut(&mut self) -> &mut LayerPass<F> {
        let last = self.layers.len() - 1;
        &mut self.layers[last]
    }

    /// δᴸ of the last backward pass.
    pub fn output_delta(&self, n_out: usize) -> &[F] {
        &self.last().delta[..self.batch * n_out]
    }
}
