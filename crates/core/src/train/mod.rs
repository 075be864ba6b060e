//! The training loop. It is the only one.

mod best;
mod divergence;
mod evaluate;
mod gradient;
mod measure;
mod memory;
mod order;
mod outcome;
mod run;
mod settings;
mod trace;

pub use divergence::Divergence;
pub use evaluate::{Evaluator, Score};
pub use memory::memory;
pub(crate) use memory::{DOUBLE, REST, Sizes, reference_memory};
pub use outcome::{ClassCounts, Errors, Outcome, outcome};
pub use settings::{
    BatchSize, Budget, Cost, EarlyStopping, Goal, LastBatch, Limit, Patience, Target, TargetMetric,
    TrainSettings,
};
pub use trace::{Matrix, StepTrace};

use crate::cancel::{Cancel, Cancelled};
use crate::dataset::{Part, PartSizes, Parts};
use crate::error::SettingsError;
use crate::network::Network;
use crate::optimizer::Rule;
use crate::probe::Measured;
use crate::real::Element;
use order::Batches;
use run::Run;

/// Measurements at epoch 0 (before training) and at the end of an evaluated epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochMetrics {
    /// Epoch; 0 before training.
    pub epoch: u64,
    /// Progress so far.
    pub progress: Progress,
    /// Learning rate of the epoch's last step.
    pub learning_rate: Option<f64>,
    /// Loss and accuracy on the whole training set.
    pub train: Score,
    /// Loss and accuracy on the whole validation set, if there is one.
    pub validation: Option<Score>,
    /// Euclidean norm of the gradient of the epoch's last batch, penalty included, before clipping; `None` for
    /// optimizers that use no gradient.
    pub gradient_norm: Option<f64>,
    /// Euclidean norm of all weights, without biases.
    pub weight_norm: f64,
    /// The penalty in the cost; `None` without a penalty.
    pub penalty_value: Option<f64>,
    /// Whether this is the best epoch so far, by the rule of early stopping; false without early stopping.
    pub is_best: bool,
    /// Whether this epoch reaches the target for the first time.
    pub reaches_target: bool,
}

impl EpochMetrics {
    /// The metric of a target.
    fn metric(&self, metric: TargetMetric) -> Option<f64> {
        match metric {
            TargetMetric::TrainLoss => Some(self.train.loss),
            TargetMetric::TrainAccuracy => self.train.accuracy,
            TargetMetric::ValidationLoss => self.validation.map(|score| score.loss),
            TargetMetric::ValidationAccuracy => self.validation.and_then(|score| score.accuracy),
        }
    }

    fn reaches(&self, goal: Goal) -> bool {
        let value = self.metric(goal.metric);
        value.is_some_and(|value| {
            if goal.metric.is_accuracy() { value >= goal.reaches } else { value <= goal.reaches }
        })
    }
}

/// The progress of training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Parameter updates.
    pub steps: u64,
    /// Training samples seen.
    pub samples: u64,
    /// Cost units: 1 for the forward pass of a sample, 3 for forward and backward.
    pub cost_units: u64,
}

/// Observes the training of a network. The engine has no clock, but an observer may.
pub trait Observer {
    /// After every step.
    fn after_step(&mut self) {}

    /// After each of the first steps that `trace_steps` requests, before [`after_step`](Self::after_step).
    fn after_traced_step(&mut self, _trace: StepTrace) {}

    /// Before parameters are evaluated or probed. The time until [`after_measuring`](Self::after_measuring) is not part
    /// of training.
    fn before_measuring(&mut self) {}

    /// After measuring, when training continues or ends.
    fn after_measuring(&mut self) {}

    /// At epoch 0 and at the end of every evaluated epoch.
    fn after_epoch(&mut self, _metrics: &EpochMetrics) {}

    /// When probes have measured: before the first step, when they are due, and at the end unless the run diverges or
    /// is cancelled. A cancelled measurement is not reported.
    fn after_probes(&mut self, _measured: &Measured<'_>) {}
}

/// Observes nothing.
impl Observer for () {}

/// Why training ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// The number of epochs was reached.
    MaxEpochs,
    /// The target was reached, and has `stop = true`.
    TargetReached,
    /// The gradient of the whole training set fell below the tolerance.
    GradientBelowTolerance,
    /// The watched metric did not improve for the epochs of the patience.
    EarlyStopping,
    /// The budget was spent.
    BudgetSpent,
    /// A number became infinite or NaN.
    Diverged(Divergence),
    /// The time limit passed.
    TimedOut,
    /// The user interrupted the run.
    Interrupted,
}

impl From<Cancelled> for Stop {
    fn from(cancelled: Cancelled) -> Self {
        match cancelled {
            Cancelled::TimedOut => Self::TimedOut,
            Cancelled::Interrupted => Self::Interrupted,
        }
    }
}

