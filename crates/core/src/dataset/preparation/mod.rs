//! From samples to the parts a network sees: division, scaling, whitening, noise, rounding to the run's precision.

mod division;
mod encoding;
mod fit;
mod noise;
mod part;
mod scaling;
mod whitening;

pub use division::{Division, PartCounts, divide, part_counts};
pub use encoding::check_task;
pub use fit::Preparation;
pub use part::{Part, Parts};

use super::{DatasetSource, Samples};
use crate::error::DataError;
use crate::output::Output;
use crate::real::Element;
use crate::settings::DataSettings;
use encoding::encode;
use noise::{moved, with_wrong_labels};

/// Divides samples and brings them into the form that networks are trained on.
///
/// The samples are put into a random order by `split_seed`; of it, the test part takes the first `round(test · n)`, the
/// validation part the next `round(validation · n)`, the training part the rest. With `test = "official"` the data set's
/// own test part is taken and `n` counts the others. A set's own test part never enters training or validation.
/// Standardisation subtracts the mean and divides by the standard deviation (of the population) of each feature of the
/// training part; with `min_max` instead, the least value is subtracted and the range divided by. Features constant there
/// are divided by 1. Whitening then makes what is left uncorrelated there, as `whitening.rs` says. Noise comes last and touches the training part alone: `round(label_noise · n)` of its n labels become
/// another class, and to each of its prepared features a normal number of standard deviation `feature_noise` is added.
///
/// # Errors
/// If a part that is asked for would be empty, an official test part is asked for and there is none, or settings exclude
/// each other.
pub fn prepare<F: Element>(
    samples: &Samples,
    settings: &DataSettings,
    output: &Output,
) -> Result<Parts<F>, DataError> {
    check_preparation(samples.targets.classes().is_some(), settings)?;
    let rows = divide(samples, settings)?;
    let preparation = Preparation::fit(samples.features.view(), &rows.train, settings);
    let targets = encode(&with_wrong_labels(&samples.targets, &rows.train, settings), output);
    let is_classification = samples.targets.classes().is_some();
    let part = |rows: &[usize], last: &mut dyn FnMut(f64) -> f64| {
        let mut features = Vec::with_capacity(rows.len() * samples.features.ncols());
        preparation.visit(samples.features.view(), rows, |x| features.push(F::from_f64(last(x))));
        let targets = rows.iter().flat_map(|&row| targets.row(row).to_vec()).map(F::from_f64).collect();
        Part { features, targets, is_classification, samples: rows.len() }
    };
    let optional = |rows: &[usize]| (!rows.is_empty()).then(|| part(rows, &mut |x| x));
    Ok(Parts {
        train: part(&rows.train, &mut moved(settings)),
        validation: optional(&rows.validation),
        test: optional(&rows.test),
        is_classification,
        preparation,
    })
}

/// All samples of a data set as one part, brought into form by a preparation that was fitted on another.
///
/// # Panics
/// If the features have another width than those that it was fitted on.
pub fn prepare_all<F: Element>(samples: &Samples, preparation: &Preparation, output: &Output) -> Part<F> {
    let features = preparation.apply(samples.features.view());
    Part {
        features: features.iter().map(|&x| F::from_f64(x)).collect(),
        targets: encode(&samples.targets, output).iter().map(|&y| F::from_f64(y)).collect(),
        is_classification: samples.targets.classes().is_some(),
        samples: samples.features.nrows(),
    }
}

/// Checks that the settings go together, for a data set whose targets are classes or are not.
///
/// # Errors
/// If settings exclude each other, or there are no labels for `label_noise` to change.
pub fn check_preparation(has_classes: bool, settings: &DataSettings) -> Result<(), DataError> {
    if settings.standardize && settings.min_max {
        return Err(DataError::TwoScalings);
    }
    if settings.label_noise > 0.0 && !has_classes {
        let (share, dataset) = (settings.label_noise, settings.dataset.name());
        return Err(DataError::LabelNoiseWithoutClasses { share, dataset });
    }
    Ok(())
}

/// How large each part is, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartSizes {
    /// Samples in the training part.
    pub train: usize,
    /// Samples in the validation part; 0 if there is none.
    pub validation: usize,
    /// Samples in the test part; 0 if there is none.
    pub test: usize,
    /// Width of the inputs.
    pub features: usize,
    /// Number of classes; `None` for regression.
    pub classes: Option<usize>,
    /// Samples of each class in the training part, wrong labels included; empty for regression.
    pub class_counts: Vec<u64>,
}

/// The sizes of the parts that [`prepare`] would make.
///
/// # Errors
/// As `prepare`.
pub fn sizes(samples: &Samples, settings: &DataSettings) -> Result<PartSizes, DataError> {
    check_preparation(samples.targets.classes().is_some(), settings)?;
    let Division { train, validation, test } = divide(samples, settings)?;
    Ok(PartSizes {
        train: train.len(),
        validation: validation.len(),
        test: test.len(),
        features: samples.features.ncols(),
        classes: samples.targets.classes(),
        class_counts: with_wrong_labels(&samples.targets, &train, settings).counts(&train),
    })
}

impl DataSettings {
    /// The data set's source.
    pub fn source(&self) -> &dyn DatasetSource {
        self.dataset.kernel()
    }
}
