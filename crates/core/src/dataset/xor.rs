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
        Ok(Samples {
            features,
            targets: Targets::Classes { labels: vec![0, 1, 1, 0], count: 2 },
            official_test: 0,
        })
    }

    fn citation(&self) -> &'static str {
        "M. Minsky and S. Papert, Perceptrons, MIT Press (1969)"
    }

    fn licence(&self) -> &'static str {
        "generated, no rights reserved"
    }
}
