//! The settings of a data set: source, split and preparation of the samples.
//!
//! Every field is a setting of the experiment language with the same name. The defaults are the defaults of the language.

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
    pub split_seed: u64,
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
}

impl Default for DataSettings {
    fn default() -> Self {
        Self {
            dataset: Dataset::default(),
            validation: 0.15,
            test: TestPart::Fraction(0.15),
            standardize: true,
            min_max: false,
            whitening: Whitening::None,
            standardize_target: false,
            class_targets: [0.0, 1.0],
            label_smoothing: 0.0,
            label_noise: 0.0,
            feature_noise: 0.0,
            split_seed: 0,
        }
    }
}

word_or_value!(TestPart, Official = "official", Fraction(f64));
