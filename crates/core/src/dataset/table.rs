//! Embedded tables: CSV of numbers, the class in the last column.

use super::{Samples, Targets};
use crate::error::DataError;
use ndarray::Array2;

/// Reads a table without a header whose last column is a class counted from 0.
pub(super) fn classes_last(name: &str, text: &str) -> Result<Samples, DataError> {
    let problem = |problem: String| DataError::Format { file: name.to_owned(), problem };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let (mut features, mut labels) = (Vec::new(), Vec::new());
    for row in reader.deserialize() {
        let mut row: Vec<f64> = row.map_err(|error| problem(error.to_string()))?;
        labels.push(row.pop().ok_or_else(|| problem("an empty row".to_owned()))? as u32);
        features.extend(row);
    }
    let count = labels.iter().max().map_or(0, |&last| last as usize + 1);
    let shape = (labels.len(), features.len() / labels.len().max(1));
    let features = Array2::from_shape_vec(shape, features).map_err(|error| problem(error.to_string()))?;
    Ok(Samples { features, targets: Targets::Classes { labels, count }, official_test: 0 })
}
