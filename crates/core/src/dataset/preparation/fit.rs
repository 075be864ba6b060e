//! The preparation of features, fitted on the training set.

use super::filling::{Filled, medians, row_of};
use super::scaling::Moments;
use super::whitening::rotation;
use crate::cancel::{Cancel, Cancelled, DRAW, MULTIPLY_ADDS, to_the_end};
use crate::dataset::{DataSettings, Features, Samples, Whitening};
use crate::product::{self, Shape};
use ndarray::Array2;

/// Rows per matrix product.
const BLOCK: usize = 1024;

/// Why no preparation was fitted.
pub(super) enum Unfit {
    /// The mean or the variance of a feature, counted from 0, is too large.
    Overflow { feature: usize },
    /// The work was cancelled.
    Cancelled(Cancelled),
}

impl From<Cancelled> for Unfit {
    fn from(cancelled: Cancelled) -> Self {
        Self::Cancelled(cancelled)
    }
}

/// A missing x becomes `fill`; then `x ← (x − shift) ∘ factor`, feature by feature, then `x ← x·W` if there is a rotation. It is fitted on the training
/// set and applied to any data.
#[derive(Debug, Clone, PartialEq)]
pub struct Preparation {
    /// The replacement of each missing feature: its median over the training set, `[n_in]`. Empty if the source is
    /// not a table.
    pub fill: Vec<f64>,
    /// Subtracted from each feature, `[n_in]`.
    pub shift: Vec<f64>,
    /// The factor that then multiplies each feature, `[n_in]`.
    pub factor: Vec<f64>,
    /// W, `[n_in, n_in]`, for whitening.
    pub rotation: Option<Array2<f64>>,
}

impl Preparation {
    /// Fits the preparation in the settings on some rows of the features, `[n, n_in]`. Indicators are not scaled.
    ///
    /// # Errors
    /// If a feature's mean or variance is too large, or the work is cancelled.
    pub(super) fn fit(
        samples: &Samples,
        rows: &[usize],
        settings: &DataSettings,
        cancel: &Cancel<'_>,
    ) -> Result<Self, Unfit> {
        let (features, width) = (&samples.features, samples.features.ncols());
        // Only tables have missing numbers, and they have names. New rows may lack numbers even if these rows lack none.
        let is_table = !samples.inputs.is_empty();
        let fill = if is_table { medians(features, rows) } else { Vec::new() };
        let features = Filled { features, fill: &fill };
        let whitens = settings.whitening != Whitening::None;
        if !(settings.standardize || settings.min_max || whitens) {
            return Ok(Self { fill, shift: vec![0.0; width], factor: vec![1.0; width], rotation: None });
        }
        let moments = Moments::of(features, rows);
        if let Some(feature) = moments.overflow() {
            return Err(Unfit::Overflow { feature });
        }
        let (mut shift, mut factor) = if settings.standardize {
            (moments.means.clone(), moments.inverse_deviations())
        } else if settings.min_max {
            moments.ranges(features, rows)
        } else {
            (vec![0.0; width], vec![1.0; width])
        };
        for (index, _) in samples.inputs.iter().enumerate().filter(|(_, input)| input.is_indicator) {
            (shift[index], factor[index]) = (0.0, 1.0);
        }
        let mut preparation = Self { fill, shift, factor, rotation: None };
        if whitens {
            preparation.whiten(settings.whitening, &moments, &samples.features, rows, cancel)?;
        }
        Ok(preparation)
    }

    /// Whatever the scaling subtracted, the rotated features have mean 0. A constant feature has no variance to scale
    /// to 1: it becomes 0. Indicators are centred and rotated like all features.
    fn whiten(
        &mut self,
        whitening: Whitening,
        moments: &Moments,
        features: &Features,
        rows: &[usize],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        self.shift.clone_from(&moments.means);
        let constant =
            self.factor.iter_mut().enumerate().filter(|(feature, _)| moments.is_constant(*feature));
        constant.for_each(|(_, factor)| *factor = 0.0);
        let covariance = self.covariance(features, rows, cancel)?;
        self.rotation = rotation(whitening, covariance.view(), cancel)?;
        Ok(())
    }

