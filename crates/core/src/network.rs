//! A dense feed-forward network: its parameters, the forward pass and the backward pass.
//!
//! For layer l = 1 … L with input a⁰ = x, all matrices `[batch, width]`, row-major:
//!
//! - forward: `zˡ = aˡ⁻¹·Wˡ + bˡ`, `aˡ = φ(zˡ)` for l < L, and `ŷ = output(zᴸ)`; zᴸ are the *logits*;
//! - backward: `δᴸ = ∂L/∂zᴸ` from the loss, `δˡ = (δˡ⁺¹·(Wˡ⁺¹)ᵀ) ∗ φ'(zˡ)`;
//! - gradients: `∂L/∂Wˡ = (aˡ⁻¹)ᵀ·δˡ`, `∂L/∂bˡ = Σ_batch δˡ`.
//!
//! With dropout, training multiplies the activations of each hidden layer by a mask `mˡ` of 0 and 1/(1 − p) before they
//! go on, and so does the way back: `aˡ ∗ mˡ` stands in the place of `aˡ`, and `δˡ = (δˡ⁺¹·(Wˡ⁺¹)ᵀ) ∗ mˡ ∗ φ'(zˡ)`. The
//! mean of a mask is 1, so nothing is left to be scaled in evaluation (inverted dropout; Srivastava et al. 2014).
//!
//! The parameters of all layers are one vector, so that an optimizer needs to know nothing of layers.

use crate::activation::{Activation, add_to_rows};
use crate::cancel::{Cancel, Cancelled, DRAW, MULTIPLY_ADDS, to_the_end};
use crate::initializer::{Fan, Initializer};
use crate::loss::{Loss, Rows};
use crate::output::Output;
use crate::product::{self, Shape};
use crate::real::Element;
use crate::seed::{Purpose, Stream};
use crate::settings::{Biases, ModelSettings, Weights};
use crate::simd::{BLOCK, sum_of_squares, vectorized};
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
    /// The learnt parameters of the activation; empty for most, and in the last layer.
    pub learnt: Range<usize>,
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
    /// p, the share of hidden units that is left out at each step of training.
    pub dropout: f64,
}

