//! A symmetric matrix brought to tridiagonal form.

use super::reflection::{Reflection, add_scaled, passes};
use crate::cancel::{Cancel, Cancelled};
use crate::simd::vectorized;

/// `A = Q·T·Qᵀ` for a symmetric A, `[n, n]`, with T tridiagonal.
pub(super) struct Tridiagonal {
    /// The diagonal of T.
    pub(super) diagonal: Vec<f64>,
    /// The n − 1 entries beside it, and a 0.
    pub(super) beside: Vec<f64>,
    /// Qᵀ, row-major: the columns of Q, one after the other.
    pub(super) columns: Vec<f64>,
}

/// The tridiagonal form by Householder reflections of rows and columns.
///
/// Source: Householder, in the form of Martin, Reinsch and Wilkinson, *Householder's tridiagonalization of a symmetric
/// matrix* (1968); Golub and Van Loan, *Matrix computations* (2013), algorithm 8.3.1.
pub(super) fn tridiagonal(
    mut matrix: Vec<f64>,
    n: usize,
    cancel: &Cancel<'_>,
) -> Result<Tridiagonal, Cancelled> {
    let mut beside = Vec::with_capacity(n);
    let mut reflections = Vec::with_capacity(n);
    for k in 0..n.saturating_sub(1) {
        // The matrix stays symmetric to the bit, so the row is the column.
        let (reflection, next) = Reflection::of(matrix[k * n + k + 1..(k + 1) * n].to_vec());
        reflect_both_sides(&mut matrix[(k + 1) * n..], n, k + 1, &reflection);
        cancel.after(passes(n - k, n - k))?;
        beside.push(next);
        reflections.push(reflection);
    }
    beside.push(0.0);
    let diagonal = matrix.iter().step_by(n + 1).copied().collect();
    Ok(Tridiagonal { diagonal, beside, columns: columns(&reflections, n, cancel)? })
}

/// `S ← H·S·H` for the block S of `rows` from column `first` on: `S − v·wᵀ − w·vᵀ` with `p = τ·S·v` and
/// `w = p − (τ/2)·(pᵀ·v)·v`.
fn reflect_both_sides(rows: &mut [f64], width: usize, first: usize, reflection: &Reflection) {
    let Reflection { vector, tau } = reflection;
    if *tau == 0.0 {
        return;
    }
    let mut w = vec![0.0; vector.len()];
    vectorized(
        #[inline(always)]
        || {
            for (row, &v) in rows.chunks_exact(width).zip(vector) {
                add_scaled(&mut w, tau * v, &row[first..]);
            }
            let half = 0.5 * tau * w.iter().zip(vector).map(|(p, v)| p * v).sum::<f64>();
            add_scaled(&mut w, -half, vector);
            for (row, (&v_i, &w_i)) in rows.chunks_exact_mut(width).zip(vector.iter().zip(&w)) {
                for (entry, (&v_j, &w_j)) in row[first..].iter_mut().zip(vector.iter().zip(&w)) {
                    *entry -= v_i * w_j + w_i * v_j;
                }
            }
        },
    );
}

/// The columns of Q, the product of the reflections from the first to the last.
fn columns(reflections: &[Reflection], n: usize, cancel: &Cancel<'_>) -> Result<Vec<f64>, Cancelled> {
    let mut q = vec![0.0; n * n];
    q.iter_mut().step_by(n + 1).for_each(|diagonal| *diagonal = 1.0);
    for (k, reflection) in reflections.iter().enumerate().rev() {
        reflection.apply(&mut q[(k + 1) * n..], n, k + 1, cancel)?;
    }
    Ok((0..n * n).map(|index| q[index % n * n + index / n]).collect())
}
