//! The settings of a data set: source, split and preparation of the samples.
//!
//! Every field is a setting of the experiment language with the same name. The defaults are the defaults of the language
//! for regression; with classes, the language's default of `split` is `stratified`.

use super::{Dataset, DatasetSource};
use crate::word::word_or_value;
use serde::{Deserialize, Serialize};

/// The source of the samples and their split: section `[data]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataSettings {
    /// The data set.
    pub dataset: Dataset,
    /// Fraction of the samples in the validation set, [0, 1).
    pub validation: f64,
    /// The test set.
    pub test: TestPart,
    /// How samples are assigned to the sets.
    pub split: Split,
    /// The number of folds, each of which is the test set of one replicate.
    pub folds: Folds,
    /// Whether features are shifted and scaled to mean 0 and variance 1, fitted on the training set.
    pub standardize: bool,
    /// Whether features are shifted and scaled to [0, 1], fitted on the training set; not together with `standardize`.
    pub min_max: bool,
    /// Whether scaled features are then rotated until they are uncorrelated, fitted on the training set.
    pub whitening: Whitening,
    /// Whether regression targets are shifted and scaled to mean 0 and variance 1, fitted on the training set.
    pub standardize_target: bool,
    /// The target numbers of other classes and of the sample's own class.
    pub class_targets: [f64; 2],
    /// Fraction of each training label that is spread evenly over all classes, [0, 1).
    pub label_smoothing: f64,
    /// Fraction of the training labels that are wrong, [0, 1).
    pub label_noise: f64,
    /// Standard deviation of the noise that is added to the prepared features of the training set.
    pub feature_noise: f64,
    /// Seed of the split and of the noise.
    pub split_seed: SplitSeed,
}

/// How samples are assigned to the sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// At random, with each class in proportion in every set; at random if there are no classes.
    Stratified,
    /// At random.
    Random,
    /// In the order of the data set: first training, then validation, then test set.
    InOrder,
}

/// The number of folds: at least 2, or `"none"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folds {
    /// No folds.
    None,
    /// This many folds. Replicate r tests on fold r mod k.
    Of(u64),
}

/// The seed of the split and of the noise: a number, or `"replicate"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SplitSeed {
    /// Each replicate has its own split, drawn with the seed of the replicate.
    Replicate,
    /// All replicates have the same split.
    Fixed(u64),
}

/// The choices that distinguish the splits of two replicates with the same settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Drawn {
    /// The seed of the split and of the noise; 0 if nothing is random.
    pub seed: u64,
    /// The fold that is the test set; 0 without folds.
    pub fold: u64,
}

/// The test set: a fraction of the samples, [0, 1), or `"official"` for the data set's own test set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TestPart {
    /// The data set's own test set.
    Official,
    /// A fraction of the samples.
    Fraction(f64),
}

/// How features are made uncorrelated, each of variance 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whitening {
    /// No whitening.
    None,
    /// Along the directions of largest variance, in descending order.
    Pca,
    /// With the smallest change to the features.
    Zca,
}

impl DataSettings {
    /// The data set's source.
    pub fn source(&self) -> &dyn DatasetSource {
        self.dataset.kernel()
    }

    /// Seed and fold of a replicate's split. With `split_seed = "replicate"`, replicate r draws with seed r; with k
    /// folds, the k replicates from m·k on share seed m, and replicate r tests on fold r mod k.
    pub fn drawn(&self, replicate: u64) -> Drawn {
        let folds = match self.folds {
            Folds::None => 1,
            Folds::Of(folds) => folds.max(1),
        };
        let seed = match self.split_seed {
            SplitSeed::Replicate => replicate / folds,
            SplitSeed::Fixed(seed) => seed,
        };
        Drawn { seed: if self.is_random() { seed } else { 0 }, fold: replicate % folds }
    }

    /// Whether the split or the noise is random.
    fn is_random(&self) -> bool {
        let is_noisy = self.label_noise > 0.0 || self.feature_noise > 0.0;
        let is_split = self.validation > 0.0
            || self.folds != Folds::None
            || matches!(self.test, TestPart::Fraction(share) if share > 0.0);
        is_noisy || (is_split && self.split != Split::InOrder)
    }
}

impl Default for DataSettings {
    fn default() -> Self {
        Self {
            dataset: Dataset::default(),
            validation: 0.15,
            test: TestPart::Fraction(0.15),
            split: Split::Random,
            folds: Folds::None,
            standardize: true,
            min_max: false,
            whitening: Whitening::None,
            standardize_target: false,
            class_targets: [0.0, 1.0],
            label_smoothing: 0.0,
            label_noise: 0.0,
            feature_noise: 0.0,
            split_seed: SplitSeed::Fixed(0),
        }
    }
}

word_or_value!(TestPart, Official = "official", Fraction(f64));
word_or_value!(Folds, None = "none", Of(u64));
word_or_value!(SplitSeed, Replicate = "replicate", Fixed(u64));
