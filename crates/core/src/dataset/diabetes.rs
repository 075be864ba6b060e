use super::{DatasetSource, Samples, embedded};
use crate::error::DataError;

crate::item! {
    /// Diabetes: the progression of the disease of 442 patients after a year, predicted from ten measurements:
    /// regression. Embedded.
    ///
    /// The features are as they were measured (`load_diabetes(scaled=False)` of scikit-learn), not scaled to columns of norm
    /// 1 as in the publication.
    ///
    /// - Features: 10, age in years, sex (1 or 2), body mass index, mean blood pressure, six measurements of blood serum
    /// - Targets: 1 number from 25 to 346, the progression of the disease after a year
    /// - Source: Efron, Hastie, Johnstone and Tibshirani, *Least angle regression* (2004)
    Diabetes = "diabetes" {}
}

impl DatasetSource for Diabetes {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        embedded::values_last("diabetes", include_str!("../../data/diabetes.csv"))
    }

    fn citation(&self) -> &'static str {
        "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least angle regression, Annals of Statistics 32 (2004), doi:10.1214/009053604000000067"
    }

    fn licence(&self) -> &'static str {
        "BSD 3-Clause, as scikit-learn distributes it; the authors state no terms of their own"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;

    /// Numbers of scikit-learn 1.9.1's `load_diabetes(scaled=False)`, printed by `data/embed.py`.
    #[test]
    fn equals_scikit_learn() {
        let samples = Diabetes {}.samples(&[]).unwrap();
        assert_eq!(samples.features.dim(), (442, 10));
        embedded::assert_sums(&samples, [276_404.233_6, 1_539_469.252_4, 42_864_760.622_3], &[]);
        let Targets::Values(values) = samples.targets else { panic!("regression") };
        assert_eq!((values.dim(), values.sum()), ((442, 1), 67_243.0));
        assert!(values.iter().all(|y| (25.0..=346.0).contains(y)));
    }
}
