//! What can go wrong in the engine.

use crate::cancel::Cancelled;
use thiserror::Error;

/// Settings that do not fit together, or data that does not fit the settings.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SettingsError {
    /// A loss cannot be used with an output.
    #[error("loss `{loss}` does not go with output `{output}`; it goes with {allowed}")]
    LossAndOutput {
        /// The loss.
        loss: &'static str,
        /// The output.
        output: &'static str,
        /// The outputs it goes with, for people.
        allowed: String,
    },
    /// A loss needs another kind of target.
    #[error("loss `{loss}` needs {needed}, but the data set has {got}")]
    LossAndTask {
        /// The loss.
        loss: &'static str,
        /// What it needs, for people.
        needed: &'static str,
        /// What the data set has, for people.
        got: &'static str,
    },
    /// An output cannot make what the data set asks for.
    #[error("output `{output}` is for classification, but the data set asks for regression; use `identity`")]
    OutputAndTask {
        /// The output.
        output: &'static str,
    },
    /// An output cannot make the numbers that are to be fitted.
    #[error(
        "output `{output}` lies between 0 and 1, but the data set has the target {target}; use `identity`, or scale the targets"
    )]
    OutputAndTargets {
        /// The output.
        output: &'static str,
        /// The first target outside.
        target: f64,
    },
    /// A batch cannot be filled.
    #[error(
        "`batch_size` is {batch_size}, but the training part has {available} samples; use at most {available}, or \"full\""
    )]
    BatchTooLarge {
        /// The samples asked for.
        batch_size: usize,
        /// The samples there are.
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
    /// Given weights or biases are for another number of layers.
    #[error("`{setting}` are given for {given} layers, but the network has {expected}")]
    Layers {
        /// `weights` or `biases`.
        setting: &'static str,
        /// The layers that they are given for.
        given: usize,
        /// The layers of the network.
        expected: usize,
    },
    /// Given weights or biases have another shape than the layer.
    #[error("the `{setting}` of layer {layer} are {given}, but the layer has {expected}")]
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
        /// What is wrong, for people.
        problem: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A probe cannot be measured of a network of that size.
    #[error("`{probe}` is measured of at most {most} weights and biases, and this network has {parameters}")]
    TooLargeToMeasure {
        /// The probe.
        probe: &'static str,
        /// Weights and biases of the network.
        parameters: u64,
        /// The most there may be.
        most: u64,
    },
    /// A probe needs a part of the engine that was not built.
    #[error("`{probe}` needs LAPACK, which this build does not have; build it with the feature `lapack`")]
    NeedsLapack {
        /// The probe.
        probe: &'static str,
    },
    /// A target needs a part or a number that the data set has not.
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
    /// Making the data was cancelled: it is not known whether it could be made.
    #[error("the preparation of the data was cancelled")]
    Cancelled(Cancelled),
    /// The bytes are not what the format says.
    #[error("{file}: {problem}")]
    Format {
        /// The file, or the name of the embedded set.
        file: String,
        /// What is wrong, where, and what was expected.
        problem: String,
    },
    /// A part would be empty.
    #[error("{part} of {samples} samples leaves {what} empty: {advice}")]
    EmptyPart {
        /// The setting and its value.
        part: String,
        /// The samples there are.
        samples: usize,
        /// The part that would be empty.
        what: &'static str,
        /// What to do.
        advice: String,
    },
    /// Features cannot be scaled in two ways.
    #[error(
        "`min_max = true` needs `standardize = false`, and `standardize` is true unless it is set: write `standardize = false` beside `min_max = true`"
    )]
    TwoScalings,
    /// A feature is too large to be prepared.
    #[error("{dataset}: feature {} has values as large as {largest:e}, too large for {purpose}", named(*feature, name.as_deref()))]
    Overflow {
        /// The data set.
        dataset: &'static str,
        /// The feature, counted from 0.
        feature: usize,
        /// Its name, where it has one that is known.
        name: Option<String>,
        /// The largest magnitude.
        largest: f64,
        /// What it is too large for, for people.
        purpose: &'static str,
    },
    /// Numbers have no labels that could be wrong.
    #[error(
        "`label_noise = {share}` makes classes wrong, but {dataset} has numbers to be fitted (regression); write `label_noise = 0`"
    )]
    LabelNoiseWithoutClasses {
        /// The share asked for.
        share: f64,
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
        /// The most numbers that fit.
        most: u64,
    },
    /// There is no memory for it.
    #[error("`{dataset}` needs {} MB of memory at once, which cannot be had", bytes.div_ceil(1_000_000))]
    OutOfMemory {
        /// The data set, or its file.
        dataset: String,
        /// The bytes that it asked for.
        bytes: u64,
    },
    /// The set has no test part of its own.
    #[error("`test = \"official\"`: {dataset} has no test part of its own; give a share such as 0.15, or 0")]
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
