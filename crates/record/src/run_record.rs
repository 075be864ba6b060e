//! What a run left behind.

use crate::{Digest, FunctionCurve, GradientCheck, Metric, ProbeTable, RunId, RunSpec, TracedStep, XAxis};
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
    /// Metrics at epoch 0 (before training) and at the end of evaluated epochs; of many epochs, [`MAX_POINTS`] at most.
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

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The number of epochs was reached.
    MaxEpochs,
    /// The target was reached, and it said `stop = true`.
    TargetReached,
    /// The gradient of the whole training part fell below the tolerance.
    GradientBelowTolerance,
    /// The watched metric had not become better for as many epochs as patience allows.
    EarlyStopping,
    /// The budget of cost units was spent.
    BudgetSpent,
    /// A number became infinite or not a number.
    Diverged,
    /// The run could not be carried out.
    Failed,
    /// The time limit was reached.
    TimedOut,
    /// There was no network to be trained.
    NotTrained,
}

impl StopReason {
    /// The name in columns.
    pub fn name(self) -> &'static str {
        match self {
            Self::MaxEpochs => "max_epochs",
            Self::TargetReached => "target_reached",
            Self::GradientBelowTolerance => "gradient_below_tolerance",
            Self::EarlyStopping => "early_stopping",
            Self::BudgetSpent => "budget_spent",
            Self::Diverged => "diverged",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::NotTrained => "not_trained",
        }
    }
}

impl StopReason {
    /// Whether a run that ended so has no final value: it diverged or failed.
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Diverged | Self::Failed)
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
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

/// One evaluated epoch.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct EpochRow {
    /// Epoch, 0 for before training.
    pub epoch: u64,
    /// Parameter updates so far.
    pub steps: u64,
    /// Training samples seen so far.
    pub samples: u64,
    /// Cost so far: the forward pass of one sample is 1 unit, forward and backward are 3.
    pub cost_units: u64,
    /// Learning rate of the epoch's last step; `None` at epoch 0.
    pub learning_rate: Option<f64>,
    /// Mean loss of a training sample.
    pub train_loss: Option<f64>,
    /// Share of training samples classified right; `None` for regression.
    pub train_accuracy: Option<f64>,
    /// Mean loss of a validation sample; `None` without a validation part.
    pub validation_loss: Option<f64>,
    /// Share of validation samples classified right.
    pub validation_accuracy: Option<f64>,
    /// Euclidean norm of the gradient of the epoch's last batch, before clipping; `None` at epoch 0.
    pub gradient_norm: Option<f64>,
    /// Euclidean norm of all weights (biases left out).
    pub weight_norm: Option<f64>,
    /// What the penalty adds to the loss in the cost; `None` without a penalty.
    pub penalty_value: Option<f64>,
    /// Wall time of training so far in seconds, without evaluations and probes. Not part of the result, as
    /// `wall_seconds` is not.
    pub seconds: Option<f64>,
}

/// The most rows of a [`Curve`], and the most measurements of a [`ProbeTable`].
pub const MAX_POINTS: usize = 5_000;

/// The evaluated epochs of a run, one list for each column. `null` marks a value that was not measured.
///
/// A run of up to [`MAX_POINTS`] evaluated epochs has a row for each. A longer run has a row for every 2^k-th of them, counted
/// from epoch 0, with the smallest k that fits. These rows always stay: epoch 0, the first evaluated epoch after it, and the last
/// one; the smallest and the largest value of each measured column (the first of equals); the epoch that first reached the target;
/// and the best epoch of early stopping. Which rows stay depends on the epochs and their values alone. No value is averaged.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the columns are the fields of `EpochRow`")]
pub struct Curve {
    pub epoch: Vec<u64>,
    pub steps: Vec<u64>,
    pub samples: Vec<u64>,
    pub cost_units: Vec<u64>,
    #[serde(with = "crate::exact")]
    pub learning_rate: Vec<Option<f64>>,
    #[serde(with = "crate::exact")]
    pub train_loss: Vec<Option<f64>>,
    #[serde(with = "crate::exact")]
    pub train_accuracy: Vec<Option<f64>>,
    #[serde(with = "crate::exact")]
    pub validation_loss: Vec<Option<f64>>,
    #[serde(with = "crate::exact")]
    pub validation_accuracy: Vec<Option<f64>>,
    #[serde(with = "crate::exact")]
    pub gradient_norm: Vec<Option<f64>>,
    #[serde(with = "crate::exact")]
    pub weight_norm: Vec<Option<f64>>,
    #[serde(with = "crate::exact")]
    pub penalty_value: Vec<Option<f64>>,
    #[serde(with = "crate::exact")]
    pub seconds: Vec<Option<f64>>,
}

impl Curve {
    /// Adds an epoch.
    pub fn push(&mut self, row: EpochRow) {
        self.epoch.push(row.epoch);
        self.steps.push(row.steps);
        self.samples.push(row.samples);
        self.cost_units.push(row.cost_units);
        self.learning_rate.push(row.learning_rate);
        self.train_loss.push(row.train_loss);
        self.train_accuracy.push(row.train_accuracy);
        self.validation_loss.push(row.validation_loss);
        self.validation_accuracy.push(row.validation_accuracy);
        self.gradient_norm.push(row.gradient_norm);
        self.weight_norm.push(row.weight_norm);
        self.penalty_value.push(row.penalty_value);
        self.seconds.push(row.seconds);
    }

    /// Number of evaluated epochs, epoch 0 included.
    pub fn len(&self) -> usize {
        self.epoch.len()
    }

    /// Whether nothing was evaluated.
    pub fn is_empty(&self) -> bool {
        self.epoch.is_empty()
    }

    /// The `index`-th evaluated epoch.
    ///
    /// # Panics
    /// If `index >= self.len()`.
    pub fn row(&self, index: usize) -> EpochRow {
        EpochRow {
            epoch: self.epoch[index],
            steps: self.steps[index],
            samples: self.samples[index],
            cost_units: self.cost_units[index],
            learning_rate: self.learning_rate[index],
            train_loss: self.train_loss[index],
            train_accuracy: self.train_accuracy[index],
            validation_loss: self.validation_loss[index],
            validation_accuracy: self.validation_accuracy[index],
            gradient_norm: self.gradient_norm[index],
            weight_norm: self.weight_norm[index],
            penalty_value: self.penalty_value[index],
            seconds: self.seconds[index],
        }
    }

    /// The evaluated epochs in order.
    pub fn rows(&self) -> impl Iterator<Item = EpochRow> + '_ {
        (0..self.len()).map(|index| self.row(index))
    }

    /// One metric over the evaluated epochs.
    pub fn column(&self, metric: Metric) -> &[Option<f64>] {
        match metric {
            Metric::TrainLoss => &self.train_loss,
            Metric::TrainAccuracy => &self.train_accuracy,
            Metric::ValidationLoss => &self.validation_loss,
            Metric::ValidationAccuracy => &self.validation_accuracy,
        }
    }
}
