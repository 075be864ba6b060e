//! The cost that training minimises, `J = scale · Σ L + Σ p(w)`: the losses of some samples, and the penalty on all
//! weights.
//!
//! The sum over a whole set is taken chunk by chunk in order, so that every caller gets the same bits.

use crate::dataset::Part;
use crate::loss::{Loss, Rows};
use crate::network::{Network, Pass};
use crate::penalty::Penalty;
use crate::real::Element;
use serde::{Deserialize, Serialize};

/// Samples in a chunk, which is one forward pass. It never changes, because it fixes the order of sums.
pub(crate) const CHUNK: usize = 256;

/// The features and targets of a set, chunk by chunk.
pub(crate) fn chunks<F: Element>(part: &Part<F>) -> impl Iterator<Item = (&[F], &[F])> {
    part.features.chunks(CHUNK * part.n_in()).zip(part.targets.chunks(CHUNK * part.n_out()))
}

/// How the losses of the samples of a batch are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    /// Their mean over the samples of the actual batch.
    Mean,
    /// Their sum.
    Sum,
}

impl Reduction {
    /// The factor of a sum over this many samples.
    pub fn scale<F: Element>(self, samples: usize) -> F {
        match self {
            Self::Mean => F::ONE / F::from_f64(samples as f64),
            Self::Sum => F::ONE,
        }
    }
}

/// The terms of the cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostFunction {
    /// L, the loss of a sample.
    pub loss: Loss,
    /// How the losses of the samples are combined.
    pub reduction: Reduction,
    /// p, the penalty on each weight.
    pub penalty: Penalty,
}

impl CostFunction {
    /// `Σ p(w)` over all weights of the network.
    pub(crate) fn penalty_value<F: Element>(&self, network: &Network<F>) -> f64 {
        let kernel = self.penalty.kernel::<F>();
        network.layers.iter().map(|layer| kernel.value(&network.parameters[layer.weights.clone()])).sum()
    }

    /// Adds `p'(w)` to the gradient, in the layout of the parameters.
    pub(crate) fn add_penalty_gradient<F: Element>(&self, network: &Network<F>, gradient: &mut [F]) {
        if self.penalty.is_none() {
            return;
        }
        for layer in &network.layers {
            let weights = layer.weights.clone();
            self.penalty.kernel().add_gradient(&network.parameters[weights.clone()], &mut gradient[weights]);
        }
    }
}

/// Fills in the loss of each sample of the last forward pass, `[batch]`.
pub(crate) fn sample_losses<F: Element>(
    network: &Network<F>,
    pass: &Pass<F>,
    targets: &[F],
    loss: &Loss,
    losses: &mut [F],
) {
    let last = pass.last();
    let (logits, outputs) = (&last.pre_activation[..targets.len()], &last.activation[..targets.len()]);
    let rows = Rows { n_out: network.n_out(), logits, outputs, targets };
    loss.kernel().sample_losses(&network.output, rows, losses);
}
