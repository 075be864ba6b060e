//! What a run left behind.

use crate::named::named;
use crate::{
    Curve, Digest, FunctionCurve, GradientCheck, Metric, ProbeTable, RunId, RunSpec, TracedStep, XAxis,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One run, ended. An interrupted run leaves no record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The digest of `spec`.
    pub run_id: RunId,
    /// Version of the engine's results: with `run_id`, the key of the record.
    pub results_version: u32,
    /// What determined the run.
    pub spec: RunSpec,
    /// Why the run ended.
    pub stop: StopReason,
    /// The reason in words, where the run failed.
    pub failure: Option<String>,
    /// Where the run diverged, if it did.
    pub divergence: Option<Divergence>,
    /// When the target was first reached; `None` if there is none or it was missed.
    pub target_reached: Option<TargetReached>,
    /// Metrics at epoch 0 (before training) and at the end of evaluated epochs; of many epochs, [`MAX_POINTS`](crate::MAX_POINTS) at most.
    pub curve: Curve,
    /// Loss and accuracy on the test part, measured once, after training; `None` without a test part or weights.
    pub test: Option<Score>,
    /// The evaluated epoch whose parameters were kept, where that is not the last one: early stopping goes back to the
    /// best.
    pub kept_epoch: Option<u64>,
    /// What probes measured, where the experiment asks for it; empty otherwise.
    pub probes: ProbeTable,
    /// What a gradient check found; `None` where none was made.
    pub gradient_check: Option<GradientCheck>,
    /// Every number of the first steps, where the experiment asks for it; empty otherwise.
    pub trace: Vec<TracedStep>,
    /// The function that the run followed, where that is what it did.
    pub function: Option<FunctionCurve>,
    /// Number of weights, biases and learnt activation parameters.
    pub parameter_count: u64,
    /// Digest of the trained parameters, layer by layer; `None` where the run failed.
    pub weights_digest: Option<Digest>,
    /// The same of each layer by itself, in order; empty where the run failed.
    pub layer_digests: Vec<Digest>,
    /// Wall time of the run in seconds. Not part of the result: it differs from one execution to the next.
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

    /// The value of `metric` for the parameters that were kept, if the run was measured with it and did not fail or
    /// diverge.
    pub fn final_value(&self, metric: Metric) -> Option<f64> {
        if self.stop.is_lost() {
            return None;
        }
        self.curve.column(metric).get(self.kept_row()?).copied().flatten()
    }

    /// Where a row of the curve lies on an axis; `None` if that was not measured.
    ///
    /// Floating-point operations are counted by a rule: a forward pass takes a multiplication and an addition for each
    /// parameter and sample, so `2 · parameter_count · cost_units` in all. Activations, losses and what the optimizer does
    /// with a gradient are left out.
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

    /// The row of the curve that belongs to the parameters that were kept.
    pub fn kept_row(&self) -> Option<usize> {
        match self.kept_epoch {
            Some(epoch) => self.curve.epoch.binary_search(&epoch).ok(),
            None => self.curve.len().checked_sub(1),
        }
    }
}

/// Loss and accuracy on one part of the data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Mean loss of a sample.
    #[serde(with = "crate::exact")]
    pub loss: f64,
    /// Share of samples classified right; `None` for regression.
    #[serde(with = "crate::exact")]
    pub accuracy: Option<f64>,
}

named! {
    /// Why a run ended.
    pub enum StopReason {
        /// The number of epochs was reached.
        MaxEpochs = "max_epochs",
        /// The target was reached, and it said `stop = true`.
        TargetReached = "target_reached",
        /// The gradient of the whole training part fell below the tolerance.
        GradientBelowTolerance = "gradient_below_tolerance",
        /// The watched metric had not become better for as many epochs as patience allows.
        EarlyStopping = "early_stopping",
        /// The budget of cost units was spent.
        BudgetSpent = "budget_spent",
        /// A number became infinite or not a number.
        Diverged = "diverged",
        /// The run could not be carried out.
        Failed = "failed",
        /// The time limit was reached.
        TimedOut = "timed_out",
        /// There was no network to be trained.
        NotTrained = "not_trained",
    }
}

impl StopReason {
    /// Whether a run that ended so has no final value: it diverged or failed.
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Diverged | Self::Failed)
    }
}

/// Where the first number that is not finite was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// The training step after which it was found, counted from 0.
    pub step: u64,
    /// The layer, counted from 1; the number of layers + 1 for what comes after the last.
    pub layer: u64,
    /// What was not finite: `weights`, `biases`, `pre_activation` or `activation` of that layer, or after the last layer
    /// `delta`, `loss`, `weight_norm` or `gradient_norm`.
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
    /// Epoch, 0 for before training.
    pub epoch: u64,
    /// Parameter updates until then.
    pub steps: u64,
    /// Training samples seen until then.
    pub samples: u64,
    /// Cost until then: the forward pass of one sample is 1 unit, forward and backward are 3.
    pub cost_units: u64,
}
