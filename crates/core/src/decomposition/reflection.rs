//! Householder reflections, the building block of both decompositions.

use crate::cancel::{Cancel, Cancelled};
use crate::simd::vectorized;

/// `H = I − τ·v·vᵀ`, symmetric and orthogonal. The identity has τ = 0.
pub(super) struct Reflection {
    /// v; its first entry is 1.
    pub(super) vector: Vec<f64>,
    /// τ
    pub(super) tau: f64,
}

impl Reflection {
    /// The reflection that maps `x` to `(β, 0, …, 0)`, and β. If the entries after the first are 0, it is the identity.
    ///
    /// Source: Golub and Van Loan, *Matrix computations* (2013), section 5.1.3; the sign of β avoids cancellation.
    pub(super) fn of(mut x: Vec<f64>) -> (Self, f64) {
        let head = x[0];
        if x[1..].iter().all(|&entry| entry == 0.0) {
            x[0] = 1.0;
            return (Self { vector: x, tau: 0.0 }, head);
        }
        // Squares of large and small entries would leave the range, so the entries are first scaled to at most 1.
        let largest = largest(&x);
        x.iter_mut().for_each(|entry| *entry /= largest);
        let norm = x.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
        let beta = if x[0] > 0.0 { -norm } else { norm };
        let (tau, pivot) = ((beta - x[0]) / beta, x[0] - beta);
        x.iter_mut().for_each(|entry| *entry /= pivot);
        x[0] = 1.0;
        (Self { vector: x, tau }, beta * largest)
    }

    /// `A ← H·A` for as many rows as v has entries, row-major and `width` wide, from column `first` on.
    pub(super) fn apply(
        &self,
        rows: &mut [f64],
        width: usize,
        first: usize,
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        if self.tau == 0.0 {
            return Ok(());
        }
        let mut products = vec![0.0; width - first];
        vectorized(
            #[inline(always)]
            || {
                for (row, &v) in rows.chunks_exact(width).zip(&self.vector) {
                    add_scaled(&mut products, v, &row[first..]);
                }
                for (row, &v) in rows.chunks_exact_mut(width).zip(&self.vector) {
                    add_scaled(&mut row[first..], -self.tau * v, &products);
                }
            },
        );
        cancel.after(passes(self.vector.len(), width - first))
    }
}

/// The operations that two passes over a matrix report to a [`Cancel`].
pub(super) fn passes(rows: usize, columns: usize) -> u64 {
    (rows * columns / 2) as u64
}

/// `sum ← sum + factor·row`
#[inline(always)]
pub(super) fn add_scaled(sum: &mut [f64], factor: f64, row: &[f64]) {
    for (sum, &entry) in sum.iter_mut().zip(row) {
        *sum += factor * entry;
    }
}

/// The largest magnitude; 0 for an empty slice.
pub(super) fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| if value.abs() > largest { value.abs() } else { largest })
}
