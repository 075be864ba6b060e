use super::{DatasetSource, Samples, Targets, generated};
use crate::error::DataError;
use crate::registry::Range;
use crate::seed::{Purpose, Stream};
use ndarray::Array2;

crate::item! {
    /// A sine with noise: regression from one number to one number. Generated.
    ///
    /// x is uniform in [−π, π), `y = sin x + noise`.
    ///
    /// - Features: 1
    /// - Targets: 1 number
    /// - Source: after Bishop, *Pattern Recognition and Machine Learning* (2006), section 1.1
    Sine = "sine" {
        /// Number of samples.
        samples: u64 = 200, Range::closed(1.0, 1e7);
        /// Standard deviation of the noise of y.
        noise: f64 = 0.1, Range::NON_NEGATIVE;
        /// Seed of the samples.
        seed: u64 = 0, Range::at_least(0.0);
    }
}

impl DatasetSource for Sine {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let (n, width) = generated::check_size("sine", self.samples, 1)?;
        let mut stream = Stream::new(self.seed, Purpose::Generate, 0, 0);
        let (mut features, mut values) = (Array2::zeros((n, width)), Array2::zeros((n, 1)));
        for (x, y) in features.iter_mut().zip(&mut values) {
            *x = std::f64::consts::PI * (2.0 * stream.uniform() - 1.0);
            *y = libm::sin(*x) + self.noise * stream.normal();
        }
        Ok(Samples::new(features, Targets::Values(values)))
    }

    fn citation(&self) -> &'static str {
        "after C. M. Bishop, Pattern Recognition and Machine Learning, Springer (2006), section 1.1"
    }

    fn licence(&self) -> &'static str {
        "generated, no rights reserved"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::generated::assert_first;

    /// Numbers from `tests/oracle/generated.json`.
    #[test]
    fn equals_a_second_implementation() {
        let samples = Sine { seed: 5, ..Sine::default() }.samples(&[]).unwrap();
        assert_first(&samples, "sine");
    }

    #[test]
    fn residuals_are_the_noise() {
        let sine = Sine { samples: 10_000, noise: 0.2, seed: 3 };
        let Samples { features, targets: Targets::Values(values), .. } = sine.samples(&[]).unwrap() else {
            panic!("regression")
        };
        let features = features.to_array();
        let squares: f64 = features.iter().zip(&values).map(|(x, y)| (y - libm::sin(*x)).powi(2)).sum();
        // The relative standard error of a variance from n normal draws is √(2/n) = 0.014; the tolerance is five times
        // that.
        assert!((squares / 10_000.0 / 0.04 - 1.0).abs() < 0.07);
        assert!(features.iter().all(|x| x.abs() <= std::f64::consts::PI));
    }
}
