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
use fit::Unfit;
pub use part::{Part, Parts};

use super::Samples;
use super::features::reserve_exact;
use crate::cancel::{Cancel, to_the_end};
use crate::dataset::DataSettings;
use crate::error::DataError;
use crate::output::Output;
use crate::real::Element;
use encoding::{encode, width};
use noise::{moved, with_wrong_labels};

/// Divides samples and brings them into the form that networks are trained on.
///
/// The samples are put into a random order by `split_seed`; of it, the test part takes the first `round(test · n)`, the
/// validation part the next `round(validation · n)`, the training part the rest. With `test = "official"` the data set's
/// own test part is taken and `n` counts the others. A set's own test part never enters training or validation.
/// Standardisation subtracts the mean and divides by the standard deviation (of the population) of each feature of the
/// training part; with `min_max` instead, the least value is subtracted and the range divided by. Features that are constant
/// there but for rounding are divided by 1 (`Moments::is_constant`). Whitening then makes what is left uncorrelated there, as `whitening.rs` says. Noise comes last and touches the training part alone: `round(label_noise · n)` of its n labels become
/// another class, and to each of its prepared features a normal number of standard deviation `feature_noise` is added.
///
/// # Errors
/// If a part that is asked for would be empty, an official test part is asked for and there is none, settings exclude each
/// other, or a feature has numbers that are too large: its variance, where it is scaled, or a prepared number in the
/// precision of the run is not finite.
/// Also if the work is cancelled.
pub fn prepare<F: Element>(
    samples: &Samples,
    settings: &DataSettings,
    output: &Output,
    cancel: &Cancel<'_>,
) -> Result<Parts<F>, DataError> {
    check_preparation(samples.targets.classes().is_some(), settings)?;
    let rows = divide(samples, settings)?;
    let preparation = fit(samples, settings, &rows.train, cancel)?;
    let targets = with_wrong_labels(&samples.targets, &rows.train, settings);
    let targets = targets.as_ref();
    let part = |rows: &[usize], last: &mut dyn FnMut(f64) -> f64| -> Result<Part<F>, DataError> {
        let mut part = room::<F>(samples, rows.len(), settings, output)?;
        preparation.visit(&samples.features, rows, cancel, |x| part.features.push(F::from_f64(last(x))))?;
        check_finite(samples, settings, &part)?;
        rows.iter().for_each(|&row| encode(targets, row, output, |y| part.targets.push(F::from_f64(y))));
        Ok(part)
    };
    let optional = |rows: &[usize]| (!rows.is_empty()).then(|| part(rows, &mut |x| x)).transpose();
    Ok(Parts {
        train: part(&rows.train, &mut moved(settings))?,
        validation: optional(&rows.validation)?,
        test: optional(&rows.test)?,
        is_classification: samples.targets.classes().is_some(),
        preparation,
    })
}

/// That a feature, counted from 0, is too large for something.
fn overflow(samples: &Samples, settings: &DataSettings, feature: usize, purpose: &'static str) -> DataError {
    let column = (0..samples.features.nrows()).map(|row| samples.features.at(row, feature));
    let largest = column.fold(0.0, |largest: f64, x| largest.max(x.abs()));
    DataError::Overflow { dataset: settings.dataset.name(), feature, name: None, largest, purpose }
}

/// A part without numbers yet, with exactly the room that they take.
fn room<F: Element>(
    samples: &Samples,
    rows: usize,
    settings: &DataSettings,
    output: &Output,
) -> Result<Part<F>, DataError> {
    let is_classification = samples.targets.classes().is_some();
    let mut part = Part { features: Vec::new(), targets: Vec::new(), is_classification, samples: rows };
    let (n_in, n_out) = (samples.features.ncols(), width(&samples.targets, output));
    let features = reserve_exact(&mut part.features, rows.saturating_mul(n_in));
    let both = features.and_then(|()| reserve_exact(&mut part.targets, rows.saturating_mul(n_out)));
    both.map_err(|no_room| no_room.of(settings.dataset.name()))?;
    Ok(part)
}

/// All samples of a data set as one part, brought into form by a preparation that was fitted on another.
///
/// # Panics
/// If the features have another width than those that it was fitted on.
pub fn prepare_all<F: Element>(samples: &Samples, preparation: &Preparation, output: &Output) -> Part<F> {
    let rows: Vec<usize> = (0..samples.features.nrows()).collect();
    let (n_in, n_out) = (samples.features.ncols(), width(&samples.targets, output));
    let mut part = Part {
        features: Vec::with_capacity(rows.len() * n_in),
        targets: Vec::with_capacity(rows.len() * n_out),
        is_classification: samples.targets.classes().is_some(),
        samples: rows.len(),
    };
    to_the_end(|cancel| {
        preparation.visit(&samples.features, &rows, cancel, |x| part.features.push(F::from_f64(x)))
    });
    rows.iter().for_each(|&row| encode(&samples.targets, row, output, |y| part.targets.push(F::from_f64(y))));
    part
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

/// No sum of squares of numbers up to this overflows.
const SAFE: f64 = 1e140;

/// Whether features can be scaled, looked at closely only where some number is very large.
fn check_range(samples: &Samples, settings: &DataSettings, train: &[usize]) -> Result<(), DataError> {
    if samples.features.all(|x| x.abs() <= SAFE) {
        return Ok(());
    }
    to_the_end(|cancel| Ok(fit(samples, settings, train, cancel).map(|_| ())))
}

fn fit(
    samples: &Samples,
    settings: &DataSettings,
    train: &[usize],
    cancel: &Cancel<'_>,
) -> Result<Preparation, DataError> {
    Preparation::fit(&samples.features, train, settings, cancel).map_err(|unfit| match unfit {
        Unfit::Overflow { feature } => overflow(samples, settings, feature, "their variance to be a number"),
        Unfit::Cancelled(cancelled) => cancelled.into(),
    })
}

/// Whether every prepared number is finite in the run's precision.
fn check_finite<F: Element>(
    samples: &Samples,
    settings: &DataSettings,
    part: &Part<F>,
) -> Result<(), DataError> {
    let Some(place) = part.features.iter().position(|x| x.to_f64().is_infinite()) else { return Ok(()) };
    let precision = if F::SIZE == 4 { "single precision" } else { "double precision" };
    Err(overflow(samples, settings, place % part.n_in(), precision))
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
    check_range(samples, settings, &train)?;
    Ok(PartSizes {
        train: train.len(),
        validation: validation.len(),
        test: test.len(),
        features: samples.features.ncols(),
        classes: samples.targets.classes(),
        class_counts: with_wrong_labels(&samples.targets, &train, settings).counts(&train),
    })
}
