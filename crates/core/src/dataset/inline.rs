use super::labels::{self, TASKS};
use super::{DatasetSource, Samples};
use crate::error::DataError;
use crate::registry::Domain;
use ndarray::Array2;

crate::item! {
    /// Your own numbers in the experiment file, for problems small enough to calculate by hand.
    ///
    /// - Features: as many as a row of `x` has numbers
    /// - Targets: the classes of `y`, one per different number, or its numbers. A row of several numbers marks a class
    ///   by a single 1, with 0 elsewhere
    /// - Source: the experiment file
    Inline = "inline", owned {
        /// The features, one row per sample.
        x: Vec<Vec<f64>> = Vec::new(), Domain::Rows;
        /// The targets, one row per sample: one number for a class, one or more for regression.
        y: Vec<Vec<f64>> = Vec::new(), Domain::Rows;
        /// The kind of target: "classes", "regression" (numbers to fit), or "auto": at most 20 distinct whole numbers, or
        /// rows with a single 1, are classes, all others are regression.
        task: String = "classes".to_owned(), Domain::Words(TASKS);
    }
}

impl DatasetSource for Inline {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let problem = |problem: String| DataError::Format { file: "inline".to_owned(), problem };
        if self.x.len() != self.y.len() {
            return Err(problem(format!("`y` has {} rows, but `x` has {}", self.y.len(), self.x.len())));
        }
        let features = matrix("x", &self.x).map_err(problem)?;
        let targets = labels::of_rows(matrix("y", &self.y).map_err(problem)?, &self.task).map_err(problem)?;
        Ok(Samples::new(features, targets))
    }

    fn citation(&self) -> &'static str {
        "the user's numbers"
    }

    fn licence(&self) -> &'static str {
        "known to the user"
    }
}

fn matrix(name: &str, rows: &[Vec<f64>]) -> Result<Array2<f64>, String> {
    let shape = (rows.len(), rows.first().map_or(0, Vec::len));
    if shape.0 == 0 || shape.1 == 0 {
        return Err(format!("`{name}` has no numbers"));
    }
    Array2::from_shape_vec(shape, rows.concat()).map_err(|_| format!("the rows of `{name}` differ in length"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;
    use ndarray::array;

    fn inline(x: &[&[f64]], y: &[&[f64]], task: &str) -> Result<Samples, String> {
        let rows = |rows: &[&[f64]]| rows.iter().map(|row| row.to_vec()).collect();
        let inline = Inline { x: rows(x), y: rows(y), task: task.to_owned() };
        inline.samples(&[]).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_are_taken_as_they_stand() {
        let samples = inline(&[&[0.0, 1.0], &[2.0, 3.0]], &[&[5.0], &[-1.0]], "classes").unwrap();
        assert_eq!(samples.features.to_array(), array![[0.0, 1.0], [2.0, 3.0]]);
        assert_eq!(samples.targets, Targets::Classes { labels: vec![1, 0], count: 2 });
        let samples = inline(&[&[3.0]], &[&[1.0, 2.0]], "regression").unwrap();
        assert_eq!(samples.targets, Targets::Values(array![[1.0, 2.0]]));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let refused = |x: &[&[f64]], y: &[&[f64]]| inline(x, y, "classes").unwrap_err();
        assert_eq!(refused(&[&[1.0]], &[&[0.0], &[1.0]]), "inline: `y` has 2 rows, but `x` has 1");
        assert!(refused(&[], &[]).contains("`x` has no numbers"));
        assert!(
            refused(&[&[1.0], &[1.0, 2.0]], &[&[0.0], &[1.0]]).contains("the rows of `x` differ in length")
        );
    }
}
