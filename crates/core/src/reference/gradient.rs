//! The backward pass of the reference engine. The steps that people get wrong are methods of [`BackwardSteps`].

use super::{BackwardSteps, Layer, Libm, ReferenceNetwork, Trace, penalty_derivative};
use crate::cancel::{Cancel, Cancelled};
use crate::loss::Loss;
use crate::network::Network;
use crate::penalty::Penalty;

/// The samples of a step, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// x, `[batch, n_in]`
    pub features: &'a [f64],
    /// y, `[batch, n_out]`
    pub targets: &'a [f64],
    /// mˡ of each hidden layer, `[batch, width]`: 0 or 1/(1 − p). Empty without dropout.
    pub masks: &'a [Vec<f64>],
}

/// `J = scale · Σ_batch L + Σ p(w)`
#[derive(Debug, Clone, Copy)]
pub struct ScaledCost<'a> {
    /// L, the loss of a sample.
    pub loss: &'a Loss,
    /// 1/N for the mean over the samples of the batch, 1 for their sum.
    pub scale: f64,
    /// p, the penalty on each weight.
    pub penalty: &'a Penalty,
}

/// The gradient of the cost of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradient {
    /// ∂J/∂θ, in the layout of the network's parameters.
    pub parameters: Vec<f64>,
    /// ∂J/∂x, `[batch, n_in]`
    pub inputs: Vec<f64>,
}

/// The gradient of the cost of a batch, computed with `steps`. The parameters change only if a wrong step changes them.
///
/// # Errors
/// If it is cancelled.
pub fn gradient(
    network: &mut Network<f64>,
    batch: Batch<'_>,
    cost: ScaledCost<'_>,
    steps: &dyn BackwardSteps,
    cancel: &Cancel<'_>,
) -> Result<Gradient, Cancelled> {
    let reference = ReferenceNetwork::from(&*network);
    // Plain loops: each multiply-add counts as one operation.
    let operations = network.parameters.len() as u64;
    let traces = reference.traces(&batch, network.n_in(), &|| cancel.after(operations))?;
    let backward = Backward { network: &reference, traces: &traces, cost, steps };
    let mut sum = reference.zeros();
    let mut inputs = Vec::new();
    for (sample, targets) in batch.targets.chunks(network.n_out()).enumerate() {
        let (gradient, input_gradient) = backward.sample(sample, targets);
        sum.iter_mut().zip(&gradient).for_each(|(sum, term)| backward.add_sample(sum, term));
        inputs.extend(input_gradient);
        cancel.after(4 * operations)?;
    }
    for (index, layer) in sum.iter_mut().enumerate() {
        steps.weight_gradient(index, &mut layer.weights);
        backward.add_penalty(index, layer);
    }
    steps.change_parameters(network, &traces);
    Ok(Gradient { parameters: flat(network, &sum), inputs })
}

impl ReferenceNetwork {
    /// The forward passes of all samples; calls `go_on` after each.
    fn traces(
        &self,
        batch: &Batch<'_>,
        n_in: usize,
        go_on: &dyn Fn() -> Result<(), Cancelled>,
    ) -> Result<Vec<Trace>, Cancelled> {
        let samples = batch.features.chunks(n_in).enumerate();
        let trace = |(sample, input): (usize, &[f64])| {
            let masks = batch.masks.iter().zip(&self.layers).map(|(mask, layer)| {
                let width = layer.biases.len();
                &mask[sample * width..][..width]
            });
            let trace = self.forward_masked(input, &masks.collect::<Vec<_>>());
            go_on().map(|()| trace)
        };
        samples.map(trace).collect()
    }

    fn zeros(&self) -> Vec<Layer> {
        let zeros = |values: &Vec<f64>| vec![0.0; values.len()];
        let layer = |layer: &Layer| Layer {
            weights: layer.weights.iter().map(zeros).collect(),
            biases: zeros(&layer.biases),
            learnt: zeros(&layer.learnt),
        };
        self.layers.iter().map(layer).collect()
    }
}

/// The inputs of the backward pass of a batch.
struct Backward<'a> {
    network: &'a ReferenceNetwork,
    traces: &'a [Trace],
    cost: ScaledCost<'a>,
    steps: &'a dyn BackwardSteps,
}

