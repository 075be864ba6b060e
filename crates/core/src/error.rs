//! Errors of the engine.

use crate::cancel::Cancelled;
use thiserror::Error;

/// Settings that do not fit together, or data that does not fit the settings.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SettingsError {
    /// A loss cannot be used with an output.
    #[error("loss `{loss}` does not support output `{output}`; it supports {allowed}")]
    LossAndOutput {
        /// The loss.
        loss: &'static str,
        /// The output.
        output: &'static str,
        /// The outputs that it supports, for people.
        allowed: String,
    },
    /// A loss needs another kind of target.
    #[error("loss `{loss}` needs {needed}, but the data set has {got}")]
    LossAndTask {
        /// The loss.
        loss: &'static str,
        /// The kind of target that it needs, for people.
        needed: &'static str,
        /// The kind of target in the data set, for people.
        got: &'static str,
    },
    /// An output does not fit the task of the data set.
    #[error("output `{output}` is for classification, but the data set is for regression; use `identity`")]
    OutputAndTask {
        /// The output.
        output: &'static str,
    },
    /// An output cannot produce the target numbers.
    #[error(
        "output `{output}` is between 0 and 1, but the data set has the target {target}; use `identity`, or scale the targets"
    )]
    OutputAndTargets {
        /// The output.
        output: &'static str,
        /// The first target outside.
        target: f64,
    },
    /// A batch cannot be filled.
    #[error(
        "`batch_size` is {batch_size}, but the training set has {available} samples; use at most {available}, or \"full\""
    )]
    BatchTooLarge {
        /// The samples asked for.
        batch_size: usize,
        /// The available samples.
        available: usize,
    },
    /// The warm-up would not end.
    #[error(
        "`warmup_epochs` is {warmup_epochs}, but the run has {epochs} epochs: the learning rate would never reach `learning_rate`; use at most {epochs}"
    )]
    Warmup {
        /// The epochs of the warm-up.
        warmup_epochs: f64,
        /// The epochs of the run.
        epochs: u64,
    },
    /// Biases cannot be drawn from a distribution of matrices.
    #[error(
        "`biases` cannot be drawn from `{initialization}`, which draws whole matrices; use `normal` or `uniform`"
    )]
    BiasesOfMatrix {
        /// The distribution.
        initialization: &'static str,
    },
    /// Given weights or biases are for another number of layers.
    #[error("`{setting}` are given for {given} layers, but the network has {expected}")]
    Layers {
        /// `weights` or `biases`.
        setting: &'static str,
        /// The number of given layers.
        given: usize,
        /// The layers of the network.
        expected: usize,
    },
    /// Given weights or biases have another shape than the layer.
    #[error("the `{setting}` of layer {layer} have shape {given}, but the layer needs {expected}")]
    Shape {
        /// `weights` or `biases`.
        setting: &'static str,
        /// The layer, counted from 1.
        layer: usize,
        /// Their shape: inputs × units, or units.
        given: String,
        /// The layer's.
        expected: String,
    },
    /// Two settings that exclude each other.
    #[error("{problem}; {advice}")]
    Conflict {
        /// The settings.
        settings: &'static [&'static str],
        /// The problem, for people.
        problem: &'static str,
        /// The remedy.
        advice: &'static str,
    },
    /// A network is too large for a probe.
    #[error("`{probe}` supports at most {most} weights and biases, but this network has {parameters}")]
    TooLargeToMeasure {
        /// The probe.
        probe: &'static str,
        /// Weights and biases of the network.
        parameters: u64,
        /// The maximum.
        most: u64,
    },
    /// A probe needs LAPACK, and this build does not have it.
    #[error("`{probe}` needs LAPACK, which this build does not have; build it with the feature `lapack`")]
    NeedsLapack {
        /// The probe.
        probe: &'static str,
    },
    /// A target needs a set or a number that the data set does not have.
    #[error("`{setting}` needs `{metric}`, but {reason}")]
    TargetNotMeasured {
        /// `target` or `early_stopping`.
        setting: &'static str,
        /// The metric of the target.
        metric: &'static str,
        /// Why it is not measured, for people.
        reason: &'static str,
    },
}

