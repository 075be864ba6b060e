//! The cost to differentiate, and the gradient of the fast engine.

use crate::cancel::{Cancel, Cancelled};
use crate::cost::{CostFunction, sample_losses};
use crate::network::{Network, Pass};
use crate::product::{self, Shape};
use crate::real::Element;
use crate::simd::sum_in_double;

/// The cost of a batch, `J = scale · Σ_batch L + Σ p(w)`, as in a training step.
#[derive(Debug, Clone, Copy)]
pub struct Objective<'a, F> {
    /// x, `[batch, n_in]`, row-major.
    pub features: &'a [F],
    /// y, `[batch, n_out]`, row-major.
    pub targets: &'a [F],
    /// The terms of the cost.
    pub cost: CostFunction,
    /// The seed of the dropout masks.
    pub seed: u64,
    /// The training step whose masks are drawn.
    pub step: u64,
}

impl<F: Element> Objective<'_, F> {
    /// Memory for passes through `network`, with the masks of the step if it has dropout: the same in each call.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn pass(&self, network: &Network<F>, cancel: &Cancel<'_>) -> Result<Pass<F>, Cancelled> {
        let batch = self.features.len() / network.n_in();
        let mut pass = Pass::for_training(network, batch);
        if network.dropout > 0.0 {
            pass.draw_masks(network, batch, self.seed, self.step, cancel)?;
        }
        Ok(pass)
    }

    /// The factor of the sum over the samples: 1, or 1/N for N samples.
    pub fn scale(&self, network: &Network<F>) -> F {
        self.cost.reduction.scale(self.features.len() / network.n_in())
    }

    /// J at other parameters and inputs; `losses`, `[batch]`, are summed in double precision.
    pub(super) fn value(
        &self,
        network: &Network<F>,
        features: &[F],
        pass: &mut Pass<F>,
        losses: &mut [F],
        cancel: &Cancel<'_>,
    ) -> Result<f64, Cancelled> {
        network.forward(features, pass, cancel)?;
        sample_losses(network, pass, self.targets, &self.cost.loss, losses);
        let loss = sum_in_double(losses);
        Ok(self.scale(network).to_f64() * loss + self.cost.penalty_value(network))
    }
}

/// An entry that can be moved.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry {
    /// An entry of the vector of all parameters.
    Parameter(usize),
    /// An entry of the features, row-major.
    Input(usize),
}

/// A gradient of J.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient<F> {
    /// ∂J/∂θ, in the layout of [`Network::parameters`].
    pub parameters: Vec<F>,
    /// ∂J/∂x, `[batch, n_in]`, row-major.
    pub inputs: Vec<F>,
}

impl<F: Element> Gradient<F> {
    /// An entry; NaN if it does not exist.
    pub(super) fn of(&self, entry: Entry) -> F {
        let found = match entry {
            Entry::Parameter(index) => self.parameters.get(index),
            Entry::Input(index) => self.inputs.get(index),
        };
        found.copied().unwrap_or(F::from_f64(f64::NAN))
    }
}

/// The gradient of the fast engine: forward pass, backward pass and penalty as in training, plus one product for the
/// inputs, `∂J/∂x = δ¹·(W¹)ᵀ`.
///
/// # Errors
/// If it is cancelled.
pub fn backpropagation<F: Element>(
    network: &mut Network<F>,
    objective: &Objective<'_, F>,
    cancel: &Cancel<'_>,
) -> Result<Gradient<F>, Cancelled> {
    let Objective { features, targets, cost, .. } = objective;
    let mut pass = objective.pass(network, cancel)?;
    let mut parameters = vec![F::ZERO; network.parameters.len()];
    network.forward(features, &mut pass, cancel)?;
    let scale = objective.scale(network);
    network.backward(features, targets, &cost.loss, scale, &mut pass, &mut parameters, cancel)?;
    cost.add_penalty_gradient(network, &mut parameters);
    let mut inputs = vec![F::ZERO; features.len()];
    let first = &network.layers[0];
    let shape = Shape { batch: pass.batch, n_in: first.n_in, n_out: first.n_out };
    let weights = &network.parameters[first.weights.clone()];
    let delta = &pass.layers[0].delta[..pass.batch * first.n_out];
    product::input_gradient(shape, delta, weights, &mut inputs, cancel, |_, _| ())?;
    Ok(Gradient { parameters, inputs })
}
