//! Images of handwritten digits and their classes, in pairs of IDX files.

use super::features::reserve_exact;
use super::{Features, Samples, Targets, parse_idx};
use crate::error::DataError;

/// The classes, the digits 0 to 9.
const CLASSES: usize = 10;

/// The images read so far.
#[derive(Default)]
pub(super) struct DigitImages {
    pixels: Vec<u8>,
    labels: Vec<u32>,
}

impl DigitImages {
    /// Adds the images and labels of one set, from the files with these `names`. Returns the number of pixels per
    /// image.
    pub(super) fn read(
        &mut self,
        names: [&str; 2],
        images: &[u8],
        digits: &[u8],
    ) -> Result<usize, DataError> {
        let ([n, height, width], data) =
            parse_idx::<3>(images).map_err(|error| problem(names[0], error.to_string()))?;
        let ([n_labels], digits) =
            parse_idx::<1>(digits).map_err(|error| problem(names[1], error.to_string()))?;
        if n != n_labels {
            return Err(problem(names[1], format!("it has {n_labels} labels, but there are {n} images")));
        }
        if n == 0 || height == 0 || width == 0 {
            return Err(problem(names[0], "it has no images".to_owned()));
        }
        if let Some(index) = digits.iter().position(|&digit| usize::from(digit) >= CLASSES) {
            let what = format!("label {} of sample {index} is not a digit from 0 to 9", digits[index]);
            return Err(problem(names[1], what));
        }
        reserve_exact(&mut self.pixels, data.len()).map_err(|no_room| no_room.of(names[0]))?;
        self.pixels.extend_from_slice(data);
        self.labels.extend(digits.iter().map(|&digit| u32::from(digit)));
        Ok(height as usize * width as usize)
    }

    /// Images read so far.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// All images read. The last `official_test` are the data set's own test set. All images have the same number of
    /// pixels.
    pub(super) fn samples(self, official_test: usize) -> Samples {
        let width = self.pixels.len() / self.labels.len();
        let features = Features::from_bytes(self.labels.len(), width, self.pixels);
        let targets = Targets::Classes { labels: self.labels, count: CLASSES };
        Samples { official_test, ..Samples::new(features, targets) }
    }
}

/// The error in a file.
pub(super) fn problem(file: &str, problem: String) -> DataError {
    DataError::Format { file: file.to_owned(), problem }
}
