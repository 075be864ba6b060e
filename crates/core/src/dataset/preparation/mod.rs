//! From samples to the parts a network sees: division, scaling, whitening, noise, rounding to the run's precision.

mod division;
mod encoding;
mod fit;
mod noise;
mod part;
mod scaling;
mod whitening;

pub use division::{Division, divide};
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
/// training part; with `min_max` instead, the least value is subtracted and the range divided by. Features that are constant
/// there but for rounding are divided by 1 (`Moments::is_constant`). Whitening then makes what is left uncorrelated there, as `whitening.rs` says. Noise comes last and touches the training part alone: `round(label_noise · n)` of its n labels become
/// another class, and to each of its prepared features a normal number of standard deviation `feature_noise` is added.
///
/// # Errors
/// If a part that is asked for would be empty, an official test part is asked for and there is none, settings exclude each
/// other, or a feature has numbers that are too large: its variance, where it is scaled, or a prepared number in the
/// precision of the run is not finite.
pub fn prepare<F: Element>(
    samples: &Samples,
    settings: &DataSettings,
    output: &Output,
) -> Result<Parts<F>, DataError> {
    check(samples, settings)?;
    let rows = divide(samples, settings)?;
    let preparation = fit(samples, settings, &rows.train)?;
    let targets = encode(&with_wrong_labels(&samples.targets, &rows.train, settings), output);
    let is_classification = samples.targets.classes().is_some();
    let part = |rows: &[usize], last: &mut dyn FnMut(f64) -> f64| {
        let mut features = Vec::with_capacity(rows.len() * samples.features.ncols());
        preparation.visit(samples.features.view(), rows, |x| features.push(F::from_f64(last(x))));
        let targets = rows.iter().flat_map(|&row| targets.row(row).to_vec()).map(F::from_f64).collect();
        Part { features, targets, is_classification, samples: rows.len() }
    };
    let optional = |rows: &[usize]| (!rows.is_empty()).then(|| part(rows, &mut |x| x));
    let (train, validation, test) =
        (part(&rows.train, &mut moved(settings)), optional(&rows.validation), optional(&rows.test));
    for part in [Some(&train), validation.as_ref(), test.as_ref()].into_iter().flatten() {
        if let Some(place) = part.features.iter().position(|x| x.to_f64().is_infinite()) {
            let precision = if F::SIZE == 4 { "single precision" } else { "double precision" };
            return Err(overflow(samples, settings, place % part.n_in(), precision));
        }
    }
    Ok(Parts { train, validation, test, is_classification, preparation })
}

/// That a feature, counted from 0, is too large for something.
fn overflow(samples: &Samples, settings: &DataSettings, feature: usize, purpose: &'static str) -> DataError {
    let largest = samples.features.column(feature).iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    DataError::Overflow { dataset: settings.dataset.name(), feature, name: None, largest, purpose }
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

/// Whether the settings go together.
fn check(samples: &Samples, settings: &DataSettings) -> Result<(), DataError> {
    if settings.standardize && settings.min_max {
        return Err(DataError::TwoScalings);
    }
    if settings.label_noise > 0.0 && samples.targets.classes().is_none() {
        let (share, dataset) = (settings.label_noise, settings.dataset.name());
        return Err(DataError::LabelNoiseWithoutClasses { share, dataset });
    }
    Ok(())
}

/// No sum of squares of numbers up to this overflows.
const SAFE: f64 = 1e140;

/// Whether features can be scaled, looked at closely only where some number is very large.
fn check_range(samples: &Samples, settings: &DataSettings, train: &[usize]) -> Result<(), DataError> {
    if samples.features.iter().all(|x| x.abs() <= SAFE) {
        return Ok(());
    }
    fit(samples, settings, train).map(|_| ())
}

fn fit(samples: &Samples, settings: &DataSettings, train: &[usize]) -> Result<Preparation, DataError> {
    Preparation::fit(samples.features.view(), train, settings)
        .map_err(|feature| overflow(samples, settings, feature, "their variance to be a number"))
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
    check(samples, settings)?;
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

impl DataSettings {
    /// The data set's source.
    pub fn source(&self) -> &dyn DatasetSource {
        self.dataset.kernel()
    }
}
