//! What is done to features, fitted on the training part.

use super::scaling::{inverse_deviations, means, ranges};
use crate::settings::DataSettings;
use ndarray::{Array2, ArrayView2};

/// `x ← (x − shift) · factor`, feature by feature: fitted on the training part, and used on any other data.
#[derive(Debug, Clone, PartialEq)]
pub struct Preparation {
    /// Subtracted from each feature, `[n_in]`.
    pub shift: Vec<f64>,
    /// What each feature is then multiplied by, `[n_in]`.
    pub factor: Vec<f64>,
}

impl Preparation {
    /// Fits what the settings ask for on some rows of `features`, `[n, n_in]`.
    pub fn fit(features: ArrayView2<'_, f64>, rows: &[usize], settings: &DataSettings) -> Self {
        let width = features.ncols();
        let (shift, factor) = if settings.standardize {
            let means = means(features, rows);
            let factors = inverse_deviations(features, rows, &means);
            (means, factors)
        } else if settings.min_max {
            ranges(features, rows)
        } else {
            (vec![0.0; width], vec![1.0; width])
        };
        Self { shift, factor }
    }

    /// The prepared features, `[n, n_in]`.
    ///
    /// # Panics
    /// If they have another width than those it was fitted on.
    pub fn apply(&self, features: ArrayView2<'_, f64>) -> Array2<f64> {
        let rows: Vec<usize> = (0..features.nrows()).collect();
        let mut prepared = Vec::with_capacity(features.len());
        self.visit(features, &rows, |x| prepared.push(x));
        Array2::from_shape_vec(features.dim(), prepared).expect("as many numbers as there were")
    }

    /// Shows the prepared features of some rows, row by row.
    pub(super) fn visit(&self, features: ArrayView2<'_, f64>, rows: &[usize], mut show: impl FnMut(f64)) {
        assert_eq!(features.ncols(), self.shift.len(), "features of the width that was fitted");
        for &row in rows {
            let entries = features.row(row).into_iter().zip(&self.shift).zip(&self.factor);
            entries.for_each(|((x, shift), factor)| show((x - shift) * factor));
        }
    }
}
