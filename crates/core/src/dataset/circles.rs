use super::{DatasetSource, Samples, Targets, generated};
use crate::error::DataError;
use crate::registry::Range;
use crate::seed::{Purpose, Stream};
use ndarray::Array2;

crate::item! {
    /// Two circles in the plane, one within the other. Generated.
    ///
    /// Sample i belongs to class c = i mod 2. With t drawn uniformly from [0, 1): angle 2π·t, radius 1 for class 0 and
    /// `factor` for class 1, both coordinates with normal noise added.
    ///
    /// - Features: 2, coordinates in about [−1, 1]
    /// - Targets: 2 classes: 0 the outer circle, 1 the inner
    /// - Source: Pedregosa et al., *Scikit-learn* (2011), `make_circles`, with random points
    Circles = "circles" {
        /// Number of samples.
        samples: u64 = 500, Range::closed(2.0, 1e7);
        /// Radius of the inner circle.
        factor: f64 = 0.5, Range::UNIT_BELOW_ONE;
        /// Standard deviation of the noise of a coordinate.
        noise: f64 = 0.05, Range::NON_NEGATIVE;
        /// Seed of the samples.
        seed: u64 = 0, Range::at_least(0.0);
    }
}

impl DatasetSource for Circles {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let (n, width) = generated::check_size("circles", self.samples, 2)?;
        let mut stream = Stream::new(self.seed, Purpose::Generate, 0, 0);
        let labels: Vec<u32> = (0..self.samples).map(|i| (i % 2) as u32).collect();
        let mut features = Array2::zeros((n, width));
        for (mut row, &label) in features.rows_mut().into_iter().zip(&labels) {
            let radius = if label == 0 { 1.0 } else { self.factor };
            let angle = std::f64::consts::TAU * stream.uniform();
            row[0] = radius * libm::cos(angle) + self.noise * stream.normal();
            row[1] = radius * libm::sin(angle) + self.noise * stream.normal();
        }
        Ok(Samples::new(features, Targets::Classes { labels, count: 2 }))
    }

    fn citation(&self) -> &'static str {
        "after F. Pedregosa et al., Scikit-learn: Machine Learning in Python, Journal of Machine Learning Research 12 (2011), make_circles"
    }

    fn licence(&self) -> &'static str {
        "generated, no rights reserved"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::generated::assert_first;

    #[test]
    fn radii_are_one_and_the_factor() {
        let circles = Circles { noise: 0.0, factor: 0.3, ..Circles::default() };
        let samples = circles.samples(&[]).unwrap();
        for (index, row) in samples.features.to_array().rows().into_iter().enumerate() {
            let expected = [1.0, 0.3][index % 2];
            assert!((libm::hypot(row[0], row[1]) - expected).abs() < 1e-15, "{row}");
        }
        // Points are in all directions: each quadrant has about a quarter of 500, within five standard deviations
        // (9.7).
        let first =
            samples.features.to_array().rows().into_iter().filter(|row| row[0] > 0.0 && row[1] > 0.0).count();
        assert!((76..=174).contains(&first), "{first}");
    }

    /// Numbers from `tests/oracle/generated.json`.
    #[test]
    fn equals_a_second_implementation() {
        let samples = Circles { seed: 5, ..Circles::default() }.samples(&[]).unwrap();
        assert_first(&samples, "circles");
    }
}
