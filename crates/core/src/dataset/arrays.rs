//! Samples from arrays of features and targets, with or without a test set of their own.

use super::{DataFile, Features, OWN_FILE, Samples, labels};
use crate::error::DataError;
use ndarray::{Axis, concatenate};

/// The name of a missing test set.
pub(super) const NO_TEST: &str = "none";

/// The names that are given of features, targets, and features and targets of the test set.
///
/// # Errors
/// If only one of the test set's two names is given.
pub(super) fn named(names: [&String; 4]) -> Result<Vec<&str>, DataError> {
    let [x, y, test_x, test_y] = names.map(String::as_str);
    match (test_x == NO_TEST, test_y == NO_TEST) {
        (true, true) => Ok(vec![x, y]),
        (false, false) => Ok(vec![x, y, test_x, test_y]),
        (no_x, _) => {
            let given = if no_x { test_y } else { test_x };
            Err(format(given, "a test set needs both `test_x` and `test_y`".to_owned()))
        }
    }
}

/// The files with the given names.
pub(super) fn files(names: [&String; 4]) -> Vec<DataFile> {
    let given = names.into_iter().filter(|name| *name != NO_TEST);
    given.map(|path| DataFile { path: path.clone(), source: OWN_FILE }).collect()
}

/// The samples of files of one array each, which `matrix` reads.
pub(super) fn of_files(
    names: [&String; 4],
    files: &[Vec<u8>],
    task: &str,
    matrix: fn(&[u8]) -> Result<Features, String>,
) -> Result<Samples, DataError> {
    let named = named(names)?;
    let read =
        named.iter().zip(files).map(|(name, bytes)| matrix(bytes).map_err(|problem| format(name, problem)));
    samples(&named, read.collect::<Result<_, _>>()?, task)
}

/// The samples of arrays in the order of [`named`]. A test set comes last, and has the same features and classes.
pub(super) fn samples(names: &[&str], arrays: Vec<Features>, task: &str) -> Result<Samples, DataError> {
    let mut arrays = arrays.into_iter();
    let (Some(mut features), Some(mut rows)) = (arrays.next(), arrays.next()) else {
        return Err(format(names[0], "features and targets are needed".to_owned()));
    };
    same_rows(names[0], names[1], &features, &rows)?;
    let mut official_test = 0;
    if let (Some(test_features), Some(test_rows)) = (arrays.next(), arrays.next()) {
        same_rows(names[2], names[3], &test_features, &test_rows)?;
        official_test = test_features.nrows();
        features = joined([names[0], names[2]], &features, &test_features, "features")?;
        rows = joined([names[1], names[3]], &rows, &test_rows, "targets")?;
    }
    let targets = labels::of_rows(rows.to_array(), task).map_err(|problem| format(names[1], problem))?;
    Ok(Samples { official_test, ..Samples::new(features, targets) })
}

fn same_rows(x: &str, y: &str, features: &Features, targets: &Features) -> Result<(), DataError> {
    if features.nrows() == targets.nrows() {
        return Ok(());
    }
    Err(format(y, format!("it has {} targets, but {} samples are in {x}", targets.nrows(), features.nrows())))
}

fn joined(names: [&str; 2], first: &Features, second: &Features, kind: &str) -> Result<Features, DataError> {
    if first.ncols() != second.ncols() {
        let [own, other] = names;
        let problem = format!("it has {} {kind}, and {own} has {}", second.ncols(), first.ncols());
        return Err(format(other, problem));
    }
    let both = concatenate(Axis(0), &[first.to_array().view(), second.to_array().view()]);
    both.map(Features::from).map_err(|error| format(names[1], error.to_string()))
}

/// The error in a file.
pub(super) fn format(file: &str, problem: String) -> DataError {
    DataError::Format { file: file.to_owned(), problem }
}
