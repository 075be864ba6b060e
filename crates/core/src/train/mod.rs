//! The training loop. There is one.

mod divergence;
mod evaluate;
mod order;

pub use divergence::Divergence;
pub use evaluate::{Evaluator, Score};

use crate::dataset::{Part, PartSizes, Parts};
use crate::error::SettingsError;
use crate::network::{Network, Pass};
use crate::optimizer::OptimizerState;
use crate::real::Element;
use crate::schedule::Moment;
use crate::settings::{BatchSize, Goal, LastBatch, Reduction, Target, TargetMetric, TrainSettings};
use crate::simd;
use order::Batches;

/// Forward pass of one sample: 1 unit of cost. Forward and backward: 3, since each of the two products of the backward
/// pass costs as much as that of the forward pass.
const TRAINING_COST: u64 = 3;

/// What is measured at epoch 0 (before training) and at the end of an evaluated epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochMetrics {
    /// Epoch, 0 for before training.
    pub epoch: u64,
    /// Progress until then.
    pub progress: Progress,
    /// Learning rate of the epoch's last step.
    pub learning_rate: Option<f64>,
    /// Loss and accuracy on the whole training part.
    pub train: Score,
    /// Loss and accuracy on the whole validation part, if there is one.
    pub validation: Option<Score>,
    /// Euclidean norm of the gradient of the epoch's last batch.
    pub gradient_norm: Option<f64>,
    /// Euclidean norm of all weights, biases left out.
    pub weight_norm: f64,
}

impl EpochMetrics {
    /// The metric that a target names.
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

/// How far training has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Parameter updates.
    pub steps: u64,
    /// Training samples seen.
    pub samples: u64,
    /// Cost units: 3 for each sample seen.
    pub cost_units: u64,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// The time is up: end the run and keep what it has.
    TimedOut,
    /// The user wants to stop: end the run and forget it.
    Interrupted,
}

/// Looks on while a network is trained. The engine has no clock: an observer may.
pub trait Observer {
    /// After every step.
    fn after_step(&mut self) -> Flow {
        Flow::Continue
    }

    /// At epoch 0 and at the end of every evaluated epoch.
    fn after_epoch(&mut self, _metrics: &EpochMetrics) {}
}

/// Looks away.
impl Observer for () {}

/// Why training ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// The number of epochs was reached.
    MaxEpochs,
    /// The target was reached, and it said `stop = true`.
    TargetReached,
    /// A number became infinite or NaN.
    Diverged(Divergence),
    /// The observer said that the time is up.
    TimedOut,
    /// The observer said that the user wants to stop.
    Interrupted,
}

/// What training leaves behind.
#[derive(Debug, Clone)]
pub struct Trained<F> {
    /// The network as it ended.
    pub network: Network<F>,
    /// Why it ended.
    pub stop: Stop,
    /// The evaluated epoch at which the target was first reached.
    pub target_reached: Option<(u64, Progress)>,
    /// Loss and accuracy on the test part, measured once, at the end.
    pub test: Option<Score>,
}

/// Whether settings fit the parts they would be trained on.
///
/// # Errors
/// The first thing that does not fit.
pub fn check(settings: &TrainSettings, sizes: &PartSizes) -> Result<(), SettingsError> {
    let available = sizes.train;
    if let BatchSize::Samples(batch_size) = settings.batch_size
        && batch_size > available
    {
        return Err(SettingsError::BatchTooLarge { batch_size, available });
    }
    let Target::Reach(goal) = settings.target else { return Ok(()) };
    let reason = if goal.metric.is_validation() && sizes.validation == 0 {
        "there is no validation part (`validation = 0`)"
    } else if goal.metric.is_accuracy() && sizes.classes.is_none() {
        "the data set is for regression"
    } else {
        return Ok(());
    };
    Err(SettingsError::TargetNotMeasured { metric: goal.metric.name(), reason })
}

/// Trains a network. `seed` determines the order of the samples.
pub fn train<F: Element>(
    network: Network<F>,
    parts: &Parts<F>,
    settings: &TrainSettings,
    seed: u64,
    observer: &mut dyn Observer,
) -> Trained<F> {
    let mut run = Run::new(network, parts, settings);
    let stop = run.epochs(seed, observer).err().unwrap_or(Stop::MaxEpochs);
    let (stop, test) = match stop {
        Stop::Diverged(_) | Stop::Interrupted => (stop, None),
        _ => match parts.test.as_ref().map(|part| run.score(part)).transpose() {
            Ok(test) => (stop, test),
            Err(diverged) => (diverged, None),
        },
    };
    Trained { network: run.network, stop, target_reached: run.target_reached, test }
}

/// A training in progress. All its memory is taken when it is made: no step allocates.
struct Run<'a, F> {
    network: Network<F>,
    parts: &'a Parts<F>,
    settings: &'a TrainSettings,
    batches: Batches<F>,
    pass: Pass<F>,
    gradient: Vec<F>,
    optimizer: Box<dyn OptimizerState<F>>,
    evaluator: Evaluator<F>,
    progress: Progress,
    learning_rate: f64,
    target_reached: Option<(u64, Progress)>,
}

impl<'a, F: Element> Run<'a, F> {
    fn new(network: Network<F>, parts: &'a Parts<F>, settings: &'a TrainSettings) -> Self {
        let n_parameters = network.parameters.len();
        let batch_size = settings.batch_size.samples(parts.train.len());
        Self {
            batches: Batches::new(&parts.train, settings.batch_size),
            pass: Pass::new(&network, batch_size),
            gradient: vec![F::ZERO; n_parameters],
            optimizer: settings.optimizer.kernel().start(n_parameters),
            evaluator: Evaluator::new(&network),
            progress: Progress::default(),
            learning_rate: settings.learning_rate,
            target_reached: None,
            network,
            parts,
            settings,
        }
    }