/// A feature for people, counted from 1: `3 ("price")`.
fn named(feature: usize, name: Option<&str>) -> String {
    name.map_or_else(|| (feature + 1).to_string(), |name| format!("{} ({name:?})", feature + 1))
}

/// Data that cannot be used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DataError {
    /// The preparation of the data was cancelled.
    #[error("the preparation of the data was cancelled")]
    Cancelled(Cancelled),
    /// The bytes do not match the format.
    #[error("{file}: {problem}")]
    Format {
        /// The file, or the name of the embedded set.
        file: String,
        /// The problem, its position, and the expected content.
        problem: String,
    },
    /// A table cannot be read.
    #[error("{file}: {}", problems.join("\n"))]
    Table {
        /// The file.
        file: String,
        /// The problems, each with its place and the key that solves it.
        problems: Vec<String>,
    },
    /// There are fewer groups than sets.
    #[error("{groups} groups are too few for {sets} sets: a split never divides a group")]
    FewGroups {
        /// The groups.
        groups: usize,
        /// The sets, or folds, that need at least one group each.
        sets: usize,
    },
    /// A set would be empty.
    #[error("{part} of {samples} samples leaves {what} empty: {advice}")]
    EmptyPart {
        /// The setting and its value.
        part: String,
        /// The available samples.
        samples: usize,
        /// The set that would be empty.
        what: &'static str,
        /// The remedy.
        advice: String,
    },
    /// Features cannot be scaled in two ways.
    #[error(
        "`min_max = true` needs `standardize = false`, but `standardize` is true by default; add `standardize = false`"
    )]
    TwoScalings,
    /// A feature is too large to be prepared.
    #[error("{dataset}: feature {} has values as large as {largest:e}, which is too large for {purpose}", named(*feature, name.as_deref()))]
    Overflow {
        /// The data set.
        dataset: &'static str,
        /// The feature, counted from 0.
        feature: usize,
        /// Its name, if known.
        name: Option<String>,
        /// The largest magnitude.
        largest: f64,
        /// The purpose, for people.
        purpose: &'static str,
    },
    /// Numbers have no labels that could be wrong.
    #[error(
        "`label_noise = {share}` needs classes, but {dataset} has numbers (regression); use `label_noise = 0`"
    )]
    LabelNoiseWithoutClasses {
        /// The requested fraction.
        share: f64,
        /// The data set.
        dataset: &'static str,
    },
    /// Numbers have no labels that could be smoothed.
    #[error(
        "`label_smoothing` needs classes, but {dataset} has numbers (regression); use `label_smoothing = 0`"
    )]
    LabelSmoothingWithoutClasses {
        /// The data set.
        dataset: &'static str,
    },
    /// A generated set would be too large.
    #[error(
        "`{dataset}`: {samples} samples of {features} features are {} numbers, but at most {most} fit; lower `samples` or `features`",
        samples.saturating_mul(*features)
    )]
    TooLarge {
        /// The data set.
        dataset: &'static str,
        /// The samples asked for.
        samples: u64,
        /// The features asked for.
        features: u64,
        /// The maximum of numbers.
        most: u64,
    },
    /// There is not enough memory.
    #[error("`{dataset}` needs {} MB of memory at once, which is not available", bytes.div_ceil(1_000_000))]
    OutOfMemory {
        /// The data set, or its file.
        dataset: String,
        /// The bytes that it asked for.
        bytes: u64,
    },
    /// The data set has no official test set.
    #[error("`test = \"official\"`: {dataset} has no official test set; use a fraction such as 0.15, or 0")]
    NoOfficialTest {
        /// The data set.
        dataset: &'static str,
    },
}

impl From<Cancelled> for DataError {
    fn from(cancelled: Cancelled) -> Self {
        Self::Cancelled(cancelled)
    }
}
