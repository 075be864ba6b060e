//! The result of a run.

use crate::named::named;
use crate::{
    Curve, Digest, FunctionCurve, GradientCheck, Metric, Outcomes, ProbeTable, RunId, RunSpec, TracedStep,
    XAxis,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A completed run. An interrupted run leaves no record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The digest of `spec`.
    pub run_id: RunId,
    /// Version of the engine's results. Together with `run_id`, it is the key of the record.
    pub results_version: u32,
    /// The settings that determined the run.
    pub spec: RunSpec,
    /// Why the run ended.
    pub stop: StopReason,
    /// The reason in words, if the run failed.
    pub failure: Option<String>,
    /// Where the run diverged, if it did.
    pub divergence: Option<Divergence>,
    /// When the target was first reached; `None` if there is no target or it was missed.
    pub target_reached: Option<TargetReached>,
    /// Metrics at epoch 0 (before training) and at the end of evaluated epochs, with at most
    /// [`MAX_POINTS`](crate::MAX_POINTS) rows.
    pub curve: Curve,
    /// Loss and accuracy on the test set, measured once, after training; `None` without a test set or weights.
    pub test: Option<Score>,
    /// Counts of classes or errors of numbers on the validation and test sets, for the kept parameters.
    #[serde(default, skip_serializing_if = "Outcomes::is_empty")]
    pub outcomes: Outcomes,
    /// The evaluated epoch whose parameters were kept, if it is not the last one: early stopping goes back to the best
    /// epoch.
    pub kept_epoch: Option<u64>,
    /// The measurements of the probes that the experiment asks for; empty if there are none.
    pub probes: ProbeTable,
    /// The result of a gradient check; `None` if the run did not make one.
    pub gradient_check: Option<GradientCheck>,
    /// Every number of the first steps, if the experiment asks for a trace; empty otherwise.
    pub trace: Vec<TracedStep>,
    /// The function that the run evaluated, if the experiment is of that kind.
    pub function: Option<FunctionCurve>,
    /// Number of weights, biases and learnt activation parameters.
    pub parameter_count: u64,
    /// Digest of the trained parameters, layer by layer; `None` if the run failed.
    pub weights_digest: Option<Digest>,
    /// Digest of the parameters of each layer, in order; empty if the run failed.
    pub layer_digests: Vec<Digest>,
    /// Wall time of the run in seconds. It is not part of the result: it differs between executions.
    #[serde(with = "crate::exact")]
    pub wall_seconds: f64,
}

impl RunRecord {
    /// The record of a run that measured nothing.
    pub fn without_results(run_id: RunId, results_version: u32, spec: RunSpec, stop: StopReason) -> Self {
        Self {
            run_id,
            results_version,
            spec,
            stop,
            failure: None,
            divergence: None,
            target_reached: None,
            curve: Curve::default(),
            test: None,
            outcomes: Outcomes::default(),
            kept_epoch: None,
            probes: ProbeTable::default(),
            gradient_check: None,
            trace: Vec::new(),
            function: None,
            parameter_count: 0,
            weights_digest: None,
            layer_digests: Vec::new(),
            wall_seconds: 0.0,
        }
    }

    /// The value of `metric` for the kept parameters. `None` if it was not measured, or if the run failed or diverged.
    pub fn final_value(&self, metric: Metric) -> Option<f64> {
        if self.stop.is_lost() {
            return None;
        }
        self.curve.column(metric).get(self.kept_row()?).copied().flatten()
    }

    /// The position of a row of the curve on an axis; `None` if that was not measured.
    ///
    /// Floating-point operations are counted by a rule: a forward pass takes a multiplication and an addition for each
    /// parameter and sample, so `2 · parameter_count · cost_units` in total. Activations, losses and the optimizer's
    /// computations are left out.
    pub fn at(&self, axis: XAxis, row: usize) -> Option<f64> {
        let curve = &self.curve;
        match axis {
            XAxis::Epochs => curve.epoch.get(row).map(|epoch| *epoch as f64),
            XAxis::Steps => curve.steps.get(row).map(|steps| *steps as f64),
            XAxis::Samples => curve.samples.get(row).map(|samples| *samples as f64),
            XAxis::CostUnits => curve.cost_units.get(row).map(|cost| *cost as f64),
            XAxis::Flops => {
                curve.cost_units.get(row).map(|cost| 2.0 * self.parameter_count as f64 * *cost as f64)
            }
            XAxis::Seconds => curve.seconds.get(row).copied().flatten(),
        }
    }

    /// The row of the curve for the kept parameters.
    pub fn kept_row(&self) -> Option<usize> {
        match self.kept_epoch {
            Some(epoch) => self.curve.epoch.binary_search(&epoch).ok(),
            None => self.curve.len().checked_sub(1),
        }
    }
}

/// Loss and accuracy on one of the sets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Mean loss per sample.
    #[serde(with = "crate::exact")]
    pub loss: f64,
    /// Fraction of samples classified correctly; `None` for regression.
    #[serde(with = "crate::exact")]
    pub accuracy: Option<f64>,
}

named! {
    /// Why a run ended.
    pub enum StopReason {
        /// The number of epochs was reached.
        MaxEpochs = "max_epochs",
        /// The target was reached, and it has `stop = true`.
        TargetReached = "target_reached",
        /// The gradient on the whole training set fell below the tolerance.
        GradientBelowTolerance = "gradient_below_tolerance",
        /// The watched metric did not improve for as many epochs as the patience allows.
        EarlyStopping = "early_stopping",
        /// The budget of cost units was spent.
        BudgetSpent = "budget_spent",
        /// A number became infinite or NaN.
        Diverged = "diverged",
        /// The run could not be executed.
        Failed = "failed",
        /// The time limit was reached.
        TimedOut = "timed_out",
        /// There was no network to train.
        NotTrained = "not_trained",
    }
}

impl StopReason {
    /// Whether a run that ended this way has no final value: it diverged or failed.
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Diverged | Self::Failed)
    }
}

/// Where the first number that is not finite was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// The training step after which it was found, counted from 0.
    pub step: u64,
    /// The layer, counted from 1; the number of layers + 1 for tensors after the last layer.
    pub layer: u64,
    /// The tensor with the number: `weights`, `biases`, `pre_activation` or `activation` of that layer; after the last
    /// layer `delta`, `loss`, `weight_norm` or `gradient_norm`.
    pub tensor: String,
    /// The value: `NaN`, `inf` or `-inf`.
    pub value: String,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, layer, tensor, value } = self;
        match tensor.as_str() {
            "weights" | "biases" | "pre_activation" | "activation" => {
                write!(f, "{tensor} of layer {layer} became {value} at step {step}")
            }
            _ => write!(f, "{tensor} became {value} at step {step}"),
        }
    }
}

/// When a target was first reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TargetReached {
    /// Epoch; 0 is before training.
    pub epoch: u64,
    /// Parameter updates until then.
    pub steps: u64,
    /// Training samples seen until then.
    pub samples: u64,
    /// Cost until then: the forward pass of one sample is 1 unit, forward and backward are 3.
    pub cost_units: u64,
}
