//! From samples to the sets that a network sees: split, scaling, whitening, noise, rounding to the run's precision.

mod division;
mod encoding;
mod filling;
mod fit;
mod noise;
mod part;
mod scaling;
mod whitening;

pub use division::{Division, PartCounts, divide, part_counts};
pub use encoding::{TargetScale, check_task};
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
use encoding::width;
use noise::{moved, with_wrong_labels};

/// Splits samples for a replicate and prepares them for training.
///
/// [`divide`] describes the split. A data set's own test set never enters training or validation.
///
/// First, the median of each feature over the training set replaces its missing numbers.
///
/// Standardisation subtracts the mean of each feature and divides by its (population) standard deviation, both over the
/// training set. `min_max` instead subtracts the minimum and divides by the range. Features that are constant there, up
/// to rounding, are divided by 1 (`Moments::is_constant`), and indicators are neither shifted nor scaled. Whitening then removes correlations in the training set; see
/// `whitening.rs`.
///
/// Noise comes last and affects only the training set. `round(label_noise · n)` of its n labels change to another
/// class. Each of its prepared features gets a normal number of standard deviation `feature_noise` added. Both are drawn
/// with the seed of the split, from streams of their own.
///
/// # Errors
/// If a requested set would be empty, a requested official test set does not exist, or settings exclude each other. If
/// a feature is too large: its variance, if it is scaled, or a prepared number in the precision of the run is not
/// finite. If the work is cancelled.
pub fn prepare<F: Element>(
    samples: &Samples,
    settings: &DataSettings,
    replicate: u64,
    output: &Output,
    cancel: &Cancel<'_>,
) -> Result<Parts<F>, DataError> {
    check_preparation(samples.targets.classes().is_some(), settings)?;
    let rows = divide(samples, settings, replicate)?;
    let seed = settings.drawn(replicate).seed;
    let preparation = fit(samples, settings, &rows.train, cancel)?;
    let targets = with_wrong_labels(&samples.targets, &rows.train, settings, seed);
    let targets = targets.as_ref();
    let target_scale = TargetScale::fit(targets, &rows.train, settings);
    let part =
        |rows: &[usize], smoothing: f64, last: &mut dyn FnMut(f64) -> f64| -> Result<Part<F>, DataError> {
            let mut part = room::<F>(samples, rows.len(), settings, output, &target_scale)?;
            preparation
                .visit(&samples.features, rows, cancel, |x| part.features.push(F::from_f64(last(x))))?;
            check_finite(samples, settings, &part)?;
            let push = |row: usize| {
                target_scale.encode(targets, row, output, smoothing, |y| part.targets.push(F::from_f64(y)));
            };
            rows.iter().copied().for_each(push);
            Ok(part)
        };
    let optional = |rows: &[usize]| (!rows.is_empty()).then(|| part(rows, 0.0, &mut |x| x)).transpose();
    Ok(Parts {
        train: part(&rows.train, settings.label_smoothing, &mut moved(settings, seed))?,
        validation: optional(&rows.validation)?,
        test: optional(&rows.test)?,
        is_classification: samples.targets.classes().is_some(),
        preparation,
        target_scale,
    })
}

/// The error that a feature, counted from 0, is too large for a purpose.
fn overflow(samples: &Samples, settings: &DataSettings, feature: usize, purpose: &'static str) -> DataError {
    let column = (0..samples.features.nrows()).map(|row| samples.features.at(row, feature));
    let largest = column.fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let name = samples.inputs.get(feature).map(|input| input.name.clone());
    DataError::Overflow { dataset: settings.dataset.name(), feature, name, largest, purpose }
}

/// A set without numbers yet, with exactly the room for them.
fn room<F: Element>(
    samples: &Samples,
    rows: usize,
    settings: &DataSettings,
    output: &Output,
    scale: &TargetScale,
) -> Result<Part<F>, DataError> {
    let mut part = Part::without_numbers(rows, samples.targets.classes().is_some(), scale);
    let (n_in, n_out) = (samples.features.ncols(), width(&samples.targets, output));
    let features = reserve_exact(&mut part.features, rows.saturating_mul(n_in));
    let both = features.and_then(|()| reserve_exact(&mut part.targets, rows.saturating_mul(n_out)));
    both.map_err(|no_room| no_room.of(settings.dataset.name()))?;
    Ok(part)
}

/// All samples of a data set as one set, prepared by a preparation that was fitted on another.
///
/// # Panics
/// If the number of features differs from the fitted one.
pub fn prepare_all<F: Element>(
    samples: &Samples,
    preparation: &Preparation,
    scale: &TargetScale,
    output: &Output,
) -> Part<F> {
    let rows: Vec<usize> = (0..samples.features.nrows()).collect();
    let (n_in, n_out) = (samples.features.ncols(), width(&samples.targets, output));
    let mut part = Part::without_numbers(rows.len(), samples.targets.classes().is_some(), scale);
    part.features.reserve_exact(rows.len() * n_in);
    part.targets.reserve_exact(rows.len() * n_out);
    to_the_end(|cancel| {
        preparation.visit(&samples.features, &rows, cancel, |x| part.features.push(F::from_f64(x)))
    });
    let push = |row: usize| {
        scale.encode(&samples.targets, row, output, 0.0, |y| part.targets.push(F::from_f64(y)));
    };
    rows.into_iter().for_each(push);
    part
}

/// Checks that the settings fit together, for a data set with or without classes.
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
    if settings.label_smoothing > 0.0 && !has_classes {
        return Err(DataError::LabelSmoothingWithoutClasses { dataset: settings.dataset.name() });
    }
    Ok(())
}

/// The sum of squares of numbers up to this limit cannot overflow.
const SAFE: f64 = 1e140;

/// Whether features can be scaled. The full check runs only if some number is very large.
fn check_range(samples: &Samples, settings: &DataSettings, train: &[usize]) -> Result<(), DataError> {
    if samples.features.all(|x| x.is_nan() || x.abs() <= SAFE) {
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
    Preparation::fit(samples, train, settings, cancel).map_err(|unfit| match unfit {
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

/// The sizes of the sets, and the kind of targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartSizes {
    /// Samples in the training set.
    pub train: usize,
    /// Samples in the validation set; 0 if there is none.
    pub validation: usize,
    /// Samples in the test set; 0 if there is none.
    pub test: usize,
    /// Width of the inputs.
    pub features: usize,
    /// Number of classes; `None` for regression.
    pub classes: Option<usize>,
    /// Samples of each class in the training set, counted with wrong labels; empty for regression.
    pub class_counts: Vec<u64>,
}

/// The sizes of the sets that [`prepare`] would make for a replicate. With groups they differ between replicates, and
/// with folds by one sample; so do the class counts if labels are noisy or the split is not stratified.
///
/// # Errors
/// As `prepare`.
pub fn sizes(samples: &Samples, settings: &DataSettings, replicate: u64) -> Result<PartSizes, DataError> {
    check_preparation(samples.targets.classes().is_some(), settings)?;
    let Division { train, validation, test } = divide(samples, settings, replicate)?;
    check_range(samples, settings, &train)?;
    let seed = settings.drawn(replicate).seed;
    Ok(PartSizes {
        train: train.len(),
        validation: validation.len(),
        test: test.len(),
        features: samples.features.ncols(),
        classes: samples.targets.classes(),
        class_counts: with_wrong_labels(&samples.targets, &train, settings, seed).counts(&train),
    })
}
