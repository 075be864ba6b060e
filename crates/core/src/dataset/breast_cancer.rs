use super::{DatasetSource, Samples, embedded};
use crate::error::DataError;

crate::item! {
    /// Breast tumours: the shapes of cell nuclei in 569 images of fine needle aspirates. Embedded.
    ///
    /// - Features: 30, of ten measures of a nucleus, such as its radius: their mean, its standard error, and the mean of
    ///   the three largest
    /// - Targets: 2 classes: 0 malignant (212 samples), 1 benign (357)
    /// - Source: Street, Wolberg and Mangasarian, *Nuclear feature extraction for breast tumor diagnosis* (1993)
    BreastCancer = "breast_cancer" {}
}

impl DatasetSource for BreastCancer {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        embedded::classes_last("breast_cancer", include_str!("../../data/breast_cancer.csv"))
    }

    fn citation(&self) -> &'static str {
        "W. Wolberg, O. Mangasarian, N. Street and W. Street, Breast Cancer Wisconsin (Diagnostic), UCI Machine Learning Repository (1993), doi:10.24432/C5DW2B"
    }

    fn licence(&self) -> &'static str {
        "CC BY 4.0"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of scikit-learn 1.9.1's `load_breast_cancer`, printed by `data/embed.py`.
    #[test]
    fn equals_scikit_learn() {
        let samples = BreastCancer {}.samples(&[]).unwrap();
        assert_eq!(samples.features.dim(), (569, 30));
        let sums = [1_056_474.459_635_6, 15_997_027.559_157_101, 456_901.155_929_6];
        embedded::assert_sums(&samples, sums, &[212, 357]);
    }
}
