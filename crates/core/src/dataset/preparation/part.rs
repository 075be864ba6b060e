//! The training, validation and test set of a data set.

use super::Preparation;
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
}

/// One set, in the precision of a run.
#[derive(Debug, Clone)]
pub struct Part<F> {
    /// `[n, n_in]`, row-major.
    pub features: Vec<F>,
    /// `[n, n_out]`, row-major. For two classes and one unit: one column of 0 and 1. For other classes: one column per
    /// class, with 1 for the sample's own.
    pub targets: Vec<F>,
    /// Whether the targets are classes.
    pub is_classification: bool,
    pub(super) samples: usize,
}

impl<F: Element> Part<F> {
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
