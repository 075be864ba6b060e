use super::{DatasetSource, Samples, embedded};
use crate::error::DataError;

crate::item! {
    /// Iris flowers: 150 samples of four lengths, three species. Embedded.
    ///
    /// - Features: 4, sepal length and width, petal length and width, in cm
    /// - Targets: 3 classes: setosa, versicolor, virginica
    /// - Source: Fisher, *The use of multiple measurements in taxonomic problems* (1936)
    Iris = "iris" {}
}

impl DatasetSource for Iris {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        embedded::classes_last("iris", include_str!("../../data/iris.csv"))
    }

    fn citation(&self) -> &'static str {
        "R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936); UCI Machine Learning Repository, doi:10.24432/C56C76"
    }

    fn licence(&self) -> &'static str {
        "CC BY 4.0"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;

    /// Means as scikit-learn 1.9.1 gives them: `load_iris().data.mean(axis=0)`.
    #[test]
    fn equals_scikit_learn() {
        let samples = Iris {}.samples(&[]).unwrap();
        let means = samples.features.to_array().mean_axis(ndarray::Axis(0)).unwrap();
        for (mean, expected) in
            means.iter().zip([5.843_333_333_333_334, 3.057_333_333_333_334, 3.758, 1.199_333_333_333_333])
        {
            assert!((mean - expected).abs() < 1e-12, "{mean} {expected}");
        }
        let Targets::Classes { labels, count: 3 } = samples.targets else { panic!("three classes") };
        assert!((0..3).all(|class| labels.iter().filter(|&&label| label == class).count() == 50));
    }
}