    /// All epochs; an early stop travels as the error.
    fn epochs(&mut self, seed: u64, observer: &mut dyn Observer) -> Result<(), Stop> {
        self.evaluate(0, observer)?;
        for epoch in 1..=self.settings.epochs {
            self.batches.start_epoch(seed, epoch);
            self.epoch(observer)?;
            if epoch % self.settings.evaluate_every == 0 || epoch == self.settings.epochs {
                self.evaluate(epoch, observer)?;
            }
        }
        Ok(())
    }

    fn epoch(&mut self, observer: &mut dyn Observer) -> Result<(), Stop> {
        let keep_last = self.settings.last_batch == LastBatch::Keep;
        while self.batches.advance(&self.parts.train, keep_last) {
            self.step()?;
            match observer.after_step() {
                Flow::Continue => {}
                Flow::TimedOut => return Err(Stop::TimedOut),
                Flow::Interrupted => return Err(Stop::Interrupted),
            }
        }
        Ok(())
    }

    /// Forward, backward, update.
    fn step(&mut self) -> Result<(), Stop> {
        let (input, targets, samples) = self.batches.current(&self.parts.train);
        let scale = match self.settings.reduction {
            Reduction::Mean => F::ONE / F::from_f64(samples as f64),
            Reduction::Sum => F::ONE,
        };
        self.network.forward(input, &mut self.pass);
        self.network.backward(input, targets, &self.settings.loss, scale, &mut self.pass, &mut self.gradient);
        // What is not finite in the forward pass ends in δᴸ, and what overflows later in the next forward pass, unless a
        // bounded activation hides it: that is left to the evaluation.
        let delta_sum = simd::sum(self.pass.output_delta(self.network.n_out()));
        if !delta_sum.is_finite() {
            return Err(self.diverged("delta", delta_sum.to_f64()));
        }
        self.learning_rate = self.settings.learning_rate * self.schedule_factor();
        self.optimizer.step(&mut self.network.parameters, &self.gradient, F::from_f64(self.learning_rate));
        self.progress.steps += 1;
        self.progress.samples += samples as u64;
        self.progress.cost_units += TRAINING_COST * samples as u64;
        Ok(())
    }

    fn schedule_factor(&self) -> f64 {
        let keep_last = self.settings.last_batch == LastBatch::Keep;
        let steps_per_epoch = self.batches.steps_per_epoch(self.parts.train.len(), keep_last);
        let steps = steps_per_epoch * self.settings.epochs;
        let at = Moment { step: self.progress.steps, steps, steps_per_epoch };
        self.settings.schedule.factor(self.settings.warmup_epochs, at)
    }

    fn evaluate(&mut self, epoch: u64, observer: &mut dyn Observer) -> Result<(), Stop> {
        let parts = self.parts;
        let train = self.score(&parts.train)?;
        let validation = parts.validation.as_ref().map(|part| self.score(part)).transpose()?;
        let trained = epoch > 0;
        let gradient_norm = trained.then(|| simd::sum_of_squares(&self.gradient).sqrt());
        let weight_norm = self.network.weight_norm();
        self.check_finite(weight_norm, gradient_norm)?;
        let metrics = EpochMetrics {
            epoch,
            progress: self.progress,
            learning_rate: trained.then_some(self.learning_rate),
            train,
            validation,
            gradient_norm,
            weight_norm,
        };
        observer.after_epoch(&metrics);
        self.check_target(&metrics)
    }

    /// Loss and accuracy on a part; an autopsy of its forward pass where the loss is no finite number.
    fn score(&mut self, part: &Part<F>) -> Result<Score, Stop> {
        let score = self.evaluator.score(&self.network, part, &self.settings.loss);
        if score.loss.is_finite() {
            return Ok(score);
        }
        let last = ("loss", score.loss);
        Err(Stop::Diverged(Divergence::find(&self.network, self.evaluator.pass(), self.progress.steps, last)))
    }

    /// A bounded activation makes a finite loss of infinite parameters: they are looked at themselves.
    fn check_finite(&self, weight_norm: f64, gradient_norm: Option<f64>) -> Result<(), Stop> {
        let parameter = self.network.parameters.iter().find(|parameter| !parameter.is_finite());
        let values = [
            parameter.map(|parameter| ("parameters", parameter.to_f64())),
            Some(("weight_norm", weight_norm)),
            gradient_norm.map(|norm| ("gradient_norm", norm)),
        ];
        match values.into_iter().flatten().find(|(_, value)| !value.is_finite()) {
            Some((tensor, value)) => Err(self.diverged(tensor, value)),
            None => Ok(()),
        }
    }

    fn check_target(&mut self, metrics: &EpochMetrics) -> Result<(), Stop> {
        let Target::Reach(goal) = self.settings.target else { return Ok(()) };
        if self.target_reached.is_none() && metrics.reaches(goal) {
            self.target_reached = Some((metrics.epoch, metrics.progress));
            if goal.stop {
                return Err(Stop::TargetReached);
            }
        }
        Ok(())
    }

    fn diverged(&self, tensor: &'static str, value: f64) -> Stop {
        Stop::Diverged(Divergence::find(&self.network, &self.pass, self.progress.steps, (tensor, value)))
    }
}
