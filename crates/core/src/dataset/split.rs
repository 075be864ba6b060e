//! From samples to the parts a network sees: division, standardisation, rounding to the run's precision.

use super::{DatasetSource, Samples, Targets};
use crate::error::{DataError, SettingsError};
use crate::loss::Loss;
use crate::output::Output;
use crate::real::Element;
use crate::seed::{Purpose, Stream};
use crate::settings::{DataSettings, TestPart};
use ndarray::{Array2, ArrayView2, Axis};

/// Training, validation and test part of a data set.
#[derive(Debug, Clone)]
pub struct Parts<F> {
    /// What networks are trained on.
    pub train: Part<F>,
    /// What settings are chosen by, if there is one.
    pub validation: Option<Part<F>>,
    /// What the end result is measured on, if there is one.
    pub test: Option<Part<F>>,
    /// Whether the targets are classes.
    pub is_classification: bool,
}

/// A part of a data set, in the precision of a run.
#[derive(Debug, Clone)]
pub struct Part<F> {
    /// `[n, n_in]`, row-major.
    pub features: Vec<F>,
    /// `[n, n_out]`, row-major. For classes: one column of 0 and 1 for two classes with one unit, or else a column a
    /// class with 1 at the sample's own.
    pub targets: Vec<F>,
    /// Whether the targets are classes.
    pub is_classification: bool,
    samples: usize,
}

impl<F: Element> Part<F> {
    /// Number of samples.
    #[expect(clippy::len_without_is_empty, reason = "no part is empty: `prepare` refuses to make one")]
    pub fn len(&self) -> usize {
        self.samples
    }

    /// Width of the inputs.
    pub fn n_in(&self) -> usize {
        self.features.len() / self.samples
    }

    /// Width of the targets.
    pub fn n_out(&self) -> usize {
        self.targets.len() / self.samples
    }

    /// Features as a matrix.
    pub fn features_view(&self) -> ArrayView2<'_, F> {
        ArrayView2::from_shape((self.samples, self.n_in()), &self.features).expect("rows of equal width")
    }

    /// Targets as a matrix.
    pub fn targets_view(&self) -> ArrayView2<'_, F> {
        ArrayView2::from_shape((self.samples, self.n_out()), &self.targets).expect("rows of equal width")
    }
}

/// Checks that a loss and an output fit the kind of target.
///
/// # Errors
/// What does not fit.
pub fn check_task(targets: &Targets, loss: &Loss, output: &Output) -> Result<(), SettingsError> {
    loss.check_output(output)?;
    let is_regression = targets.classes().is_none();
    if is_regression && loss.kernel::<f64>().needs_classes() {
        let (needed, got) = ("classes", "numbers to be fitted (regression)");
        return Err(SettingsError::LossAndTask { loss: loss.name(), needed, got });
    }
    if is_regression && output.name() != "identity" {
        return Err(SettingsError::OutputAndTask { output: output.name() });
    }
    Ok(())
}

/// Divides samples and brings them into the form that networks are trained on.
///
/// The samples are put into a random order by `split_seed`; of it, the test part takes the first `round(test · n)`, the
/// validation part the next `round(validation · n)`, the training part the rest. With `test = "official"` the data set's
/// own test part is taken and `n` counts the others. A set's own test part never enters training or validation.
/// Standardisation subtracts the mean and divides by the standard deviation (of the population) of each feature of the
/// training part; features constant there are divided by 1.
///
/// # Errors
/// If a part that is asked for would be empty, or an official test part is asked for and there is none.
pub fn prepare<F: Element>(
    samples: &Samples,
    settings: &DataSettings,
    output: &Output,
) -> Result<Parts<F>, DataError> {
    let rows = divide(samples, settings)?;
    let scaling = Scaling::fit(samples.features.view(), &rows.train, settings.standardize);
    let targets = encode(&samples.targets, output);
    let is_classification = samples.targets.classes().is_some();
    let part = |rows: &[usize]| Part {
        features: scaling.apply(samples.features.view(), rows),
        targets: rows.iter().flat_map(|&row| targets.row(row).to_vec()).map(F::from_f64).collect(),
        is_classification,
        samples: rows.len(),
    };
    let optional = |rows: &[usize]| (!rows.is_empty()).then(|| part(rows));
    Ok(Parts {
        train: part(&rows.train),
        validation: optional(&rows.validation),
        test: optional(&rows.test),
        is_classification,
    })
}

/// How large each part is, and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

/// The sizes of the parts that [`prepare`] would make.
///
/// # Errors
/// As `prepare`.
pub fn sizes(samples: &Samples, settings: &DataSettings) -> Result<PartSizes, DataError> {
    let Division { train, validation, test } = divide(samples, settings)?;
    Ok(PartSizes {
        train: train.len(),
        validation: validation.len(),
        test: test.len(),
        features: samples.features.ncols(),
        classes: samples.targets.classes(),
    })
}