    /// `C = 1/n · Σ zᵀ·z`, `[n_in, n_in]`, over n rows z, prepared without a rotation.
    fn covariance(
        &self,
        features: &Features,
        rows: &[usize],
        cancel: &Cancel<'_>,
    ) -> Result<Array2<f64>, Cancelled> {
        let width = features.ncols();
        let mut total = Array2::zeros((width, width));
        let mut product = vec![0.0; width * width];
        self.visit_blocks(features, rows, |batch, block| {
            let shape = Shape { batch, n_in: width, n_out: width };
            product::weight_gradient(shape, block, block, &mut product, cancel, |_, _| ())?;
            total.iter_mut().zip(&product).for_each(|(total, product)| *total += product);
            cancel.after((batch * width * width) as u64 / MULTIPLY_ADDS)
        })?;
        Ok(total / rows.len() as f64)
    }

    /// Restores a fitted preparation from its numbers: fill, shift and factor, `[n_in]`, and the rotation,
    /// `[n_in, n_in]`, row-major. `fill` may be empty.
    ///
    /// # Panics
    /// If the rotation does not have that shape.
    pub fn from_numbers(
        fill: Vec<f64>,
        shift: Vec<f64>,
        factor: Vec<f64>,
        rotation: Option<Vec<f64>>,
    ) -> Self {
        let width = shift.len();
        let matrix = |numbers| Array2::from_shape_vec((width, width), numbers).expect("[n_in, n_in]");
        Self { fill, shift, factor, rotation: rotation.map(matrix) }
    }

    /// The prepared features, `[n, n_in]`.
    ///
    /// # Panics
    /// If the number of features differs from the fitted one.
    pub fn apply(&self, features: &Features) -> Array2<f64> {
        let rows: Vec<usize> = (0..features.nrows()).collect();
        let mut prepared = Vec::with_capacity(features.nrows() * features.ncols());
        to_the_end(|cancel| self.visit(features, &rows, cancel, |x| prepared.push(x)));
        Array2::from_shape_vec(features.dim(), prepared).expect("as many numbers as there were")
    }

    /// Passes the prepared features of some rows to `show`, row by row.
    pub(super) fn visit(
        &self,
        features: &Features,
        rows: &[usize],
        cancel: &Cancel<'_>,
        mut show: impl FnMut(f64),
    ) -> Result<(), Cancelled> {
        assert_eq!(features.ncols(), self.shift.len(), "features of the width that was fitted");
        let width = features.ncols();
        // The callback may be as slow as drawing noise.
        let shown = |numbers: usize| cancel.after(numbers as u64 * DRAW);
        let Some(rotation) = &self.rotation else {
            let mut room = Vec::new();
            return rows.iter().try_for_each(|&row| {
                self.scale(row_of(features, &self.fill, row, &mut room), &mut show);
                shown(width)
            });
        };
        let rotation = rotation.as_standard_layout();
        let rotation = rotation.as_slice().expect("rows one by one");
        let mut rotated = Vec::new();
        self.visit_blocks(features, rows, |batch, block| {
            rotated.resize(batch * width, 0.0);
            let shape = Shape { batch, n_in: width, n_out: width };
            product::forward(shape, block, rotation, &mut rotated, cancel, |_, _| ())?;
            rotated.iter().for_each(|&x| show(x));
            shown(rotated.len())
        })
    }

    /// Passes some rows without the rotation, in blocks of (rows, numbers).
    fn visit_blocks(
        &self,
        features: &Features,
        rows: &[usize],
        mut show: impl FnMut(usize, &[f64]) -> Result<(), Cancelled>,
    ) -> Result<(), Cancelled> {
        let mut room = Vec::new();
        let mut block = Vec::with_capacity(rows.len().min(BLOCK) * features.ncols());
        for rows in rows.chunks(BLOCK) {
            block.clear();
            for &row in rows {
                self.scale(row_of(features, &self.fill, row, &mut room), &mut |x| block.push(x));
            }
            show(rows.len(), &block)?;
        }
        Ok(())
    }

    fn scale(&self, row: &[f64], show: &mut impl FnMut(f64)) {
        let entries = row.iter().zip(&self.shift).zip(&self.factor);
        entries.for_each(|((x, shift), factor)| show((x - shift) * factor));
    }
}
