use super::{DatasetSource, Samples, embedded};
use crate::error::DataError;

crate::item! {
    /// Wines: chemical analyses of 178 wines from three cultivars of one region of Italy. Embedded.
    ///
    /// - Features: 13, such as alcohol, magnesium and proline, as measured, with means from 0.4 to 750
    /// - Targets: 3 classes, the cultivars
    /// - Source: Aeberhard, Coomans and de Vel, *Comparison of classifiers in high dimensional settings* (1992)
    Wine = "wine" {}
}

impl DatasetSource for Wine {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        embedded::classes_last("wine", include_str!("../../data/wine.csv"))
    }

    fn citation(&self) -> &'static str {
        "S. Aeberhard and M. Forina, Wine, UCI Machine Learning Repository (1992), doi:10.24432/C5PC7J"
    }

    fn licence(&self) -> &'static str {
        "CC BY 4.0"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of scikit-learn 1.9.1's `load_wine`, printed by `data/embed.py`.
    #[test]
    fn equals_scikit_learn() {
        let samples = Wine {}.samples(&[]).unwrap();
        assert_eq!(samples.features.dim(), (178, 13));
        embedded::assert_sums(&samples, [159_975.295_999, 1_859_871.165_99, 122_348.725_998], &[59, 71, 48]);
    }
}
