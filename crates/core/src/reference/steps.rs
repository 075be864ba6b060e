//! The steps of the backward pass that people get wrong, each a method.

use super::{Libm, OutputUnit, Trace, loss_derivative};
use crate::activation::Activation;
use crate::loss::Loss;
use crate::network::Network;

/// The steps of a backward pass that people get wrong. The default methods are right; a [fault](mod@crate::fault) overrides
/// one of them. Layers are counted from 0.
pub trait BackwardSteps {
    /// The factor of the sum over the samples of a batch: 1/N for their mean, 1 for their sum.
    fn scale(&self, scale: f64) -> f64 {
        scale
    }

    /// `∂ℓ/∂ŷ` of one output.
    fn loss_derivative(&self, loss: &Loss, output: OutputUnit, target: f64) -> f64 {
        loss_derivative(loss, output, target)
    }

    /// `∂ŷᵢ/∂zⱼ`; `entry` is the right value.
    fn output_jacobian(&self, entry: f64, _i: usize, _j: usize) -> f64 {
        entry
    }

    /// `∂L/∂zⱼ` of one output; `delta` is the value from the Jacobian.
    fn output_delta(&self, delta: f64, _output: f64, _target: f64) -> f64 {
        delta
    }

    /// The input a of a layer in `∂L/∂W = aᵀ·δ`.
    fn input_of(&self, traces: &[Trace], sample: usize, layer: usize) -> Vec<f64> {
        traces[sample].input_of(layer)
    }

    /// Processes `∂J/∂W` of a layer, summed over the batch, before the penalty is added.
    fn weight_gradient(&self, _layer: usize, _gradient: &mut [Vec<f64>]) {}

    /// `∂L/∂bⱼ` from δⱼ.
    fn bias_gradient(&self, delta: f64) -> f64 {
        delta
    }

    /// `∂L/∂θ` of a learnt parameter of the activation; `gradient` is the right value.
    fn learnt_gradient(&self, gradient: f64) -> f64 {
        gradient
    }

    /// wᵢⱼ in `eᵢ = Σⱼ wᵢⱼ·δⱼ`.
    fn weight_on_the_way_back(&self, weights: &[Vec<f64>], i: usize, j: usize) -> f64 {
        weights[i][j]
    }

    /// Σ in `eᵢ = Σⱼ wᵢⱼ·δⱼ`, term by term.
    fn sum_over_units(&self, sum: f64, term: f64) -> f64 {
        sum + term
    }

    /// Σ over the samples of a batch, term by term.
    fn sum_over_samples(&self, sum: f64, term: f64) -> f64 {
        sum + term
    }

    /// m in `δ = e ∗ m ∗ φ'(z)`: 0 or 1/(1 − p) with dropout, 1 without.
    fn mask_on_the_way_back(&self, mask: f64) -> f64 {
        mask
    }

    /// `φ'(z)` of a unit of a hidden layer.
    fn activation_derivative(&self, phi: &Activation, trace: &Trace, layer: usize, unit: usize) -> f64 {
        activation_derivative(phi, trace, layer, unit)
    }

    /// `p'(w)`, to be added to the gradient of the loss.
    fn penalty_derivative(&self, derivative: f64, _scale: f64) -> f64 {
        derivative
    }

    /// Whether the penalty is added for the biases too.
    fn penalises_biases(&self) -> bool {
        false
    }

    /// Changes the parameters in the backward pass; the right step changes nothing.
    fn change_parameters(&self, _network: &mut Network<f64>, _traces: &[Trace]) {}

    /// Whether a step's gradient is added to the gradient of the previous step.
    fn keeps_gradient(&self) -> bool {
        false
    }

    /// The sign of the gradient in the update.
    fn update_sign(&self) -> f64 {
        1.0
    }
}

/// `φ'(z)` of a unit of a hidden layer (counted from 0).
pub fn activation_derivative(phi: &Activation, trace: &Trace, layer: usize, unit: usize) -> f64 {
    let [z, a] = [&trace.pre_activations, &trace.activations].map(|of| Libm(of[layer][unit]));
    phi.kernel::<Libm>().derivative(z, a).0
}
