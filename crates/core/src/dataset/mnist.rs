use super::digit_images::{DigitImages, problem};
use super::{DataFile, DatasetSource, Samples};
use crate::error::DataError;

/// Where users get the files.
const SOURCE: &str = "download it, for example with `torchvision.datasets.MNIST` or from OpenML data set 554, and put it into the data folder";

const FILES: [&str; 4] = [
    "mnist/train-images-idx3-ubyte",
    "mnist/train-labels-idx1-ubyte",
    "mnist/t10k-images-idx3-ubyte",
    "mnist/t10k-labels-idx1-ubyte",
];

crate::item! {
    /// MNIST: 70,000 images of handwritten digits of 28 × 28 pixels, including the official test set of 10,000. Read from
    /// four IDX files in the data folder, compressed or not.
    ///
    /// - Features: 784, the pixels row by row, whole numbers from 0 to 255
    /// - Targets: 10 classes, the digits 0 to 9
    /// - Source: LeCun, Bottou, Bengio, Haffner, *Gradient-based learning applied to document recognition* (1998)
    Mnist = "mnist" {}
}

impl DatasetSource for Mnist {
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let [train_images, train_labels, test_images, test_labels] = files else {
            return Err(problem(FILES[0], format!("{} files were given instead of 4", files.len())));
        };
        let mut digits = DigitImages::default();
        let pixels = digits.read([FILES[0], FILES[1]], train_images, train_labels)?;
        let train = digits.len();
        let others = digits.read([FILES[2], FILES[3]], test_images, test_labels)?;
        if pixels != others {
            let unequal = format!("its images have {others} pixels, but the training images have {pixels}");
            return Err(problem(FILES[2], unequal));
        }
        let official_test = digits.len() - train;
        Ok(digits.samples(official_test))
    }

    fn files(&self) -> Vec<DataFile> {
        FILES.map(|path| DataFile { path: path.to_owned(), source: SOURCE }).into()
    }

    fn citation(&self) -> &'static str {
        "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied to document recognition, Proc. IEEE 86 (1998)"
    }

    fn licence(&self) -> &'static str {
        "CC BY-SA 3.0"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;

    fn images(n: u8, pixels: &[u8]) -> Vec<u8> {
        [&[0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, 1, 0, 0, 0, 2], pixels].concat()
    }

    fn labels(digits: &[u8]) -> Vec<u8> {
        [&[0, 0, 8, 1, 0, 0, 0, digits.len() as u8], digits].concat()
    }

    #[test]
    fn the_test_part_comes_last() {
        let files = [images(2, &[1, 2, 3, 255]), labels(&[7, 0]), images(1, &[9, 8]), labels(&[3])];
        let samples = Mnist {}.samples(&files).unwrap();
        assert_eq!(samples.features.bytes(), 6);
        assert_eq!(samples.features.to_array(), ndarray::array![[1.0, 2.0], [3.0, 255.0], [9.0, 8.0]]);
        assert_eq!(samples.targets, Targets::Classes { labels: vec![7, 0, 3], count: 10 });
        assert_eq!(samples.official_test, 1);
    }

    #[test]
    fn bad_files_are_named() {
        let good = [images(2, &[1, 2, 3, 4]), labels(&[7, 0]), images(1, &[9, 8]), labels(&[3])];
        let with = |index: usize, bytes: Vec<u8>| {
            let mut files = good.clone();
            files[index] = bytes;
            Mnist {}.samples(&files).unwrap_err().to_string()
        };
        assert!(with(1, labels(&[7, 10])).starts_with("mnist/train-labels-idx1-ubyte: label 10 of sample 1"));
        assert!(
            with(3, labels(&[3, 3]))
                .starts_with("mnist/t10k-labels-idx1-ubyte: it has 2 labels, but there are 1 images")
        );
        assert!(with(0, vec![1, 2, 3, 4]).starts_with("mnist/train-images-idx3-ubyte: not an IDX file"));
        assert!(with(2, good[2][..17].to_vec()).contains("needs 2 bytes of data, but 1"));
        let wider = [&[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3], &[9, 8, 7][..]].concat();
        assert!(with(2, wider).contains("its images have 3 pixels, but the training images have 2"));
    }
}
