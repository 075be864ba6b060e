//! The settings of training.
//!
//! Every field is a setting of the experiment language with the same name. The defaults are the defaults of the language,
//! except where they depend on other settings.

use crate::cost::{CostFunction, Reduction};
use crate::fault::Fault;
use crate::loss::Loss;
use crate::optimizer::Optimizer;
use crate::penalty::Penalty;
use crate::probe::{Every, Probe};
use crate::schedule::Schedule;
use crate::word::word_or_value;
use serde::{Deserialize, Serialize};

/// Training: the sections `[train]` and `[probe]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainSettings {
    /// Passes over the training set.
    pub epochs: u64,
    /// Samples per step.
    pub batch_size: BatchSize,
    /// The use of a smaller last batch.
    pub last_batch: LastBatch,
    /// The loss.
    pub loss: Loss,
    /// How the losses of a batch are combined.
    pub reduction: Reduction,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// η, the learning rate.
    pub learning_rate: f64,
    /// The schedule of the learning rate.
    pub schedule: Schedule,
    /// Epochs over which the learning rate rises from near 0 to η, before the schedule begins.
    pub warmup_epochs: f64,
    /// Epochs between two evaluations.
    pub evaluate_every: u64,
    /// The goal whose first crossing is recorded.
    pub target: Target,
    /// The penalty that is added to the loss in the cost.
    pub penalty: Penalty,
    /// λ of the decoupled weight decay: each step first multiplies the weights by 1 − η·λ.
    pub weight_decay: f64,
    /// The largest absolute value that an entry of the gradient keeps.
    pub clip_value: Limit,
    /// The largest Euclidean norm that the gradient keeps.
    pub clip_norm: Limit,
    /// When to stop for lack of progress.
    pub early_stopping: EarlyStopping,
    /// The norm of the gradient of the whole training set at which training ends.
    pub gradient_tolerance: Limit,
    /// The cost after which training ends.
    pub budget: Budget,
    /// The probes.
    pub measure: Vec<Probe>,
    /// When the probes measure.
    pub every: Every,
    /// The error in the backward pass.
    pub fault: Fault,
    /// The number of first steps whose every number is recorded.
    pub trace_steps: u64,
}

/// Samples per step: a number, or `"full"` for the whole training set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchSize {
    /// The whole training set, in the order of the data set.
    Full,
    /// This many samples; as many as the training set has, or more, are the same as `Full`.
    Samples(usize),
}

impl BatchSize {
    /// Samples per step for a training set of `available` samples.
    pub fn samples(self, available: usize) -> usize {
        match self {
            Self::Full => available,
            Self::Samples(samples) => samples.min(available),
        }
    }
}

/// The use of a last batch that is smaller than the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastBatch {
    /// It is a step like the others.
    Keep,
    /// Its samples are left out of this epoch.
    Drop,
}

/// A target: `"none"`, or a metric and the value to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// No target.
    None,
    /// A target.
    Reach(Goal),
}

/// A metric and the value to reach.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// The metric.
    pub metric: TargetMetric,
    /// Reached when a loss is at most, or an accuracy at least, this.
    pub reaches: f64,
    /// Whether the run ends there.
    pub stop: bool,
}

/// A metric that a target can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum TargetMetric {
    TrainLoss,
    TrainAccuracy,
    ValidationLoss,
    ValidationAccuracy,
}

impl TargetMetric {
    /// The name in experiment files.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrainLoss => "train_loss",
            Self::TrainAccuracy => "train_accuracy",
            Self::ValidationLoss => "validation_loss",
            Self::ValidationAccuracy => "validation_accuracy",
        }
    }

    /// Whether it is measured on the validation set.
    pub fn is_validation(self) -> bool {
        matches!(self, Self::ValidationLoss | Self::ValidationAccuracy)
    }

    /// Whether it needs classes.
    pub fn is_accuracy(self) -> bool {
        matches!(self, Self::TrainAccuracy | Self::ValidationAccuracy)
    }
}

/// A limit: `"none"`, or a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// No limit.
    None,
    /// A limit.
    At(f64),
}

/// When to stop for lack of progress: `"none"`, or the metric to watch and the patience.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EarlyStopping {
    /// Never.
    None,
    /// After some epochs without progress.
    After(Patience),
}

/// The metric to watch, and the patience.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patience {
    /// The metric.
    pub metric: TargetMetric,
    /// Epochs without progress after which the run ends.
    pub patience: u64,
    /// Progress is an evaluated metric that is better than the best so far by more than this, in the metric's own unit.
    /// A smaller improvement does not change the best, so small gains add up until they count.
    pub min_delta: f64,
    /// Whether the parameters of the best epoch are kept, however the run ends.
    pub restore_best: bool,
}

/// The cost after which training ends: `"none"`, or a number of forward passes of one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Budget {
    /// No budget.
    None,
    /// A budget.
    Spend(Cost),
}

/// A cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// In forward passes of one sample; forward and backward count as 3.
    pub forward_samples: u64,
}

impl TrainSettings {
    /// The cost that training minimises.
    pub fn cost(&self) -> CostFunction {
        CostFunction { loss: self.loss, reduction: self.reduction, penalty: self.penalty }
    }
}

impl Default for TrainSettings {
    fn default() -> Self {
        Self {
            epochs: 30,
            batch_size: BatchSize::Samples(32),
            last_batch: LastBatch::Keep,
            loss: Loss::default(),
            reduction: Reduction::Mean,
            optimizer: Optimizer::default(),
            learning_rate: 0.1,
            schedule: Schedule::default(),
            warmup_epochs: 0.0,
            evaluate_every: 1,
            target: Target::None,
            penalty: Penalty::default(),
            weight_decay: 0.0,
            clip_value: Limit::None,
            clip_norm: Limit::None,
            early_stopping: EarlyStopping::None,
            gradient_tolerance: Limit::None,
            budget: Budget::None,
            measure: Vec::new(),
            every: Every::Epoch,
            fault: Fault::default(),
            trace_steps: 0,
        }
    }
}

word_or_value!(BatchSize, Full = "full", Samples(usize));
word_or_value!(Target, None = "none", Reach(Goal));
word_or_value!(Limit, None = "none", At(f64));
word_or_value!(EarlyStopping, None = "none", After(Patience));
word_or_value!(Budget, None = "none", Spend(Cost));