/// The result of training.
#[derive(Debug, Clone)]
pub struct Trained<F> {
    /// The network at the end, or at its best epoch if early stopping restores it.
    pub network: Network<F>,
    /// Why training ended.
    pub stop: Stop,
    /// The evaluated epoch at which the target was first reached.
    pub target_reached: Option<(u64, Progress)>,
    /// The evaluated epoch whose network was restored, if any.
    pub kept_epoch: Option<u64>,
    /// Loss and accuracy on the test set, measured once, at the end. `None` if there is no test set, or if the run
    /// diverged or was cancelled before the measurement.
    pub test: Option<Score>,
}

/// Whether settings fit the sets for training.
///
/// # Errors
/// The first mismatch.
pub fn check(settings: &TrainSettings, sizes: &PartSizes) -> Result<(), SettingsError> {
    let available = sizes.train;
    if let BatchSize::Samples(batch_size) = settings.batch_size
        && batch_size > available
    {
        return Err(SettingsError::BatchTooLarge { batch_size, available });
    }
    if settings.warmup_epochs > settings.epochs as f64 {
        return Err(SettingsError::Warmup { warmup_epochs: settings.warmup_epochs, epochs: settings.epochs });
    }
    if settings.weight_decay > 0.0 && settings.optimizer.kernel::<f64>().weight_decay() > 0.0 {
        return Err(SettingsError::Conflict {
            settings: &["weight_decay", "optimizer"],
            problem: "`weight_decay` is set, but the optimizer has its own weight decay",
            advice: "set `weight_decay = 0`, or give the optimizer `weight_decay = 0`",
        });
    }
    if !settings.fault.is_none() && matches!(settings.optimizer.kernel::<f64>().start(0), Rule::Search(_)) {
        return Err(SettingsError::Conflict {
            settings: &["fault", "optimizer"],
            problem: "`fault` changes the gradient, but the optimizer does not use the gradient",
            advice: "set `fault = \"none\"`, or choose an optimizer that uses the gradient",
        });
    }
    if settings.trace_steps > 0 && settings.optimizer.kernel::<f64>().start(0).gradient().is_none() {
        return Err(SettingsError::Conflict {
            settings: &["trace_steps", "optimizer"],
            problem: "`trace_steps` shows how the gradient is computed, but the optimizer does not use the gradient",
            advice: "set `trace_steps = 0`, or choose an optimizer that uses the gradient",
        });
    }
    settings.optimizer.kernel::<f64>().check()?;
    if let Target::Reach(goal) = settings.target {
        check_measured("target", goal.metric, sizes)?;
    }
    match settings.early_stopping {
        EarlyStopping::After(patience) => check_measured("early_stopping", patience.metric, sizes),
        EarlyStopping::None => Ok(()),
    }
}

fn check_measured(
    setting: &'static str,
    metric: TargetMetric,
    sizes: &PartSizes,
) -> Result<(), SettingsError> {
    let reason = if metric.is_validation() && sizes.validation == 0 {
        "there is no validation set (`validation = 0`)"
    } else if metric.is_accuracy() && sizes.classes.is_none() {
        "the data set is for regression"
    } else {
        return Ok(());
    };
    Err(SettingsError::TargetNotMeasured { setting, metric: metric.name(), reason })
}

/// Features and targets of the first batch of an epoch, as training would see them, and the number of steps before it.
/// `epoch` is counted from 1.
pub fn first_batch<F: Element>(
    part: &Part<F>,
    settings: &TrainSettings,
    seed: u64,
    epoch: u64,
) -> (Vec<F>, Vec<F>, u64) {
    let keep_last = settings.last_batch == LastBatch::Keep;
    let mut batches = Batches::new(part, settings.batch_size);
    batches.start_epoch(seed, epoch);
    batches.advance(part, keep_last);
    let (features, targets, _) = batches.current(part);
    let steps = (epoch - 1) * batches.steps_per_epoch(part.len(), keep_last);
    (features.to_vec(), targets.to_vec(), steps)
}

/// Trains a network. `seed` determines the order of the samples and all other random draws.
///
/// If it is cancelled, complete measurements are kept, and the network has the parameters of the last complete step.
/// After a time limit, the test set is still measured if `cancel` allows it: a caller may grant a little more time.
pub fn train<F: Element>(
    network: Network<F>,
    parts: &Parts<F>,
    settings: &TrainSettings,
    seed: u64,
    observer: &mut dyn Observer,
    cancel: &Cancel<'_>,
) -> Trained<F> {
    let mut run = Run::new(network, parts, settings, seed, cancel);
    let mut stop = run.epochs(observer).err().unwrap_or(Stop::MaxEpochs);
    if !matches!(stop, Stop::Diverged(_) | Stop::Interrupted | Stop::TimedOut) {
        stop = run.probe_at_end(observer).err().map_or(stop, Stop::from);
    }
    let is_lost = matches!(stop, Stop::Diverged(_) | Stop::Interrupted);
    let kept_epoch = if is_lost { None } else { run.restore_best() };
    let test_part = parts.test.as_ref().filter(|_| !is_lost);
    let test = match test_part.map(|part| run.score(part)).transpose() {
        Ok(test) => test,
        Err(ended) => {
            stop = ended;
            None
        }
    };
    let target_reached = run.target_reached();
    Trained { network: run.into_network(), stop, target_reached, kept_epoch, test }
}