/// The samples of each part.
struct Division {
    train: Vec<usize>,
    validation: Vec<usize>,
    test: Vec<usize>,
}

fn divide(samples: &Samples, settings: &DataSettings) -> Result<Division, DataError> {
    let total = samples.features.nrows();
    let n = total - samples.official_test;
    let (test_share, official) = match settings.test {
        TestPart::Official if samples.official_test == 0 => {
            return Err(DataError::NoOfficialTest { dataset: settings.dataset.name() });
        }
        TestPart::Official => (0.0, true),
        TestPart::Share(share) => (share, false),
    };
    let mut order: Vec<usize> = (0..n).collect();
    Stream::new(settings.split_seed, Purpose::Split, 0, 0).shuffle(&mut order);
    let n_test = count(n, test_share, "test")?;
    let n_validation = count(n, settings.validation, "validation")?;
    if n_test + n_validation >= n {
        let part = format!("`validation = {}` with `test = {test_share}`", settings.validation);
        let advice = "lower one of them, or set it to 0".to_owned();
        return Err(DataError::EmptyPart { part, samples: n, what: "the training part", advice });
    }
    let train = order.split_off(n_test + n_validation);
    let validation = order.split_off(n_test);
    let test = if official { (n..total).collect() } else { order };
    Ok(Division { train, validation, test })
}

/// The samples that a share asks for: at least one, unless the share is 0.
fn count(n: usize, share: f64, setting: &'static str) -> Result<usize, DataError> {
    let count = (share * n as f64).round() as usize;
    if count == 0 && share > 0.0 {
        let advice = format!("set `{setting} = 0`, or take a larger share");
        let what = if setting == "test" { "the test part" } else { "the validation part" };
        return Err(DataError::EmptyPart {
            part: format!("`{setting} = {share}`"),
            samples: n,
            what,
            advice,
        });
    }
    Ok(count)
}

/// `x ← (x − mean) · factor`, feature by feature.
struct Scaling {
    mean: Vec<f64>,
    factor: Vec<f64>,
}

impl Scaling {
    fn fit(features: ArrayView2<'_, f64>, rows: &[usize], standardize: bool) -> Self {
        let width = features.ncols();
        if !standardize {
            return Self { mean: vec![0.0; width], factor: vec![1.0; width] };
        }
        let n = rows.len() as f64;
        let (mut mean, mut variance) = (vec![0.0; width], vec![0.0; width]);
        for &row in rows {
            mean.iter_mut().zip(features.row(row)).for_each(|(mean, x)| *mean += x);
        }
        mean.iter_mut().for_each(|mean| *mean /= n);
        for &row in rows {
            let pairs = variance.iter_mut().zip(&mean).zip(features.row(row));
            pairs.for_each(|((variance, mean), x)| *variance += (x - mean) * (x - mean));
        }
        let factor = |variance: f64| if variance == 0.0 { 1.0 } else { 1.0 / (variance / n).sqrt() };
        let mut factor: Vec<f64> = variance.into_iter().map(factor).collect();
        // Rounding gives the mean of equal numbers an error, and then a variance above 0.
        for (column, (mean, factor)) in mean.iter_mut().zip(&mut factor).enumerate() {
            let first = features[[rows[0], column]];
            if rows.iter().all(|&row| features[[row, column]] == first) {
                (*mean, *factor) = (first, 1.0);
            }
        }
        Self { mean, factor }
    }

    fn apply<F: Element>(&self, features: ArrayView2<'_, f64>, rows: &[usize]) -> Vec<F> {
        let mut scaled = Vec::with_capacity(rows.len() * features.ncols());
        for &row in rows {
            let entries = features.row(row).into_iter().zip(&self.mean).zip(&self.factor);
            scaled.extend(entries.map(|((x, mean), factor)| F::from_f64((x - mean) * factor)));
        }
        scaled
    }
}

/// Targets as numbers, `[n, n_out]`.
fn encode(targets: &Targets, output: &Output) -> Array2<f64> {
    match targets {
        Targets::Values(values) => values.clone(),
        Targets::Classes { labels, count: 2 } if !output.kernel::<f64>().is_distribution() => {
            Array2::from_shape_fn((labels.len(), 1), |(row, _)| f64::from(labels[row]))
        }
        Targets::Classes { labels, count } => {
            let mut one_hot = Array2::zeros((labels.len(), *count));
            for (mut row, &label) in one_hot.axis_iter_mut(Axis(0)).zip(labels) {
                row[label as usize] = 1.0;
            }
            one_hot
        }
    }
}

impl DataSettings {
    /// The data set's source.
    pub fn source(&self) -> &dyn DatasetSource {
        self.dataset.kernel()
    }
}
