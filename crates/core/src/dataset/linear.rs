use super::{DatasetSource, Samples, Targets, generated};
use crate::error::DataError;
use crate::registry::Range;
use crate::seed::{Purpose, Stream};
use ndarray::Array2;

crate::item! {
    /// A linear function with noise: regression with a known best solution. Generated.
    ///
    /// First w, `[features]`, and then b are drawn, each number standard normal. A sample is x, `[features]`, standard normal,
    /// and `y = x·w + b + noise·z` with z standard normal.
    ///
    /// - Features: 3 by default; `features` sets it
    /// - Targets: 1 number
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), section 3.1
    Linear = "linear" {
        /// Number of samples.
        samples: u64 = 200, Range::closed(1.0, 1e7);
        /// Width of the features.
        features: u64 = 3, Range::closed(1.0, 1e4);
        /// Standard deviation of the noise of y.
        noise: f64 = 0.1, Range::NON_NEGATIVE;
        /// Seed of w, b and the samples.
        seed: u64 = 0, Range::at_least(0.0);
    }
}

impl DatasetSource for Linear {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let (n, width) = generated::check_size("linear", self.samples, self.features)?;
        let mut stream = Stream::new(self.seed, Purpose::Generate, 0, 0);
        let weights: Vec<f64> = (0..width).map(|_| stream.normal()).collect();
        let bias = stream.normal();
        let (mut features, mut values) = (Array2::zeros((n, width)), Array2::zeros((n, 1)));
        for (mut row, y) in features.rows_mut().into_iter().zip(&mut values) {
            row.iter_mut().for_each(|x| *x = stream.normal());
            let product: f64 = row.iter().zip(&weights).map(|(x, w)| x * w).sum();
            *y = product + bias + self.noise * stream.normal();
        }
        Ok(Samples::new(features, Targets::Values(values)))
    }

    fn citation(&self) -> &'static str {
        "after C. M. Bishop, Pattern Recognition and Machine Learning, Springer (2006), section 3.1"
    }

    fn licence(&self) -> &'static str {
        "generated, no rights reserved"
    }
}

#[cfg(feature = "lapack")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::generated::assert_first;
    use crate::linalg::least_squares;

    fn fitted(linear: &Linear) -> (Vec<f64>, f64) {
        let Samples { features, targets: Targets::Values(values), .. } = linear.samples(&[]).unwrap() else {
            panic!("regression")
        };
        let features = features.to_array();
        let solution = least_squares(features.view(), values.view()).unwrap();
        let width = features.ncols();
        let fitted = features.dot(&solution.slice(ndarray::s![..width, ..])) + solution[[width, 0]];
        let squares = (fitted - values).mapv(|error| error * error).sum();
        (solution.into_iter().collect(), squares / linear.samples as f64)
    }

    /// Without noise, least squares finds w and b: the first numbers of the stream.
    #[test]
    fn least_squares_finds_the_coefficients() {
        let (solution, error) = fitted(&Linear { noise: 0.0, features: 5, ..Linear::default() });
        let mut stream = Stream::new(0, Purpose::Generate, 0, 0);
        assert!(solution.iter().all(|w| (w - stream.normal()).abs() < 1e-13), "{solution:?}");
        assert!(solution.len() == 6 && error < 1e-28, "{error}");
    }

    /// The relative standard error of a variance from n normal draws is √(2/n) = 0.014; the tolerance is five times
    /// that.
    #[test]
    fn residuals_are_the_noise() {
        let (_, error) = fitted(&Linear { samples: 10_000, noise: 0.2, ..Linear::default() });
        assert!((error / 0.04 - 1.0).abs() < 0.07, "{error}");
    }

    /// Numbers from `tests/oracle/generated.json`.
    #[test]
    fn equals_a_second_implementation() {
        let samples = Linear { features: 2, seed: 5, ..Linear::default() }.samples(&[]).unwrap();
        assert_first(&samples, "linear");
    }
}
