//! The QR decomposition.

use super::reflection::Reflection;
use crate::cancel::{Cancel, Cancelled};
use ndarray::{Array2, ArrayView2};

/// A matrix `[n, m]`, n ≥ m, as a product `Q·R`.
#[derive(Debug, Clone, PartialEq)]
pub struct Qr {
    /// Q, `[n, m]`, with orthonormal columns.
    pub q: Array2<f64>,
    /// R, `[m, m]`, upper triangular. Its diagonal may be negative or 0.
    pub r: Array2<f64>,
}

/// The QR decomposition by Householder reflections. Columns of Q are orthonormal for any rank of the matrix, which may
/// have columns of zeros.
///
/// Source: Householder, *Unitary triangularization of a nonsymmetric matrix* (1958); Golub and Van Loan, *Matrix
/// computations* (2013), algorithm 5.2.1.
///
/// # Errors
/// If it is cancelled.
///
/// # Panics
/// If the matrix has more columns than rows.
pub fn qr(matrix: ArrayView2<'_, f64>, cancel: &Cancel<'_>) -> Result<Qr, Cancelled> {
    let (n, m) = matrix.dim();
    assert!(n >= m, "a matrix of {n} rows has no {m} orthonormal columns");
    let mut upper: Vec<f64> = matrix.iter().copied().collect();
    let reflections: Vec<_> =
        (0..m).map(|k| eliminate(&mut upper, m, k, cancel)).collect::<Result<_, _>>()?;
    let mut q = vec![0.0; n * m];
    q.iter_mut().step_by(m + 1).take(m).for_each(|diagonal| *diagonal = 1.0);
    for (k, reflection) in reflections.iter().enumerate().rev() {
        reflection.apply(&mut q[k * m..], m, k, cancel)?;
    }
    Ok(Qr {
        q: Array2::from_shape_vec((n, m), q).expect("Q has the shape of the matrix"),
        r: Array2::from_shape_fn((m, m), |(i, j)| if i <= j { upper[i * m + j] } else { 0.0 }),
    })
}

/// Reflects the rows from `k` on so that column `k` ends at the diagonal. The entries below the diagonal are not
/// written.
fn eliminate(upper: &mut [f64], m: usize, k: usize, cancel: &Cancel<'_>) -> Result<Reflection, Cancelled> {
    let column = upper[k * m + k..].iter().step_by(m).copied().collect();
    let (reflection, diagonal) = Reflection::of(column);
    reflection.apply(&mut upper[k * m..], m, k + 1, cancel)?;
    upper[k * m + k] = diagonal;
    Ok(reflection)
}
