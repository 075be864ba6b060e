//! The tensors of a network, and the choice of entries to check.

use super::objective::Entry;
use super::outcome::Tensor;
use super::settings::Entries;
use crate::network::Network;
use crate::seed::{Purpose, Stream};
use std::ops::Range;

/// A tensor that is checked.
pub(super) struct TensorEntries {
    /// The layer, counted from 1; 0 for the inputs.
    pub(super) layer: usize,
    /// The tensor of the layer.
    pub(super) tensor: Tensor,
    /// The width of a row, for a matrix.
    pub(super) columns: Option<usize>,
    range: Range<usize>,
}

/// The inputs and then, layer by layer, the existing tensors: weights, biases and learnt parameters.
pub(super) fn tensors<F>(network: &Network<F>, n_features: usize) -> Vec<TensorEntries> {
    let n_in = network.layers[0].n_in;
    let inputs =
        TensorEntries { layer: 0, tensor: Tensor::Inputs, columns: Some(n_in), range: 0..n_features };
    let of_layers = network.layers.iter().enumerate().flat_map(|(index, layer)| {
        let tensors = [
            (Tensor::Weights, Some(layer.n_out), &layer.weights),
            (Tensor::Biases, None, &layer.biases),
            (Tensor::Learnt, None, &layer.learnt),
        ];
        tensors.map(|(tensor, columns, range)| TensorEntries {
            layer: index + 1,
            tensor,
            columns,
            range: range.clone(),
        })
    });
    [inputs].into_iter().chain(of_layers).filter(|tensor| tensor.len() > 0).collect()
}

impl TensorEntries {
    pub(super) fn len(&self) -> usize {
        self.range.len()
    }

    /// The entry at an index of the tensor.
    pub(super) fn entry(&self, index: usize) -> Entry {
        match self.tensor {
            Tensor::Inputs => Entry::Input(index),
            _ => Entry::Parameter(self.range.start + index),
        }
    }

    /// The indices to check, in order. A random subset depends only on the seed, layer and tensor.
    pub(super) fn chosen(&self, entries: Entries, seed: u64) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.len()).collect();
        if let Entries::Some(most) = entries
            && most < all.len()
        {
            Stream::new(seed, Purpose::GradientCheck, self.layer as u64, self.tensor.number())
                .shuffle(&mut all);
            all.truncate(most);
            all.sort_unstable();
        }
        all
    }
}
