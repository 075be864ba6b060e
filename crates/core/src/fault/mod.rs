//! Faults: deliberate versions of errors that people make in a backward pass. A gradient check that finds none of them
//! proves nothing.
//!
//! A fault overrides a step of the [reference engine](mod@crate::reference)'s backward pass, a method of
//! [`BackwardSteps`]. The fast engine does not know faults: training with a fault takes its gradients from the
//! reference engine.
//!
//! To add one: a file with its type ([`item!`](crate::item)) and the method it overrides, and its lines in the registry
//! below.

mod backpropagation;
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

pub(crate) use backpropagation::{backpropagation, replace};

use crate::reference::BackwardSteps;

crate::family! {
    /// An error in the backward pass.
    #[derive(Copy)]
    Fault = "fault", kernel = dyn BackwardSteps, default None {
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
