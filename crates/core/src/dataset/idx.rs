use super::arrays::{self, NO_TEST};
use super::idx_format::parse_any_idx;
use super::labels::TASKS;
use super::{DataFile, DatasetSource, Features, Samples};
use crate::error::DataError;
use crate::registry::Domain;

crate::item! {
    /// Your own arrays in the format of the MNIST files, for instance Fashion-MNIST: features and targets.
    ///
    /// - Features: the first dimension of `x` counts the samples, all others together are the features; whole numbers from
    ///   0 to 255
    /// - Targets: the classes of `y`, one for each distinct number, or its numbers
    /// - Source: your own IDX files of unsigned bytes
    Idx = "idx", owned {
        /// Path of the features, from the folder of the experiment file or the data folder. The file may be compressed.
        x: String = String::new(), Domain::Text;
        /// Path of the targets.
        y: String = String::new(), Domain::Text;
        /// Path of the features of a test set of its own, used with `test = "official"`; "none" for none.
        test_x: String = NO_TEST.to_owned(), Domain::Text;
        /// Path of the targets of that test set.
        test_y: String = NO_TEST.to_owned(), Domain::Text;
        /// The kind of target: "classes", "regression" (numbers to fit), or "auto": at most 20 distinct whole numbers
        /// are classes, all others are regression.
        task: String = "auto".to_owned(), Domain::Words(TASKS);
    }
}

impl DatasetSource for Idx {
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError> {
        arrays::of_files([&self.x, &self.y, &self.test_x, &self.test_y], files, &self.task, matrix)
    }

    fn files(&self) -> Vec<DataFile> {
        arrays::files([&self.x, &self.y, &self.test_x, &self.test_y])
    }

    fn citation(&self) -> &'static str {
        "the user's files"
    }

    fn licence(&self) -> &'static str {
        "known to the user"
    }
}

/// An array as a matrix: a row for each entry of its first dimension.
fn matrix(bytes: &[u8]) -> Result<Features, String> {
    let (dimensions, data) = parse_any_idx(bytes, 1).map_err(|error| error.to_string())?;
    let rows = dimensions.first().map_or(0, |&n| n as usize);
    if data.is_empty() || rows == 0 {
        return Err(format!("it is empty: its dimensions are {dimensions:?}"));
    }
    Ok(Features::from_bytes(rows, data.len() / rows, data.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;
    use ndarray::array;

    #[test]
    fn arrays_of_any_dimension_are_read() {
        let idx = Idx { x: "x".to_owned(), y: "y".to_owned(), ..Idx::default() };
        let samples =
            |x: &[u8], y: &[u8]| idx.samples(&[x.to_vec(), y.to_vec()]).map_err(|error| error.to_string());
        let images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 255];
        let read = samples(&images, &[0, 0, 8, 1, 0, 0, 0, 2, 7, 4]).unwrap();
        assert_eq!(read.features.to_array(), array![[1.0, 2.0], [3.0, 255.0]]);
        assert_eq!(read.targets, Targets::Classes { labels: vec![1, 0], count: 2 });
        let refused = samples(&images, &[0, 0, 8, 1, 0, 0, 0, 1, 7]).unwrap_err();
        assert_eq!(refused, "y: it has 1 targets, but 2 samples are in x");
        assert!(samples(&[0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 0], &images).unwrap_err().contains("empty"));
        assert!(samples(&[0, 0, 13, 1], &images).unwrap_err().starts_with("x: "));
    }
}
