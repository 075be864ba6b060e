//! The settings of a run, typed and complete: nothing here is optional.
//!
//! Every field is a setting of the experiment language by the same name. Serde reads and writes them as the values of a
//! run's specification.

use crate::activation::Activation;
use crate::dataset::Dataset;
use crate::error::SettingsError;
use crate::fault::Fault;
use crate::initializer::Initializer;
use crate::loss::Loss;
use crate::optimizer::Optimizer;
use crate::output::Output;
use crate::penalty::Penalty;
use crate::probe::Probe;
use crate::schedule::Schedule;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Where the samples come from and how they are divided: section `[data]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataSettings {
    /// The data set.
    pub dataset: Dataset,
    /// Share of the samples in the validation part, [0, 1).
    pub validation: f64,
    /// The test part.
    pub test: TestPart,
    /// Whether features are shifted and scaled to mean 0 and variance 1, fitted on the training part.
    pub standardize: bool,
    /// Whether features are shifted and scaled to [0, 1], fitted on the training part; not together with `standardize`.
    pub min_max: bool,
    /// Whether scaled features are then rotated until they are uncorrelated, fitted on the training part.
    pub whitening: Whitening,
    /// Share of the training labels that are wrong, [0, 1).
    pub label_noise: f64,
    /// Standard deviation of the noise that is added to the prepared features of the training part.
    pub feature_noise: f64,
    /// Seed of the division into parts and of the noise.
    pub split_seed: u64,
}

/// The network: section `[model]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSettings {
    /// Widths of the hidden layers, from the first to the last.
    pub architecture: Vec<usize>,
    /// The activation of the hidden layers.
    pub activation: Activation,
    /// The output of the last layer.
    pub output: Output,
    /// The distribution of the initial weights.
    pub initialization: Initializer,
    /// The initial weights, where they are not drawn.
    pub weights: Weights,
    /// Whether layers have biases.
    pub bias: bool,
    /// The initial biases.
    pub biases: Biases,
    /// Share of the hidden units that each step of training leaves out, [0, 1).
    pub dropout: f64,
}

impl ModelSettings {
    /// The widths of all layers, from the inputs to the outputs.
    pub fn widths(&self, n_in: usize, n_out: usize) -> Vec<usize> {
        [&[n_in], self.architecture.as_slice(), &[n_out]].concat()
    }

    /// Whether weights and biases that are given have the shapes of the layers.
    ///
    /// # Errors
    /// The first layer that does not fit.
    pub fn check(&self, n_in: usize, n_out: usize) -> Result<(), SettingsError> {
        let widths = self.widths(n_in, n_out);
        if let Weights::Given(matrices) = &self.weights {
            let shape =
                |matrix: &Vec<Vec<f64>>| format!("{} × {}", matrix.len(), matrix.first().map_or(0, Vec::len));
            let expected = widths.windows(2).map(|pair| format!("{} × {}", pair[0], pair[1]));
            check_shapes("weights", matrices.iter().map(shape).collect(), expected.collect())?;
        }
        if let Biases::Given(layers) = &self.biases {
            let widths = widths[1..].iter().map(|width| if self.bias { *width } else { 0 }.to_string());
            check_shapes(
                "biases",
                layers.iter().map(|layer| layer.len().to_string()).collect(),
                widths.collect(),
            )?;
        }
        Ok(())
    }

    /// The number of weights and biases of a network between so many inputs and outputs.
    pub fn weights_and_biases(&self, n_in: usize, n_out: usize) -> u64 {
        let of_unit = |inputs: usize| (inputs as u64).saturating_add(u64::from(self.bias));
        let layer = |pair: &[usize]| of_unit(pair[0]).saturating_mul(pair[1] as u64);
        self.widths(n_in, n_out).windows(2).map(layer).fold(0, u64::saturating_add)
    }
}

