//! Faults: errors that people make in a backward pass, made on purpose. A gradient check that finds none of them proves
//! nothing.
//!
//! They live in the [reference engine](mod@crate::reference), whose backward pass calls every step that people get wrong
//! by a name of [`FaultKernel`]. Its default methods are the right formulas; a fault replaces one of them. The fast engine
//! knows nothing of faults.
//!
//! To add one: a file with its type ([`item!`](crate::item)) and the method it gets wrong, and its lines in the registry
//! below.

mod batch_mean_twice;
mod binary_derivative_and_diagonal_jacobian;
mod derivative_at_output;
mod diagonal_softmax_jacobian;
mod difference_as_delta;
mod dropout_mask_not_reused;
mod dropout_scale_missing;
mod gradients_not_cleared;
mod last_sample_only;
mod missing_batch_mean;
mod missing_bias_gradient;
mod missing_factor_two;
mod missing_learnt_gradient;
mod no_activation_derivative;
mod none;
mod off_by_one_layer;
mod output_formula_at_input;
mod overwritten_sum;
mod penalty_in_batch_mean;
mod penalty_left_out;
mod penalty_on_biases;
mod relu_mask_after_clipping;
mod stale_activations;
mod summed_first_layer;
mod transposed_weights;
mod weights_zeroed_by_mask;
mod wrong_sign;
mod wrong_update_sign;

use crate::activation::Activation;
use crate::loss::Loss;
use crate::network::Network;
use crate::reference::{self, Libm, OutputUnit, Trace};

crate::family! {
    /// An error in the backward pass.
    #[derive(Copy)]
    Fault = "fault", kernel = dyn FaultKernel, default None {
        None(none),
        NoActivationDerivative(no_activation_derivative),
        DerivativeAtOutput(derivative_at_output),
        OutputFormulaAtInput(output_formula_at_input),
        ReluMaskAfterClipping(relu_mask_after_clipping),
        WeightsZeroedByMask(weights_zeroed_by_mask),
        OffByOneLayer(off_by_one_layer),
        TransposedWeights(transposed_weights),
        OverwrittenSum(overwritten_sum),
        SummedFirstLayer(summed_first_layer),
        StaleActivations(stale_activations),
        MissingBiasGradient(missing_bias_gradient),
        MissingLearntGradient(missing_learnt_gradient),
        DiagonalSoftmaxJacobian(diagonal_softmax_jacobian),
        DifferenceAsDelta(difference_as_delta),
        MissingFactorTwo(missing_factor_two),
        WrongSign(wrong_sign),
        BinaryDerivativeAndDiagonalJacobian(binary_derivative_and_diagonal_jacobian),
        MissingBatchMean(missing_batch_mean),
        BatchMeanTwice(batch_mean_twice),
        LastSampleOnly(last_sample_only),
        PenaltyLeftOut(penalty_left_out),
        PenaltyOnBiases(penalty_on_biases),
        PenaltyInBatchMean(penalty_in_batch_mean),
        DropoutMaskNotReused(dropout_mask_not_reused),
        DropoutScaleMissing(dropout_scale_missing),
        GradientsNotCleared(gradients_not_cleared),
        WrongUpdateSign(wrong_update_sign),
    }
}

impl Fault {
    /// Whether the backward pass is right.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None(_))
    }
}

/// The steps of a backward pass that people get wrong, each as it is right. Layers are counted from 0.
pub trait FaultKernel {
    /// What the sum over the samples of a batch is multiplied by: 1/N for their mean, 1 for their sum.
    fn scale(&self, scale: f64) -> f64 {
        scale
    }

    /// `∂ℓ/∂ŷ` of one output.
    fn loss_derivative(&self, loss: &Loss, output: OutputUnit, target: f64) -> f64 {
        loss_derivative(loss, output, target)
    }

    /// `∂ŷᵢ/∂zⱼ`, of which `entry` is the right value.
    fn output_jacobian(&self, entry: f64, _i: usize, _j: usize) -> f64 {
        entry
    }

    /// `∂L/∂zⱼ` of one output, of which `delta` is what came through the Jacobian.
    fn output_delta(&self, delta: f64, _output: f64, _target: f64) -> f64 {
        delta
    }

    /// The input a of a layer in `∂L/∂W = aᵀ·δ`.
    fn input_of(&self, traces: &[Trace], sample: usize, layer: usize) -> Vec<f64> {
        traces[sample].input_of(layer)
    }

    /// A last look at `∂J/∂W` of a layer, summed over the batch, before the penalty is added.
    fn weight_gradient(&self, _layer: usize, _gradient: &mut [Vec<f64>]) {}

    /// `∂L/∂bⱼ` from δⱼ.
    fn bias_gradient(&self, delta: f64) -> f64 {
        delta
    }

    /// `∂L/∂θ` of a learnt parameter of the activation, of which `gradient` is the right value.
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

    /// `p'(w)` as it is added to the gradient of the loss.
    fn penalty_derivative(&self, derivative: f64, _scale: f64) -> f64 {
        derivative
    }

    /// Whether the penalty is added for the biases too.
    fn penalises_biases(&self) -> bool {
        false
    }

    /// What the backward pass does to the parameters: nothing.
    fn change_parameters(&self, _network: &mut Network<f64>, _traces: &[Trace]) {}

    /// Whether a step's gradient is added to that of the step before.
    fn keeps_gradient(&self) -> bool {
        false
    }

    /// What the gradient is multiplied by before an optimizer goes against it.
    fn update_sign(&self) -> f64 {
        1.0
    }
}

// The right formulas again, for faults that need them in some cases.

fn loss_derivative(loss: &Loss, output: OutputUnit, target: f64) -> f64 {
    reference::loss_derivative(loss, output, target)
}

fn activation_derivative(phi: &Activation, trace: &Trace, layer: usize, unit: usize) -> f64 {
    let [z, a] = [&trace.pre_activations, &trace.activations].map(|of| Libm(of[layer][unit]));
    phi.kernel::<Libm>().derivative(z, a).0
}
