//! The autopsy of a run that diverged.

use crate::network::{Network, Pass};
use crate::real::Element;

/// The first number that is not finite, in the order of the forward pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Divergence {
    /// Parameter updates before it was found.
    pub step: u64,
    /// The layer, counted from 1; the number of layers + 1 for quantities after the last layer.
    pub layer: usize,
    /// `weights`, `biases`, `pre_activation` or `activation`. After the last layer: `delta`, `loss`, `weight_norm`,
    /// `gradient_norm` or, with a fault, `gradient`.
    pub tensor: &'static str,
    /// The value.
    pub value: f64,
}

impl Divergence {
    /// Searches the parameters and the last forward pass, from the first layer to the last. If all are finite, the
    /// cause came later: `last`, a tensor's name and its value.
    pub(super) fn find<F: Element>(
        network: &Network<F>,
        pass: &Pass<F>,
        step: u64,
        last: (&'static str, f64),
    ) -> Self {
        for (index, (layer, done)) in network.layers.iter().zip(&pass.layers).enumerate() {
            let size = pass.batch * layer.n_out;
            let tensors = [
                ("weights", &network.parameters[layer.weights.clone()]),
                ("biases", &network.parameters[layer.biases.clone()]),
                ("pre_activation", &done.pre_activation[..size]),
                ("activation", &done.activation[..size]),
            ];
            for (tensor, values) in tensors {
                if let Some(value) = values.iter().find(|value| !value.is_finite()) {
                    return Self { step, layer: index + 1, tensor, value: value.to_f64() };
                }
            }
        }
        Self { step, layer: network.layers.len() + 1, tensor: last.0, value: last.1 }
    }
}
