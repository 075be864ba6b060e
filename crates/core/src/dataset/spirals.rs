use super::{DatasetSource, Samples, Targets, generated};
use crate::error::DataError;
use crate::registry::Range;
use crate::seed::{Purpose, Stream};
use ndarray::Array2;

crate::item! {
    /// Interleaved spirals in the plane, one per class. Generated.
    ///
    /// Sample i belongs to class c = i mod k. With t drawn uniformly from [0, 1): radius t, angle 2π·(turns·t + c/k),
    /// both coordinates with normal noise added.
    ///
    /// - Features: 2, coordinates in about [−1, 1]
    /// - Targets: k classes
    /// - Source: Lang and Witbrock, *Learning to tell two spirals apart* (1988), with random points
    Spirals = "spirals" {
        /// Number of samples.
        samples: u64 = 500, Range::closed(2.0, 1e7);
        /// k, the number of spirals.
        classes: u64 = 2, Range::closed(2.0, 100.0);
        /// Turns of a spiral around the origin.
        turns: f64 = 1.5, Range::NON_NEGATIVE;
        /// Standard deviation of the noise of a coordinate.
        noise: f64 = 0.02, Range::NON_NEGATIVE;
        /// Seed of the samples.
        seed: u64 = 0, Range::at_least(0.0);
    }
}

impl DatasetSource for Spirals {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let (n, width) = generated::check_size("spirals", self.samples, 2)?;
        let mut stream = Stream::new(self.seed, Purpose::Generate, 0, 0);
        let labels: Vec<u32> = (0..self.samples).map(|i| (i % self.classes) as u32).collect();
        let mut features = Array2::zeros((n, width));
        for (mut row, &label) in features.rows_mut().into_iter().zip(&labels) {
            let t = stream.uniform();
            let angle = std::f64::consts::TAU * (self.turns * t + f64::from(label) / self.classes as f64);
            row[0] = t * libm::cos(angle) + self.noise * stream.normal();
            row[1] = t * libm::sin(angle) + self.noise * stream.normal();
        }
        let targets = Targets::Classes { labels, count: self.classes as usize };
        Ok(Samples::new(features, targets))
    }

    fn citation(&self) -> &'static str {
        "K. J. Lang and M. J. Witbrock, Learning to tell two spirals apart, Proc. Connectionist Models Summer School (1988)"
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
        let samples = Spirals { seed: 5, ..Spirals::default() }.samples(&[]).unwrap();
        assert_first(&samples, "spirals");
    }

    /// Without noise and turns, class 0 of two is on the positive x axis and class 1 on the negative.
    #[test]
    fn straight_spirals_are_rays() {
        let rays = Spirals { turns: 0.0, noise: 0.0, samples: 20, ..Spirals::default() };
        let samples = rays.samples(&[]).unwrap();
        for (index, row) in samples.features.to_array().rows().into_iter().enumerate() {
            assert!(row[1].abs() < 1e-15 && (row[0] >= 0.0) == (index % 2 == 0), "{row}");
        }
    }
}
