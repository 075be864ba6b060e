//! A dense feed-forward network: its parameters. The passes through it are in `backpropagation.rs`.
//!
//! The parameters of all layers are one vector, so that an optimizer does not need to know about layers.

mod backpropagation;
mod pass;
mod row_sums;
mod settings;

pub use pass::{LayerPass, Pass};
pub use settings::{Biases, ModelSettings, Weights};

use crate::activation::Activation;
use crate::cancel::{Cancel, Cancelled};
use crate::initializer::{Fan, Initializer};
use crate::output::Output;
use crate::product::Shape;
use crate::real::Element;
use crate::seed::{Purpose, Stream};
use crate::simd::sum_of_squares;
use ndarray::{ArrayView1, ArrayView2};
use std::ops::Range;

/// The position of a layer's parameters in the vector of all parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Inputs.
    pub n_in: usize,
    /// Units.
    pub n_out: usize,
    /// W, `[n_in, n_out]`, row-major.
    pub weights: Range<usize>,
    /// b, `[n_out]`; empty if the layer has no biases.
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
    /// p, the fraction of hidden units that each training step leaves out.
    pub dropout: f64,
}

impl<F: Element> Network<F> {
    /// A network of the given widths, from the inputs to the outputs, without dropout. Weights and biases are 0; learnt
    /// parameters of the activation have their initial values.
    ///
    /// # Panics
    /// If there are fewer than two widths or a width is 0: callers validate user input.
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

    /// The network of the settings before its first step: weights and biases drawn from `seed` or
    /// given.
    ///
    /// # Errors
    /// If it is cancelled.
    ///
    /// # Panics
    /// If given weights or biases do not have the shapes of the layers; check with [`ModelSettings::check`] first.
    pub fn from_settings(
        model: &ModelSettings,
        n_in: usize,
        n_out: usize,
        seed: u64,
        cancel: &Cancel<'_>,
    ) -> Result<Self, Cancelled> {
        let mut network = Self::new(&model.widths(n_in, n_out), model.bias, model.activation, model.output);
        network.dropout = model.dropout;
        match &model.weights {
            Weights::Drawn => network.initialize(&model.initialization, seed, cancel)?,
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
                Biases::Drawn(initializer) => {
                    network.draw(index, range, initializer, (seed, Purpose::Biases), cancel)?;
                }
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

    /// Draws all weights, each layer from its own stream; biases stay unchanged.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn initialize(
        &mut self,
        initializer: &Initializer,
        seed: u64,
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        for index in 0..self.layers.len() {
            let weights = self.layers[index].weights.clone();
            self.draw(index, weights, initializer, (seed, Purpose::Weights), cancel)?;
        }
        Ok(())
    }

    /// Draws some parameters of a layer from the layer's own stream.
    fn draw(
        &mut self,
        index: usize,
        parameters: Range<usize>,
        initializer: &Initializer,
        (seed, purpose): (u64, Purpose),
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        let Layer { n_in: fan_in, n_out: fan_out, .. } = self.layers[index];
        let mut draws = vec![0.0; parameters.len()];
        let mut stream = Stream::new(seed, purpose, index as u64 + 1, 0);
        initializer.kernel().fill(Fan { fan_in, fan_out }, &mut stream, &mut draws, cancel)?;
        self.set(parameters, &draws);
        Ok(())
    }

    /// The same network in double precision.
    pub(crate) fn to_double(&self) -> Network<f64> {
        Network {
            layers: self.layers.clone(),
            parameters: self.parameters.iter().map(|parameter| parameter.to_f64()).collect(),
            activation: self.activation,
            output: self.output,
            dropout: self.dropout,
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

    /// φ of a layer (counted from 0): the activation with the parameters that the layer has learnt.
    pub fn activation_of(&self, layer: usize) -> Activation {
        match &self.layers[layer].learnt {
            none if none.is_empty() => self.activation,
            learnt => self.activation.kernel::<F>().with_learnt(&self.parameters[learnt.clone()]),
        }
    }

    /// √(Σ W²) over all layers, without biases.
    pub fn weight_norm(&self) -> f64 {
        let squares = self.layers.iter().map(|layer| sum_of_squares(&self.parameters[layer.weights.clone()]));
        squares.sum::<f64>().sqrt()
    }

    /// Passes the parameters to `visit` as the bytes that identify them, each with the index of its layer. The order is
    /// layer by layer: W row-major `[n_in, n_out]`, then b, then the learnt parameters of the activation. All numbers
    /// are little-endian in the network's precision.
    pub fn visit_bytes(&self, mut visit: impl FnMut(usize, &[u8])) {
        for (index, layer) in self.layers.iter().enumerate() {
            for range in [&layer.weights, &layer.biases, &layer.learnt] {
                for value in &self.parameters[range.clone()] {
                    visit(index, &value.to_le_bytes8()[..F::SIZE]);
                }
            }
        }
    }
}
