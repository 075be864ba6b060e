//! The split of samples into sets.

use crate::dataset::{DataSettings, Samples, TestPart};
use crate::error::DataError;
use crate::seed::{Purpose, Stream};

/// The samples of each set, counted from 0, in the order of the data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The training set.
    pub train: Vec<usize>,
    /// The validation set; may be empty.
    pub validation: Vec<usize>,
    /// The test set; may be empty.
    pub test: Vec<usize>,
}

/// Splits samples as [`prepare`](super::prepare) describes.
///
/// # Errors
/// If a requested set would be empty, or if there is no official test set.
pub fn divide(samples: &Samples, settings: &DataSettings) -> Result<Division, DataError> {
    let total = samples.features.nrows();
    let n = total - samples.official_test;
    let counts = part_counts(n, samples.official_test, settings)?;
    let mut order: Vec<usize> = (0..n).collect();
    Stream::new(settings.split_seed, Purpose::Split, 0, 0).shuffle(&mut order);
    let mut train = order.split_off(n - counts.train);
    let mut validation = order.split_off(order.len() - counts.validation);
    let mut test = if settings.test == TestPart::Official { (n..total).collect() } else { order };
    // The samples of a set are chosen at random, but keep the order of the data set.
    [&mut train, &mut validation, &mut test].into_iter().for_each(|part| part.sort_unstable());
    Ok(Division { train, validation, test })
}

/// The sizes of the sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartCounts {
    /// Samples of the training set.
    pub train: usize,
    /// Samples of the validation set.
    pub validation: usize,
    /// Samples of the test set.
    pub test: usize,
}

/// The sizes with which [`divide`] splits `n` samples, in addition to `official_test` samples in the data set's own
/// test set.
///
/// # Errors
/// As `divide`.
pub fn part_counts(n: usize, official_test: usize, settings: &DataSettings) -> Result<PartCounts, DataError> {
    let (test_fraction, official) = match settings.test {
        TestPart::Official if official_test == 0 => {
            return Err(DataError::NoOfficialTest { dataset: settings.dataset.name() });
        }
        TestPart::Official => (0.0, official_test),
        TestPart::Fraction(fraction) => (fraction, 0),
    };
    let test = count(n, test_fraction, "test")?;
    let validation = count(n, settings.validation, "validation")?;
    if test + validation >= n {
        let part = format!("`validation = {}` with `test = {test_fraction}`", settings.validation);
        let advice = "lower one of them, or set it to 0".to_owned();
        return Err(DataError::EmptyPart { part, samples: n, what: "the training set", advice });
    }
    Ok(PartCounts { train: n - test - validation, validation, test: test + official })
}

/// The number of samples for a fraction: at least one, unless the fraction is 0.
fn count(n: usize, fraction: f64, setting: &'static str) -> Result<usize, DataError> {
    let count = (fraction * n as f64).round() as usize;
    if count == 0 && fraction > 0.0 {
        let advice = format!("set `{setting} = 0`, or use a larger fraction");
        let what = if setting == "test" { "the test set" } else { "the validation set" };
        return Err(DataError::EmptyPart {
            part: format!("`{setting} = {fraction}`"),
            samples: n,
            what,
            advice,
        });
    }
    Ok(count)
}