fn check_shapes(
    setting: &'static str,
    given: Vec<String>,
    expected: Vec<String>,
) -> Result<(), SettingsError> {
    if given.len() != expected.len() {
        return Err(SettingsError::Layers { setting, given: given.len(), expected: expected.len() });
    }
    match (0..given.len()).find(|&index| given[index] != expected[index]) {
        None => Ok(()),
        Some(index) => Err(SettingsError::Shape {
            setting,
            layer: index + 1,
            given: given[index].clone(),
            expected: expected[index].clone(),
        }),
    }
}

/// The initial weights: `"drawn"` from the distribution of `initialization`, or a matrix `[n_in, n_out]` for each layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Weights {
    /// Drawn.
    Drawn,
    /// Given, row by row.
    Given(Vec<Vec<Vec<f64>>>),
}

/// The initial biases: one number for all, or a list for each layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Biases {
    /// One number for all.
    All(f64),
    /// A list for each layer.
    Given(Vec<Vec<f64>>),
}

/// Training: the sections `[train]` and `[probe]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainSettings {
    /// Passes over the training part.
    pub epochs: u64,
    /// Samples a step.
    pub batch_size: BatchSize,
    /// What becomes of a last, smaller batch.
    pub last_batch: LastBatch,
    /// The loss.
    pub loss: Loss,
    /// How the samples of a batch are put together.
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
    /// What is added to the loss in the cost.
    pub penalty: Penalty,
    /// λ of the decoupled weight decay: each step first multiplies the weights by 1 − η·λ.
    pub weight_decay: f64,
    /// The largest absolute value that an entry of the gradient keeps.
    pub clip_value: Limit,
    /// The largest Euclidean norm that the gradient keeps.
    pub clip_norm: Limit,
    /// When to stop for want of progress.
    pub early_stopping: EarlyStopping,
    /// The norm of the gradient of the whole training part at which training ends.
    pub gradient_tolerance: Limit,
    /// The cost after which training ends.
    pub budget: Budget,
    /// What is measured meanwhile.
    pub measure: Vec<Probe>,
    /// When it is measured.
    pub every: Every,
    /// What is wrong with the backward pass.
    pub fault: Fault,
    /// How many steps, from the first, are written down number by number.
    pub trace_steps: u64,
}

/// How features are made uncorrelated, each of variance 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whitening {
    /// Not at all.
    None,
    /// Along the directions of the largest variance, in that order.
    Pca,
    /// With as little change as whitening needs.
    Zca,
}

/// Bits of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Single precision, `f32`.
    F32,
    /// Double precision, `f64`.
    F64,
}

impl Precision {
    /// Bytes of a number.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 => size_of::<f32>(),
            Self::F64 => size_of::<f64>(),
        }
    }
}

/// How the gradients of the samples of a batch are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    /// Their mean over the samples of the actual batch.
    Mean,
    /// Their sum.
    Sum,
}

/// What becomes of a last batch that is smaller than the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastBatch {
    /// It is a step like the others.
    Keep,
    /// Its samples are left out of this epoch.
    Drop,
}

/// Samples a step: a number, or `"full"` for the whole training set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchSize {
    /// The whole training set, in the order of the data set.
    Full,
    /// So many samples; as many as the training set has are the same as `Full`.
    Samples(usize),
}

/// The test part: a share of the samples, [0, 1), or `"official"` for the part that the data set itself sets aside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TestPart {
    /// The data set's own.
    Official,
    /// A share of the samples.
    Share(f64),
}

/// A goal: `"none"`, or a metric and the value it is to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// No goal.
    None,
    /// A goal.
    Reach(Goal),
}

/// A metric and the value it is to reach.
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

/// A limit: `"none"`, or a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// No limit.
    None,
    /// A limit.
    At(f64),
}

/// When to stop for want of progress: `"none"`, or what to watch and for how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EarlyStopping {
    /// Never.
    None,
    /// After some epochs without progress.
    After(Patience),
}

/// What to watch, and how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patience {
    /// The metric.
    pub metric: TargetMetric,
    /// Epochs without progress after which the run ends.
    pub patience: u64,
    /// Progress is a metric better than the best so far by more than this, both as evaluated, in the metric's own unit. What
    /// is better by less leaves the best as it is, so that small gains add up until they count.
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

