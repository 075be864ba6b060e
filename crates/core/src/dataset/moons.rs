use super::{DatasetSource, Samples, Targets, generated};
use crate::error::DataError;
use crate::registry::Range;
use crate::seed::{Purpose, Stream};
use ndarray::Array2;

crate::item! {
    /// Two interlocking half circles in the plane. Generated.
    ///
    /// Sample i belongs to class c = i mod 2. With t drawn uniformly from [0, 1): class 0 is at (cos πt, sin πt), class 1
    /// at (1 − cos πt, ½ − sin πt), both coordinates with normal noise added.
    ///
    /// - Features: 2, coordinates in about [−1, 2] and [−½, 1]
    /// - Targets: 2 classes: 0 the upper half circle, 1 the lower
    /// - Source: Pedregosa et al., *Scikit-learn* (2011), `make_moons`, with random points
    Moons = "moons" {
        /// Number of samples.
        samples: u64 = 500, Range::closed(2.0, 1e7);
        /// Standard deviation of the noise of a coordinate.
        noise: f64 = 0.1, Range::NON_NEGATIVE;
        /// Seed of the samples.
        seed: u64 = 0, Range::at_least(0.0);
    }
}

impl DatasetSource for Moons {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let (n, width) = generated::check_size("moons", self.samples, 2)?;
        let mut stream = Stream::new(self.seed, Purpose::Generate, 0, 0);
        let labels: Vec<u32> = (0..self.samples).map(|i| (i % 2) as u32).collect();
        let mut features = Array2::zeros((n, width));
        for (mut row, &label) in features.rows_mut().into_iter().zip(&labels) {
            let angle = std::f64::consts::PI * stream.uniform();
            let (cos, sin) = (libm::cos(angle), libm::sin(angle));
            let (x, y) = if label == 0 { (cos, sin) } else { (1.0 - cos, 0.5 - sin) };
            row[0] = x + self.noise * stream.normal();
            row[1] = y + self.noise * stream.normal();
        }
        Ok(Samples::new(features, Targets::Classes { labels, count: 2 }))
    }

    fn citation(&self) -> &'static str {
        "after F. Pedregosa et al., Scikit-learn: Machine Learning in Python, Journal of Machine Learning Research 12 (2011), make_moons"
    }

    fn licence(&self) -> &'static str {
        "generated, no rights reserved"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::generated::assert_first;

    /// Without noise, the upper moon is on the upper half of the circle around (0, 0). The lower one is on the lower
    /// half of the circle around (1, ½). Both radii are 1.
    #[test]
    fn moons_are_half_circles() {
        let samples = Moons { noise: 0.0, ..Moons::default() }.samples(&[]).unwrap();
        for (index, row) in samples.features.to_array().rows().into_iter().enumerate() {
            let [x, y, sign] = [[0.0, 0.0, 1.0], [1.0, 0.5, -1.0]][index % 2];
            assert!((libm::hypot(row[0] - x, row[1] - y) - 1.0).abs() < 1e-15, "{row}");
            assert!(sign * (row[1] - y) >= 0.0, "{row}");
        }
    }

    /// Numbers from `tests/oracle/generated.json`.
    #[test]
    fn equals_a_second_implementation() {
        let samples = Moons { seed: 5, ..Moons::default() }.samples(&[]).unwrap();
        assert_first(&samples, "moons");
    }
}
