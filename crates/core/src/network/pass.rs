//! The stored results of the passes through a network.

use super::{Layer, Network};
use crate::cancel::{Cancel, Cancelled, DRAW};
use crate::real::Element;
use crate::seed::{Purpose, Stream};

/// The results of a forward and a backward pass, for at most `capacity` samples. Allocated once, used for every step.
#[derive(Debug, Clone)]
pub struct Pass<F> {
    /// Samples of the last forward pass.
    pub batch: usize,
    /// One for each layer of the network.
    pub layers: Vec<LayerPass<F>>,
}

/// The results of a pass in a layer; only the first `batch · n_out` numbers of each are valid.
#[derive(Debug, Clone)]
pub struct LayerPass<F> {
    /// zˡ, `[batch, n_out]`
    pub pre_activation: Vec<F>,
    /// aˡ, `[batch, n_out]`; ŷ in the last layer.
    pub activation: Vec<F>,
    /// δˡ = ∂L/∂zˡ, `[batch, n_out]`
    pub delta: Vec<F>,
    /// mˡ, `[batch, n_out]`: 0 or 1/(1 − p); empty without dropout.
    pub mask: Vec<F>,
    /// aˡ ∗ mˡ, `[batch, n_out]`; empty without dropout.
    pub masked: Vec<F>,
}

impl<F> LayerPass<F> {
    /// The input of the next layer: the activations, with 0 for dropped units.
    pub fn passed_on(&self) -> &[F] {
        if self.mask.is_empty() { &self.activation } else { &self.masked }
    }
}

impl<F: Element> Pass<F> {
    /// Memory for passes of at most `capacity` samples, without dropout.
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

    /// Memory for training passes: with masks if the network has dropout. The masks drop nothing until
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

    /// Draws the masks of a step for a batch of `samples`: each layer from its own stream.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn draw_masks(
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

    /// The results of the last layer.
    pub fn last(&self) -> &LayerPass<F> {
        &self.layers[self.layers.len() - 1]
    }

    pub(super) fn last_mut(&mut self) -> &mut LayerPass<F> {
        let last = self.layers.len() - 1;
        &mut self.layers[last]
    }

    /// δᴸ of the last backward pass.
    pub fn output_delta(&self, n_out: usize) -> &[F] {
        &self.last().delta[..self.batch * n_out]
    }
}
