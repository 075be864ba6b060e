use super::{DatasetSource, Samples, Targets, generated};
use crate::error::DataError;
use crate::registry::Range;
use crate::seed::{Purpose, Stream};
use ndarray::Array2;

/// Centres are in [−10, 10)ᵈ.
const REACH: f64 = 10.0;

crate::item! {
    /// Clouds of normally distributed points, one per class. Generated.
    ///
    /// First the centres are drawn, one class after the other, each coordinate uniformly from [−10, 10). Sample i belongs to
    /// class c = i mod k and is `x = centre of c + spread·z` with z standard normal.
    ///
    /// - Features: 2 by default; `features` sets it
    /// - Targets: k classes
    /// - Source: Pedregosa et al., *Scikit-learn* (2011), `make_blobs`
    Blobs = "blobs" {
        /// Number of samples.
        samples: u64 = 500, Range::closed(2.0, 1e7);
        /// k, the number of clouds.
        classes: u64 = 3, Range::closed(2.0, 1000.0);
        /// Width of the features.
        features: u64 = 2, Range::closed(1.0, 1e4);
        /// Standard deviation of each coordinate around the centre.
        spread: f64 = 1.0, Range::NON_NEGATIVE;
        /// Seed of the centres and the samples.
        seed: u64 = 0, Range::at_least(0.0);
    }
}

impl DatasetSource for Blobs {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let (n, width) = generated::check_size("blobs", self.samples, self.features)?;
        let mut stream = Stream::new(self.seed, Purpose::Generate, 0, 0);
        let count = self.classes as usize;
        let centres = Array2::from_shape_simple_fn((count, width), || REACH * (2.0 * stream.uniform() - 1.0));
        let features = Array2::from_shape_fn((n, width), |(row, column)| {
            centres[[row % count, column]] + self.spread * stream.normal()
        });
        let labels = (0..self.samples).map(|i| (i % self.classes) as u32).collect();
        Ok(Samples::new(features, Targets::Classes { labels, count }))
    }

    fn citation(&self) -> &'static str {
        "after F. Pedregosa et al., Scikit-learn: Machine Learning in Python, Journal of Machine Learning Research 12 (2011), make_blobs"
    }

    fn licence(&self) -> &'static str {
        "generated, no rights reserved"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::generated::assert_first;

    /// Without spread, all samples of a class are its centre. With spread, their mean is the centre and their variance
    /// is spread², within five standard errors: spread/√n and spread²·√(2/n).
    #[test]
    fn clouds_lie_around_their_centres() {
        let (spread, each) = (0.7, 4000);
        let blobs = Blobs { samples: 4 * each, classes: 4, features: 3, spread, seed: 2 };
        let points = Blobs { spread: 0.0, ..blobs }.samples(&[]).unwrap().features.to_array();
        assert!(points.iter().all(|x| x.abs() <= REACH));
        let clouds = blobs.samples(&[]).unwrap().features.to_array();
        for (class, feature) in (0..12).map(|i| (i / 3, i % 3)) {
            let column =
                |all: &Array2<f64>| all.column(feature).into_iter().skip(class).step_by(4).copied().collect();
            let (points, cloud): (Vec<f64>, Vec<f64>) = (column(&points), column(&clouds));
            assert!(points.iter().all(|&x| x == points[0]));
            let n = each as f64;
            let mean = cloud.iter().sum::<f64>() / n;
            let variance = cloud.iter().map(|x| (x - points[0]).powi(2)).sum::<f64>() / n;
            assert!((mean - points[0]).abs() < 5.0 * spread / n.sqrt(), "{mean} {}", points[0]);
            assert!((variance / (spread * spread) - 1.0).abs() < 5.0 * (2.0 / n).sqrt(), "{variance}");
        }
    }

    /// Numbers from `tests/oracle/generated.json`.
    #[test]
    fn equals_a_second_implementation() {
        let samples = Blobs { seed: 5, ..Blobs::default() }.samples(&[]).unwrap();
        assert_first(&samples, "blobs");
    }

    #[test]
    fn more_than_fits_is_refused() {
        let error =
            Blobs { samples: 10_000_000, features: 10_000, ..Blobs::default() }.samples(&[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`blobs`: 10000000 samples of 10000 features are 100000000000 numbers, but at most 100000000 fit; lower `samples` or `features`"
        );
    }
}
