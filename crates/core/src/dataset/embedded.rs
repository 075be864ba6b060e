//! Embedded tables: CSV of numbers without a header, with the target in the last column.

use super::{Samples, Targets};
use crate::error::DataError;
use ndarray::{Array2, Axis};

/// Reads a table whose last column is a class counted from 0.
pub(super) fn classes_last(name: &str, text: &str) -> Result<Samples, DataError> {
    let (features, last) = rows(name, text)?;
    let labels: Vec<u32> = last.into_iter().map(|class| class as u32).collect();
    let count = labels.iter().max().map_or(0, |&last| last as usize + 1);
    Ok(Samples::new(features, Targets::Classes { labels, count }))
}

/// Reads a table whose last column is a number to be fitted.
pub(super) fn values_last(name: &str, text: &str) -> Result<Samples, DataError> {
    let (features, last) = rows(name, text)?;
    let values = ndarray::Array1::from_vec(last).insert_axis(Axis(1));
    Ok(Samples::new(features, Targets::Values(values)))
}

/// Every column except the last, and the last.
fn rows(name: &str, text: &str) -> Result<(Array2<f64>, Vec<f64>), DataError> {
    let problem = |problem: String| DataError::Format { file: name.to_owned(), problem };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let (mut features, mut last) = (Vec::new(), Vec::new());
    for row in reader.deserialize() {
        let mut row: Vec<f64> = row.map_err(|error| problem(error.to_string()))?;
        last.push(row.pop().ok_or_else(|| problem("an empty row".to_owned()))?);
        features.extend(row);
    }
    let shape = (last.len(), features.len() / last.len().max(1));
    let features = Array2::from_shape_vec(shape, features).map_err(|error| problem(error.to_string()))?;
    Ok((features, last))
}

/// The checksums of a data set that `data/embed.py` prints, and the number of samples per class. They are the sums of x,
/// of x times its column number (from 1), and of x times its row's class or target.
#[cfg(test)]
pub(super) fn sums(samples: &Samples) -> ([f64; 3], Vec<usize>) {
    let (targets, classes) = match &samples.targets {
        Targets::Classes { labels, count } => {
            (labels.iter().map(|&label| f64::from(label)).collect(), *count)
        }
        Targets::Values(values) => (values.iter().copied().collect::<Vec<f64>>(), 0),
    };
    let mut sums = [0.0; 3];
    for (row, target) in samples.features.to_array().rows().into_iter().zip(&targets) {
        for (column, x) in row.iter().enumerate() {
            sums = [sums[0] + x, sums[1] + x * (column + 1) as f64, sums[2] + x * target];
        }
    }
    let of = |class: usize| targets.iter().filter(|&&target| target == class as f64).count();
    (sums, (0..classes).map(of).collect())
}

/// Sums of the same numbers in another order.
#[cfg(test)]
#[track_caller]
pub(super) fn assert_sums(samples: &Samples, expected: [f64; 3], counts: &[usize]) {
    let (got, classes) = sums(samples);
    assert!(got.iter().zip(expected).all(|(got, x)| (got - x).abs() < 1e-12 * x), "{got:?} {expected:?}");
    assert_eq!(classes, counts);
}