impl<F: Element> Network<F> {
    /// A network of the given widths, from the inputs to the outputs, without dropout. Weights and biases are 0, learnt
    /// parameters of the activation are where they begin.
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
        let learnt: Vec<F> = activation.kernel::<F>().learnt().into_iter().map(F::from_f64).collect();
        let last = widths.len() - 2;
        let layers: Vec<_> = widths
            .windows(2)
            .enumerate()
            .map(|(index, pair)| Layer {
                n_in: pair[0],
                n_out: pair[1],
                weights: take(pair[0] * pair[1]),
                biases: take(if bias { pair[1] } else { 0 }),
                learnt: take(if index < last { learnt.len() } else { 0 }),
            })
            .collect();
        let mut parameters = vec![F::ZERO; end];
        for layer in &layers[..last] {
            parameters[layer.learnt.clone()].copy_from_slice(&learnt);
        }
        Self { layers, parameters, activation, output, dropout: 0.0 }
    }

    /// A network as the settings ask for it, before its first step: weights drawn from `seed` or given, biases set.
    ///
    /// # Panics
    /// If given weights or biases do not have the shapes of the layers: [`ModelSettings::check`] says so beforehand.
    pub fn from_settings(model: &ModelSettings, n_in: usize, n_out: usize, seed: u64) -> Self {
        to_the_end(|cancel| Self::from_settings_while(model, n_in, n_out, seed, cancel))
    }

    /// The same, unless it is cancelled.
    ///
    /// # Errors
    /// If it is cancelled.
    ///
    /// # Panics
    /// As [`from_settings`](Self::from_settings).
    pub fn from_settings_while(
        model: &ModelSettings,
        n_in: usize,
        n_out: usize,
        seed: u64,
        cancel: &Cancel<'_>,
    ) -> Result<Self, Cancelled> {
        let mut network = Self::new(&model.widths(n_in, n_out), model.bias, model.activation, model.output);
        network.dropout = model.dropout;
        match &model.weights {
            Weights::Drawn => network.initialize_while(&model.initialization, seed, cancel)?,
            Weights::Given(matrices) => {
                for (index, rows) in matrices.iter().enumerate() {
                    network.set(network.layers[index].weights.clone(), rows.iter().flatten());
                }
            }
        }
        for index in 0..network.layers.len() {
            let range = network.layers[index].biases.clone();
            match &model.biases {
                Biases::All(value) => network.set(range.clone(), std::iter::repeat_n(value, range.len())),
                Biases::Given(layers) => network.set(range, &layers[index]),
            }
        }
        Ok(network)
    }

    fn set<'v>(&mut self, range: Range<usize>, values: impl IntoIterator<Item = &'v f64>) {
        let mut values = values.into_iter();
        for parameter in &mut self.parameters[range] {
            *parameter = F::from_f64(*values.next().expect("as many values as parameters"));
        }
    }

    /// Draws all weights, each layer from the stream of its own; biases stay as they are.
    pub fn initialize(&mut self, initializer: &Initializer, seed: u64) {
        to_the_end(|cancel| self.initialize_while(initializer, seed, cancel));
    }

    fn initialize_while(
        &mut self,
        initializer: &Initializer,
        seed: u64,
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        for (index, layer) in self.layers.iter().enumerate() {
            let mut draws = vec![0.0; layer.weights.len()];
            let fan = Fan { fan_in: layer.n_in, fan_out: layer.n_out };
            let mut stream = Stream::new(seed, Purpose::Weights, index as u64 + 1, 0);
            initializer.kernel().fill(fan, &mut stream, &mut draws, cancel)?;
            for (weight, draw) in self.parameters[layer.weights.clone()].iter_mut().zip(draws) {
                *weight = F::from_f64(draw);
            }
        }
        Ok(())
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

    /// φ of a layer (counted from 0): the activation with the parameters that the layer has learnt.
    pub fn activation_of(&self, layer: usize) -> Activation {
        match &self.layers[layer].learnt {
            none if none.is_empty() => self.activation,
            learnt => self.activation.kernel::<F>().with_learnt(&self.parameters[learnt.clone()]),
        }
    }

    /// √(Σ W²) over all layers, biases left out.
    pub fn weight_norm(&self) -> f64 {
        let squares = self.layers.iter().map(|layer| sum_of_squares(&self.parameters[layer.weights.clone()]));
        squares.sum::<f64>().sqrt()
    }

    /// Shows the parameters to `visit` as the bytes that identify them, each with the index of its layer: over layers in
    /// order, W row-major `[n_in, n_out]`, then b, then the learnt parameters of the activation, little-endian in the
    /// network's precision.
    pub fn visit_bytes(&self, mut visit: impl FnMut(usize, &[u8])) {
        for (index, layer) in self.layers.iter().enumerate() {
            for range in [&layer.weights, &layer.biases, &layer.learnt] {
                for value in &self.parameters[range.clone()] {
                    visit(index, &value.to_le_bytes8()[..F::SIZE]);
                }
            }
        }
    }

    /// The forward pass on `input`, `[batch, n_in]`. Leaves every zˡ, aˡ and ŷ in `pass`.
    pub fn forward(&self, input: &[F], pass: &mut Pass<F>) {
        to_the_end(|cancel| self.forward_while(input, pass, cancel));
    }

    /// The same, unless it is cancelled: then `pass` holds nothing of use.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn forward_while(
        &self,
        input: &[F],
        pass: &mut Pass<F>,
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
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

    /// What a forward pass of so many samples counts as in a [`Cancel`]; a backward pass counts twice as much.
    pub(crate) fn operations(&self, samples: usize) -> u64 {
        let units: usize = self.layers.iter().map(|layer| layer.n_out).sum();
        samples as u64 * (self.parameters.len() as u64 / MULTIPLY_ADDS + units as u64)
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
        to_the_end(|cancel| self.backward_while(input, targets, loss, scale, pass, gradient, cancel));
    }

    /// The same, unless it is cancelled: then `pass` and `gradient` hold nothing of use.
    ///
    /// # Errors
    /// If it is cancelled.
    #[expect(clippy::too_many_arguments, reason = "the arguments of `backward`, and one more")]
    pub fn backward_while(
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
            // The input gradient of the first layer is nobody's delta: it is not computed.
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

/// `sums ← Σ_rows matrix`: in blocks of [`BLOCK`] rows from the first to the last, the blocks pairwise. Nothing where `sums` is
/// empty.
fn sum_rows<F: Element>(matrix: &[F], sums: &mut [F]) {
    let width = sums.len();
    if matrix.len() <= width * BLOCK {
        return sum_block(matrix, width, 0, sums);
    }
    for (index, sums) in sums.chunks_mut(COLUMNS).enumerate() {
        sum_blocks(matrix, width, index * COLUMNS, sums);
    }
}

/// Columns that are summed at a time where there are many blocks.
const COLUMNS: usize = 64;

/// The sums of at most [`COLUMNS`] columns from the `first` on, of a matrix of `width` columns.
fn sum_blocks<F: Element>(matrix: &[F], width: usize, first: usize, sums: &mut [F]) {
    let blocks = matrix.len().div_ceil(width * BLOCK);
    if blocks <= 1 {
        return sum_block(matrix, width, first, sums);
    }
    // As many as a power of two, so that blocks are added pairwise.
    let (left, right) = matrix.split_at(blocks.next_power_of_two() / 2 * width * BLOCK);
    let mut rest = [F::ZERO; COLUMNS];
    let rest = &mut rest[..sums.len()];
    sum_blocks(left, width, first, sums);
    sum_blocks(right, width, first, rest);
    sums.iter_mut().zip(rest).for_each(|(sum, term)| *sum += *term);
}

/// The sums of the columns from the `first` on, one row after the other.
fn sum_block<F: Element>(matrix: &[F], width: usize, first: usize, sums: &mut [F]) {
    let columns = first..first + sums.len();
    vectorized(
        #[inline(always)]
        || {
            sums.fill(F::ZERO);
            for row in matrix.chunks_exact(width.max(1)) {
                for (sum, &entry) in sums.iter_mut().zip(&row[columns.clone()]) {
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
    /// mˡ, `[batch, n_out]`: 0 or 1/(1 − p); empty where nothing is dropped.
    pub mask: Vec<F>,
    /// aˡ ∗ mˡ, `[batch, n_out]`; empty where nothing is dropped.
    pub masked: Vec<F>,
}

impl<F> LayerPass<F> {
    /// What the next layer gets: the activations, dropped ones as 0.
    pub fn passed_on(&self) -> &[F] {
        if self.mask.is_empty() { &self.activation } else { &self.masked }
    }
}

impl<F: Element> Pass<F> {
    /// Room for passes of at most `capacity` samples, in which nothing is dropped.
    pub fn new(network: &Network<F>, capacity: usize) -> Self {
        let room = |layer: &Layer| vec![F::ZERO; capacity * layer.n_out];
        let layers = network.layers.iter().map(|layer| LayerPass {
            pre_activation: room(layer),
            activation: room(layer),
            delta: room(layer),
            mask: Vec::new(),
            masked: Vec::new(),
        });
        Self { batch: 0, layers: layers.collect() }
    }

    /// Room for passes of training: with masks where the network has dropout. They drop nothing until
    /// [`draw_masks`](Self::draw_masks).
    pub fn for_training(network: &Network<F>, capacity: usize) -> Self {
        let mut pass = Self::new(network, capacity);
        let hidden = network.layers.len() - 1;
        if network.dropout > 0.0 {
            for (layer, done) in network.layers.iter().zip(&mut pass.layers).take(hidden) {
                done.mask = vec![F::ONE; capacity * layer.n_out];
                done.masked = vec![F::ZERO; capacity * layer.n_out];
            }
        }
        pass
    }

    /// Draws the masks of a step for a batch of `samples`: each layer from a stream of its own.
    pub fn draw_masks(&mut self, network: &Network<F>, samples: usize, seed: u64, step: u64) {
        to_the_end(|cancel| self.draw_masks_while(network, samples, seed, step, cancel));
    }

    /// The same, unless it is cancelled.
    pub(crate) fn draw_masks_while(
        &mut self,
        network: &Network<F>,
        samples: usize,
        seed: u64,
        step: u64,
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        let kept = F::from_f64(1.0 / (1.0 - network.dropout));
        for (index, (layer, done)) in network.layers.iter().zip(&mut self.layers).enumerate() {
            if done.mask.is_empty() {
                continue;
            }
            let mut stream = Stream::new(seed, Purpose::Dropout, index as u64 + 1, step);
            for row in done.mask[..samples * layer.n_out].chunks_exact_mut(layer.n_out) {
                for entry in row {
                    *entry = if stream.uniform() < network.dropout { F::ZERO } else { kept };
                }
                cancel.after(layer.n_out as u64 * DRAW)?;
            }
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers, so that every order gives the same sum: columns of more than one group, and rows of no, one and many
    /// blocks, whole and not.
    #[test]
    fn every_row_and_column_is_summed_once() {
        for width in [1, 10, COLUMNS, COLUMNS + 3] {
            for rows in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, 7 * BLOCK + 9] {
                let matrix: Vec<f64> = (0..rows * width).map(|i| (i * 7 % 23) as f64).collect();
                let mut sums = vec![9.0; width];
                sum_rows(&matrix, &mut sums);
                let column = |j: usize| matrix.iter().skip(j).step_by(width).sum::<f64>();
                assert_eq!(sums, (0..width).map(column).collect::<Vec<_>>(), "{rows} × {width}");
            }
        }
    }

    /// (2²⁴ + ½) + (1 + 1): one after the other, none of the small blocks would reach 2²⁴.
    #[test]
    fn blocks_of_rows_are_added_pairwise() {
        let mut matrix = vec![0.0f32; 4 * BLOCK];
        [(0, 16_777_216.0), (BLOCK, 0.5), (2 * BLOCK, 1.0), (3 * BLOCK, 1.0)]
            .into_iter()
            .for_each(|(row, x)| matrix[row] = x);
        let mut sums = [0.0];
        sum_rows(&matrix, &mut sums);
        assert_eq!(sums, [16_777_218.0]);
    }

    /// 0.1 in 60,000 rows of single precision: one chain is off by 6e-4.
    #[test]
    fn long_batches_keep_their_digits() {
        let mut sums = [0.0f32; 3];
        sum_rows(&[0.1f32; 180_000], &mut sums);
        let exact = 60_000.0 * f64::from(0.1f32);
        assert!(sums.iter().all(|&sum| (f64::from(sum) / exact - 1.0).abs() < 1e-5), "{sums:?}");
    }
}
