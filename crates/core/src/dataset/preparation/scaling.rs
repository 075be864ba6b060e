//! Shifts and factors of features, fitted on the training set.

use super::filling::Filled;
use crate::simd::{BLOCK, Pairwise};

/// Mean and variance of each feature over some rows.
pub(super) struct Moments {
    /// Rows.
    samples: f64,
    /// `1/n · Σ x`; exactly the value of a constant feature.
    pub(super) means: Vec<f64>,
    /// `σ² = 1/n · Σ (x − mean)²`
    variances: Vec<f64>,
}

impl Moments {
    /// Computes a first mean, then mean and variance of the distances from it. This corrects the rounding of the first
    /// mean (Chan, Golub and LeVeque, *Algorithms for computing the sample variance*, 1983).
    pub(super) fn of(features: Filled<'_>, rows: &[usize]) -> Self {
        let n = rows.len() as f64;
        let mut means = column_sums(features, rows, |_, x| x);
        means.iter_mut().for_each(|mean| *mean /= n);
        let distances = column_sums(features, rows, |column, x| x - means[column]);
        let squares = column_sums(features, rows, |column, x| (x - means[column]) * (x - means[column]));
        let variance = |(distance, square): (&f64, &f64)| (square - distance * distance / n) / n;
        let variances = distances.iter().zip(&squares).map(variance);
        let variances = variances.map(|x| if x < 0.0 { 0.0 } else { x }).collect();
        means.iter_mut().zip(&distances).for_each(|(mean, distance)| *mean += distance / n);
        Self { samples: n, means, variances }
    }

    /// The first feature whose mean or variance is not finite.
    pub(super) fn overflow(&self) -> Option<usize> {
        let is_finite = |(mean, variance): (&f64, &f64)| mean.is_finite() && variance.is_finite();
        self.means.iter().zip(&self.variances).position(|pair| !is_finite(pair))
    }

    /// Whether a feature varies only by rounding: `σ² ≤ n·ε·σ² + (n·ε·mean)²`, the bound by Chan, Golub and LeVeque on
    /// the error of a computed variance, as in scikit-learn.
    pub(super) fn is_constant(&self, feature: usize) -> bool {
        let (mean, variance) = (self.means[feature], self.variances[feature]);
        let rounding = self.samples * f64::EPSILON;
        variance <= rounding * variance + (rounding * mean) * (rounding * mean)
    }

    /// 1/σ of each feature; 1 for constant features.
    pub(super) fn inverse_deviations(&self) -> Vec<f64> {
        let factor = |feature: usize| {
            if self.is_constant(feature) { 1.0 } else { 1.0 / self.variances[feature].sqrt() }
        };
        (0..self.means.len()).map(factor).collect()
    }

    /// The minimum of each feature over `rows` and 1/(maximum − minimum), which scale it to [0, 1]. The factor of a
    /// constant feature is 1.
    pub(super) fn ranges(&self, features: Filled<'_>, rows: &[usize]) -> (Vec<f64>, Vec<f64>) {
        let mut room = Vec::new();
        let mut least = features.row(rows[0], &mut room).to_vec();
        let mut greatest = least.clone();
        for &row in rows {
            for ((least, greatest), &x) in
                least.iter_mut().zip(&mut greatest).zip(features.row(row, &mut room))
            {
                (*least, *greatest) = (least.min(x), greatest.max(x));
            }
        }
        let factor = |feature: usize| {
            if self.is_constant(feature) { 1.0 } else { 1.0 / (greatest[feature] - least[feature]) }
        };
        let factors = (0..least.len()).map(factor).collect();
        (least, factors)
    }
}

/// `Σ term(column, x)` of each column over `rows`, in blocks that are added pairwise.
fn column_sums(features: Filled<'_>, rows: &[usize], term: impl Fn(usize, f64) -> f64) -> Vec<f64> {
    let mut totals = vec![Pairwise::new(); features.ncols()];
    let (mut block, mut room) = (vec![0.0; features.ncols()], Vec::new());
    for rows in rows.chunks(BLOCK) {
        block.fill(0.0);
        for &row in rows {
            for (column, (sum, &x)) in block.iter_mut().zip(features.row(row, &mut room)).enumerate() {
                *sum += term(column, x);
            }
        }
        totals.iter_mut().zip(&block).for_each(|(total, sum)| total.add(*sum));
    }
    totals.iter().map(Pairwise::total).collect()
}