/// When probes measure: always before the first step and at the end, and between them `"epoch"` at every evaluated epoch,
/// `"log"` after 1, 2, 4, 8, … steps, or after every so many steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// At every evaluated epoch.
    Epoch,
    /// After 1, 2, 4, 8, … steps.
    Log,
    /// After every so many steps, at least 1.
    Steps(u64),
}

/// A cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// In forward passes of one sample; forward and backward count as 3.
    pub forward_samples: u64,
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

    /// Whether it is measured on the validation part.
    pub fn is_validation(self) -> bool {
        matches!(self, Self::ValidationLoss | Self::ValidationAccuracy)
    }

    /// Whether it needs classes.
    pub fn is_accuracy(self) -> bool {
        matches!(self, Self::TrainAccuracy | Self::ValidationAccuracy)
    }
}

impl BatchSize {
    /// Samples a step for a training part of `available` samples.
    pub fn samples(self, available: usize) -> usize {
        match self {
            Self::Full => available,
            Self::Samples(samples) => samples,
        }
    }
}

// The defaults are those of the experiment language, where they do not follow other settings.

impl Default for DataSettings {
    fn default() -> Self {
        Self {
            dataset: Dataset::default(),
            validation: 0.15,
            test: TestPart::Share(0.15),
            standardize: true,
            min_max: false,
            whitening: Whitening::None,
            label_noise: 0.0,
            feature_noise: 0.0,
            split_seed: 0,
        }
    }
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            architecture: vec![32],
            activation: Activation::default(),
            output: Output::default(),
            initialization: Initializer::default(),
            weights: Weights::Drawn,
            bias: true,
            biases: Biases::All(0.0),
            dropout: 0.0,
        }
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

/// A value that is either a word or something else, as it stands in a specification.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum WordOr<T> {
    Word(String),
    Value(T),
}

impl<T> WordOr<T> {
    pub(crate) fn read<E: Error, V>(
        self,
        word: &str,
        meaning: V,
        value: impl FnOnce(T) -> V,
    ) -> Result<V, E> {
        match self {
            Self::Word(got) if got == word => Ok(meaning),
            Self::Word(got) => Err(E::custom(format!("`{got}` is not \"{word}\""))),
            Self::Value(got) => Ok(value(got)),
        }
    }
}

macro_rules! word_or_value {
    ($type:ident, $word_variant:ident = $word:literal, $variant:ident($value:ty)) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::$word_variant => serializer.serialize_str($word),
                    Self::$variant(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                WordOr::<$value>::deserialize(deserializer)?.read($word, Self::$word_variant, Self::$variant)
            }
        }
    };
}

pub(crate) use word_or_value;

word_or_value!(BatchSize, Full = "full", Samples(usize));
word_or_value!(TestPart, Official = "official", Share(f64));
word_or_value!(Target, None = "none", Reach(Goal));
word_or_value!(Weights, Drawn = "drawn", Given(Vec<Vec<Vec<f64>>>));
word_or_value!(Limit, None = "none", At(f64));
word_or_value!(EarlyStopping, None = "none", After(Patience));
word_or_value!(Budget, None = "none", Spend(Cost));

impl Serialize for Every {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Epoch => serializer.serialize_str("epoch"),
            Self::Log => serializer.serialize_str("log"),
            Self::Steps(steps) => serializer.serialize_u64(*steps),
        }
    }
}

impl<'de> Deserialize<'de> for Every {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match WordOr::<u64>::deserialize(deserializer)? {
            WordOr::Word(word) if word == "epoch" => Ok(Self::Epoch),
            WordOr::Word(word) if word == "log" => Ok(Self::Log),
            WordOr::Word(word) => Err(D::Error::custom(format!("`{word}` is not \"epoch\" or \"log\""))),
            WordOr::Value(0) => Err(D::Error::custom("every 0 steps is never")),
            WordOr::Value(steps) => Ok(Self::Steps(steps)),
        }
    }
}
