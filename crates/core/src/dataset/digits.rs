use super::{DatasetSource, Samples, embedded};
use crate::error::DataError;

crate::item! {
    /// Handwritten digits: 1,797 images of 8 × 8 pixels, ten classes. Embedded.
    ///
    /// - Features: 64, the pixels row by row, whole numbers from 0 to 16
    /// - Targets: 10 classes, the digits 0 to 9
    /// - Source: Alpaydin and Kaynak, *Optical Recognition of Handwritten Digits* (1998), its test set
    Digits = "digits" {}
}

impl DatasetSource for Digits {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        embedded::classes_last("digits", include_str!("../../data/digits.csv"))
    }

    fn citation(&self) -> &'static str {
        "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998), doi:10.24432/C50P49"
    }

    fn licence(&self) -> &'static str {
        "CC BY 4.0"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;

    /// Counts and sum as scikit-learn 1.9.1 gives them: `load_digits().data.sum()` and `np.bincount(target)`.
    #[test]
    fn equals_scikit_learn() {
        let samples = Digits {}.samples(&[]).unwrap();
        assert_eq!(samples.features.dim(), (1797, 64));
        assert_eq!(samples.features.to_array().sum(), DIGITS_SUM);
        let Targets::Classes { labels, count: 10 } = samples.targets else { panic!("ten classes") };
        let mut counts = [0; 10];
        labels.iter().for_each(|&label| counts[label as usize] += 1);
        assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }

    const DIGITS_SUM: f64 = 561_718.0;
}
