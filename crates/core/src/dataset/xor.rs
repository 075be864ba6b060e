use super::{DatasetSource, Samples, Targets};
use crate::error::DataError;
use ndarray::array;

crate::item! {
    /// Exclusive or: the four corners of the unit square, the smallest problem that needs a hidden layer. Generated.
    ///
    /// - Features: 2, each 0 or 1
    /// - Targets: 2 classes: 1 where exactly one feature is 1
    /// - Source: Minsky and Papert, *Perceptrons* (1969)
    Xor = "xor" {}
}

impl DatasetSource for Xor {
    fn samples(&self, _files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let features = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
        Ok(Samples::new(features, Targets::Classes { labels: vec![0, 1, 1, 0], count: 2 }))
    }

    fn citation(&self) -> &'static str {
        "M. Minsky and S. Papert, Perceptrons, MIT Press (1969)"
    }

    fn licence(&self) -> &'static str {
        "generated, no rights reserved"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The class is the first feature xor the second, and all samples differ.
    #[test]
    fn classes_are_the_exclusive_or() {
        let samples = Xor::default().samples(&[]).unwrap();
        let Targets::Classes { labels, count: 2 } = samples.targets else { panic!("two classes") };
        let features = samples.features.to_array();
        let numbers = features.rows().into_iter().map(|row| (row[0] as u32, row[1] as u32));
        let mut numbers: Vec<_> = numbers.collect();
        assert!(numbers.iter().zip(labels).all(|((a, b), label)| a ^ b == label));
        numbers.sort_unstable();
        assert_eq!(numbers, [(0, 0), (0, 1), (1, 0), (1, 1)]);
    }
}
