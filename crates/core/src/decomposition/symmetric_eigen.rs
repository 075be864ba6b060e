//! Eigenvalues and eigenvectors of symmetric matrices.

use super::reflection::{largest, passes};
use super::tridiagonal::{Tridiagonal, tridiagonal};
use crate::cancel::{Cancel, Cancelled};
use crate::simd::vectorized;
use ndarray::{Array2, ArrayView2};

/// `A·V = V·Λ` for a symmetric matrix A, `[n, n]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigen {
    /// The eigenvalues, from the largest to the smallest.
    pub values: Vec<f64>,
    /// V, `[n, n]`: column j is the eigenvector of `values[j]`. Columns are orthonormal. In each, the entry of the
    /// largest magnitude (the first of several) is positive.
    pub vectors: Array2<f64>,
}

/// The eigenvalues and eigenvectors of a real symmetric matrix. Only the lower triangle is read. The algorithm is
/// Householder's tridiagonal form, then implicit QL. Errors are small compared with the largest eigenvalue. An
/// eigenvector that is a unit vector, as for a row of zeros, is exact. If an entry is infinite or NaN, the whole result
/// is NaN.
///
/// # Errors
/// If it is cancelled.
///
/// # Panics
/// If the matrix is not square.
pub fn symmetric_eigen(matrix: ArrayView2<'_, f64>, cancel: &Cancel<'_>) -> Result<Eigen, Cancelled> {
    let n = matrix.nrows();
    assert_eq!(n, matrix.ncols(), "eigenvalues need a square matrix");
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return Ok(Eigen { values: vec![f64::NAN; n], vectors: Array2::from_elem((n, n), f64::NAN) });
    }
    let lower = |i: usize, j: usize| matrix[[i.max(j), i.min(j)]];
    let (coupled, alone): (Vec<usize>, Vec<usize>) =
        (0..n).partition(|&i| (0..n).any(|j| i != j && lower(i, j) != 0.0));
    let block = coupled.iter().flat_map(|&i| coupled.iter().map(move |&j| lower(i, j))).collect();
    let mut pairs: Vec<_> = alone.iter().map(|&i| (lower(i, i), spread(&[i], &[1.0], n))).collect();
    pairs.extend(
        eigen_pairs(block, coupled.len(), cancel)?
            .map(|(value, vector)| (value, spread(&coupled, &vector, n))),
    );
    pairs.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(Eigen {
        values: pairs.iter().map(|(value, _)| *value).collect(),
        vectors: Array2::from_shape_fn((n, n), |(row, column)| pairs[column].1[row]),
    })
}

/// A vector of `n` entries with `entries` at `places`, signed so that its largest entry is positive.
fn spread(places: &[usize], entries: &[f64], n: usize) -> Vec<f64> {
    let size = largest(entries);
    let sign = entries.iter().find(|entry| entry.abs() == size).map_or(1.0, |entry| entry.signum());
    let mut vector = vec![0.0; n];
    places.iter().zip(entries).for_each(|(&place, entry)| vector[place] = sign * entry);
    vector
}

/// Every eigenvalue of a symmetric matrix with its eigenvector.
fn eigen_pairs(
    mut matrix: Vec<f64>,
    n: usize,
    cancel: &Cancel<'_>,
) -> Result<impl Iterator<Item = (f64, Vec<f64>)>, Cancelled> {
    // Scaled to about 1 by a power of 2, which is exact: squares then neither overflow nor vanish.
    let exponent = libm::frexp(largest(&matrix)).1;
    matrix.iter_mut().for_each(|entry| *entry = libm::ldexp(*entry, -exponent));
    let mut form = tridiagonal(matrix, n, cancel)?;
    diagonalize(&mut form, cancel)?;
    let Tridiagonal { diagonal, columns, .. } = form;
    Ok((0..n).map(move |i| (libm::ldexp(diagonal[i], exponent), columns[i * n..(i + 1) * n].to_vec())))
}

/// Makes T diagonal and the columns of Q eigenvectors: eigenvalue after eigenvalue, from the first.
///
/// Source: Dubrulle, Martin and Wilkinson, *The implicit QL algorithm* (1968).
fn diagonalize(form: &mut Tridiagonal, cancel: &Cancel<'_>) -> Result<(), Cancelled> {
    let n = form.diagonal.len();
    let negligible = f64::EPSILON * (largest(&form.diagonal) + largest(&form.beside));
    for first in 0..n {
        loop {
            let goes_on = |i: usize| form.beside[i].abs() > negligible;
            let last = (first..n).find(|&i| !goes_on(i)).unwrap_or(first);
            if last == first {
                break;
            }
            ql_step(form, first, last);
            cancel.after(passes(last - first, n))?;
        }
    }
    Ok(())
}

/// One QL step with Wilkinson's shift on the block from `first` to `last`. It rotates each pair of neighbours, from the
/// last to the first. Each rotation moves the entry that the previous one created beside the tridiagonal.
fn ql_step(form: &mut Tridiagonal, first: usize, last: usize) {
    let Tridiagonal { diagonal: d, beside: e, columns } = form;
    let n = d.len();
    let half_gap = (d[first + 1] - d[first]) / (2.0 * e[first]);
    let shift = d[first] - e[first] / (half_gap + libm::hypot(half_gap, 1.0).copysign(half_gap));
    let (mut sine, mut cosine, mut moved) = (1.0, 1.0, 0.0);
    let mut pivot = d[last] - shift;
    e[last] = 0.0;
    for i in (first..last).rev() {
        let (outside, inside) = (sine * e[i], cosine * e[i]);
        let radius = libm::hypot(outside, pivot);
        if i + 1 < last {
            e[i + 1] = radius;
        }
        if radius == 0.0 {
            // The block splits here; the part above gets its own step.
            d[i + 1] -= moved;
            return;
        }
        (sine, cosine) = (outside / radius, pivot / radius);
        let corner = d[i + 1] - moved;
        let turn = (d[i] - corner) * sine + 2.0 * cosine * inside;
        moved = sine * turn;
        d[i + 1] = corner + moved;
        pivot = cosine * turn - inside;
        let (upper, lower) = columns[i * n..(i + 2) * n].split_at_mut(n);
        rotate(upper, lower, sine, cosine);
    }
    d[first] -= moved;
    e[first] = pivot;
}

/// `(a, b) ← (c·a − s·b, s·a + c·b)`
fn rotate(a: &mut [f64], b: &mut [f64], sine: f64, cosine: f64) {
    vectorized(
        #[inline(always)]
        || {
            for (a, b) in a.iter_mut().zip(b) {
                (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
            }
        },
    );
}