impl Backward<'_> {
    /// The gradient of `scale · L` of one sample: layer by layer, and in the inputs.
    fn sample(&self, sample: usize, targets: &[f64]) -> (Vec<Layer>, Vec<f64>) {
        let mut delta = self.output_delta(&self.traces[sample], targets);
        let (mut gradients, mut learnt) = (Vec::new(), Vec::new());
        for layer in (0..self.network.layers.len()).rev() {
            gradients.push(self.layer_gradient(sample, layer, &delta, learnt));
            let upstream = self.upstream(layer, &delta);
            (delta, learnt) =
                if layer > 0 { self.below(sample, layer, upstream) } else { (upstream, Vec::new()) };
        }
        gradients.reverse();
        (gradients, delta)
    }

    /// `δᴸⱼ = scale · Σᵢ ∂ℓ/∂ŷᵢ · ∂ŷᵢ/∂zⱼ`
    fn output_delta(&self, trace: &Trace, targets: &[f64]) -> Vec<f64> {
        let outputs = self.network.output_units(trace, self.cost.loss);
        let by_output = |i: usize| self.steps.loss_derivative(self.cost.loss, outputs[i], targets[i]);
        let jacobian = |i: usize, j: usize| {
            self.steps.output_jacobian(self.network.output_jacobian(&outputs, i, j), i, j)
        };
        let units = 0..outputs.len();
        let delta = |j: usize| {
            let sum = units.clone().map(|i| by_output(i) * jacobian(i, j)).sum();
            self.steps.scale(self.cost.scale) * self.steps.output_delta(sum, outputs[j].value, targets[j])
        };
        units.clone().map(delta).collect()
    }

    /// `∂L/∂wᵢⱼ = aᵢ·δⱼ`, `∂L/∂bⱼ = δⱼ`
    fn layer_gradient(&self, sample: usize, layer: usize, delta: &[f64], learnt: Vec<f64>) -> Layer {
        let input = self.steps.input_of(self.traces, sample, layer);
        let weights = input.iter().map(|a| delta.iter().map(|d| a * d).collect()).collect();
        let biases = delta.iter().map(|&d| self.steps.bias_gradient(d)).collect();
        let learnt = learnt.into_iter().map(|gradient| self.steps.learnt_gradient(gradient)).collect();
        Layer { weights, biases, learnt }
    }

    /// `eᵢ = Σⱼ wᵢⱼ·δⱼ`, the gradient in the inputs of a layer.
    fn upstream(&self, layer: usize, delta: &[f64]) -> Vec<f64> {
        let weights = &self.network.layers[layer].weights;
        let sum = |i: usize| {
            let terms = (0..delta.len()).map(|j| self.steps.weight_on_the_way_back(weights, i, j) * delta[j]);
            terms.fold(0.0, |sum, term| self.steps.sum_over_units(sum, term))
        };
        (0..weights.len()).map(sum).collect()
    }

    /// For the units below `layer`: `δᵢ = eᵢ·mᵢ·φ'(zᵢ)`, and `Σᵢ eᵢ·mᵢ·∂φ/∂θ(zᵢ)` of each learnt parameter θ.
    fn below(&self, sample: usize, layer: usize, upstream: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
        let (trace, below) = (&self.traces[sample], layer - 1);
        let phi = self.network.activation_of(below);
        let mut learnt = vec![0.0; self.network.layers[below].learnt.len()];
        let mut delta = Vec::new();
        for (i, e) in upstream.into_iter().enumerate() {
            let by_activation = e * self.steps.mask_on_the_way_back(trace.masks[below][i]);
            let [z, a] = [&trace.pre_activations, &trace.activations].map(|of| Libm(of[below][i]));
            let derivatives = phi.kernel::<Libm>().learnt_derivatives(z, a);
            learnt.iter_mut().zip(derivatives).for_each(|(sum, d)| *sum += by_activation * d.0);
            delta.push(by_activation * self.steps.activation_derivative(&phi, trace, below, i));
        }
        (delta, learnt)
    }

    /// `Σ_batch`
    fn add_sample(&self, sum: &mut Layer, term: &Layer) {
        let weights = sum.weights.iter_mut().flatten().zip(term.weights.iter().flatten());
        let biases = sum.biases.iter_mut().zip(&term.biases);
        let learnt = sum.learnt.iter_mut().zip(&term.learnt);
        for (sum, &term) in weights.chain(biases).chain(learnt) {
            *sum = self.steps.sum_over_samples(*sum, term);
        }
    }

    /// `p'(w)` for each weight, and nothing for each bias.
    fn add_penalty(&self, index: usize, gradient: &mut Layer) {
        let layer = &self.network.layers[index];
        let derivative = |&w: &f64| {
            self.steps.penalty_derivative(penalty_derivative(self.cost.penalty, w), self.cost.scale)
        };
        let weights = gradient.weights.iter_mut().flatten().zip(layer.weights.iter().flatten());
        weights.for_each(|(gradient, w)| *gradient += derivative(w));
        if self.steps.penalises_biases() {
            gradient
                .biases
                .iter_mut()
                .zip(&layer.biases)
                .for_each(|(gradient, b)| *gradient += derivative(b));
        }
    }
}

/// W row by row, b, and the learnt parameters, layer by layer: the layout of the network's parameters.
fn flat(network: &Network<f64>, layers: &[Layer]) -> Vec<f64> {
    let mut parameters = Vec::with_capacity(network.parameters.len());
    for (place, layer) in network.layers.iter().zip(layers) {
        parameters.extend(layer.weights.iter().flatten());
        parameters.extend(&layer.biases[..place.biases.len()]);
        parameters.extend(&layer.learnt);
    }
    parameters
}
