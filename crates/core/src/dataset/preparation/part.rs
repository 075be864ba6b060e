//! The training, validation and test set of a data set.

use super::{Preparation, TargetScale};
use crate::real::Element;
use ndarray::ArrayView2;

/// Training, validation and test set of a data set.
#[derive(Debug, Clone)]
pub struct Parts<F> {
    /// The set that networks are trained on.
    pub train: Part<F>,
    /// The set that settings are chosen by, if there is one.
    pub validation: Option<Part<F>>,
    /// The set for the final measurement, if there is one.
    pub test: Option<Part<F>>,
    /// Whether the targets are classes.
    pub is_classification: bool,
    /// The preparation of the features.
    pub preparation: Preparation,
    /// The scale of the targets.
    pub target_scale: TargetScale,
}

/// One set, in the precision of a run.
#[derive(Debug, Clone)]
pub struct Part<F> {
    /// `[n, n_in]`, row-major.
    pub features: Vec<F>,
    /// `[n, n_out]`, row-major, on the scale of [`TargetScale`]. For two classes and one unit: one column of 0 and 1. For
    /// other classes: one column per class, with 1 for the sample's own.
    pub targets: Vec<F>,
    /// Whether the targets are classes.
    pub is_classification: bool,
    pub(super) samples: usize,
    /// The number at which a single output predicts class 1.
    pub(super) threshold: F,
    /// The unit of each regression target, in which 1 is trained on.
    units: Vec<f64>,
}

impl<F: Element> Part<F> {
    /// A set to which features and targets are still to be added.
    pub(super) fn without_numbers(samples: usize, is_classification: bool, scale: &TargetScale) -> Self {
        Self {
            features: Vec::new(),
            targets: Vec::new(),
            is_classification,
            samples,
            threshold: F::from_f64(scale.threshold()),
            units: scale.unit.clone(),
        }
    }

    /// The class of a row of outputs or targets. With several entries it is the largest one (the first of equals); a
    /// single entry means class 1 if it is at least half-way between the targets of the two classes.
    pub fn class(&self, row: &[F]) -> usize {
        if let [single] = row {
            return usize::from(*single >= self.threshold);
        }
        let mut best = 0;
        for (index, value) in row.iter().enumerate() {
            if *value > row[best] {
                best = index;
            }
        }
        best
    }

    /// The size, in the unit of the data set, of 1 in the numbers of a regression target.
    pub fn target_unit(&self, target: usize) -> f64 {
        self.units[target]
    }

    /// Number of samples.
    #[expect(clippy::len_without_is_empty, reason = "no part is empty: `prepare` refuses to make one")]
    pub fn len(&self) -> usize {
        self.samples
    }

    /// Width of the inputs.
    pub fn n_in(&self) -> usize {
        self.features.len() / self.samples
    }

    /// Width of the targets.
    pub fn n_out(&self) -> usize {
        self.targets.len() / self.samples
    }

    /// Features as a matrix.
    pub fn features_view(&self) -> ArrayView2<'_, F> {
        ArrayView2::from_shape((self.samples, self.n_in()), &self.features).expect("rows of equal width")
    }

    /// Targets as a matrix.
    pub fn targets_view(&self) -> ArrayView2<'_, F> {
        ArrayView2::from_shape((self.samples, self.n_out()), &self.targets).expect("rows of equal width")
    }
}
