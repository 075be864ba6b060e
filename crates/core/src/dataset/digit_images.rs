//! Images of handwritten digits and their classes, in pairs of IDX files.

use super::{Samples, Targets, parse_idx};
use crate::error::DataError;
use ndarray::Array2;

/// The classes, the digits 0 to 9.
const CLASSES: usize = 10;

/// What has been read.
#[derive(Default)]
pub(super) struct DigitImages {
    pixels: Vec<f64>,
    labels: Vec<u32>,
}

impl DigitImages {
    /// Adds the images and labels of one part, whose files have these `names`. Gives the pixels of an image.
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
            return Err(problem(names[1], format!("it has {n_labels} labels for {n} images")));
        }
        if n == 0 || height == 0 || width == 0 {
            return Err(problem(names[0], "it has no images".to_owned()));
        }
        if let Some(index) = digits.iter().position(|&digit| usize::from(digit) >= CLASSES) {
            let what = format!("label {} of sample {index} is no digit from 0 to 9", digits[index]);
            return Err(problem(names[1], what));
        }
        self.pixels.extend(data.iter().map(|&pixel| f64::from(pixel)));
        self.labels.extend(digits.iter().map(|&digit| u32::from(digit)));
        Ok(height as usize * width as usize)
    }

    /// Images read so far.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Everything that was read, of which the last `official_test` are the set's own test part; all images have the same
    /// number of pixels.
    pub(super) fn samples(self, official_test: usize) -> Samples {
        let width = self.pixels.len() / self.labels.len();
        let features =
            Array2::from_shape_vec((self.labels.len(), width), self.pixels).expect("images of equal size");
        let targets = Targets::Classes { labels: self.labels, count: CLASSES };
        Samples { features, targets, official_test }
    }
}

/// What is wrong with a file.
pub(super) fn problem(file: &str, problem: String) -> DataError {
    DataError::Format { file: file.to_owned(), problem }
}
