//! LAPACK computations that never affect a weight: closed-form solutions for comparison with experiments, and singular
//! values.
//!
//! OpenBLAS gives different bits on different processors, so training code must not use it. It is part of the feature
//! `lapack`.

use ndarray::{Array2, ArrayView2, Axis, concatenate};
use ndarray_linalg::{EigValsh, JobSvd, LeastSquaresSvd, SVDDCInto, UPLO};
use thiserror::Error;

/// Whether this build has LAPACK.
pub const IS_AVAILABLE: bool = true;

/// LAPACK could not solve the problem.
#[derive(Debug, Error)]
pub enum LinalgError {
    /// A least-squares problem.
    #[error("the least-squares problem could not be solved: {0}")]
    LeastSquares(ndarray_linalg::error::LinalgError),
    /// A singular value decomposition.
    #[error("the singular values could not be found: {0}")]
    SingularValues(ndarray_linalg::error::LinalgError),
    /// The eigenvalues of a symmetric matrix.
    #[error("the eigenvalues could not be found: {0}")]
    Eigenvalues(ndarray_linalg::error::LinalgError),
    /// An entry is infinite or NaN, or a singular value or eigenvalue would be.
    #[error("the matrix or a value computed from it is not finite")]
    NotFinite,
}

/// The minimum of `½ Σ ‖x·W + b − y‖²`: `[n_in + 1, n_out]`, the rows of W and then b. If several minima exist, the one
/// of smallest norm.
///
/// # Errors
/// If the singular value decomposition does not converge, for example for features that are not finite.
pub fn least_squares(
    features: ArrayView2<'_, f64>,
    targets: ArrayView2<'_, f64>,
) -> Result<Array2<f64>, LinalgError> {
    use_one_thread();
    let ones = Array2::ones((features.nrows(), 1));
    let design = concatenate(Axis(1), &[features, ones.view()])
        .expect("a column of ones has as many rows as the features");
    let solved = design.least_squares(&targets.to_owned()).map_err(LinalgError::LeastSquares)?;
    Ok(solved.solution)
}

/// The singular values of `matrix`, `[m, n]`: min(m, n) numbers, the largest first. They are the square roots of the
/// eigenvalues of AᵀA or AAᵀ, whichever is smaller.
///
/// # Errors
/// If an entry or a singular value is infinite or NaN, or the decomposition does not converge.
pub fn singular_values(matrix: ArrayView2<'_, f64>) -> Result<Vec<f64>, LinalgError> {
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return Err(LinalgError::NotFinite);
    }
    use_one_thread();
    let (_, values, _) = matrix.to_owned().svddc_into(JobSvd::None).map_err(LinalgError::SingularValues)?;
    let mut values = values.to_vec();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(LinalgError::NotFinite);
    }
    values.sort_by(|a, b| b.total_cmp(a));
    Ok(values)
}

/// The eigenvalues of a symmetric `matrix`, `[n, n]`, the largest first. Only the lower triangle is read.
///
/// # Errors
/// If an entry or an eigenvalue is infinite or NaN, the matrix is not square, or the decomposition does not converge.
pub fn symmetric_eigenvalues(matrix: ArrayView2<'_, f64>) -> Result<Vec<f64>, LinalgError> {
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return Err(LinalgError::NotFinite);
    }
    use_one_thread();
    let mut values = matrix.eigvalsh(UPLO::Lower).map_err(LinalgError::Eigenvalues)?.to_vec();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(LinalgError::NotFinite);
    }
    values.sort_by(|a, b| b.total_cmp(a));
    Ok(values)
}

/// Limits OpenBLAS to one thread, because its own threads would compete with the threads of the runs. The serial
/// library does not have this function.
fn use_one_thread() {
    #[cfg(threaded_openblas)]
    {
        unsafe extern "C" {
            fn openblas_set_num_threads(threads: std::ffi::c_int);
        }
        static ONCE: std::sync::Once = std::sync::Once::new();
        // SAFETY: a function of the linked OpenBLAS that takes an int and sets a global number, called before any
        // other.
        ONCE.call_once(|| unsafe { openblas_set_num_threads(1) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::to_the_end;
    use crate::decomposition::symmetric_eigen;
    use crate::seed::{Purpose, Stream};
    use ndarray::array;

    /// The line through (0, 1), (1, 3), (2, 5) is y = 2x + 1.
    #[test]
    fn a_line_through_three_points() {
        let solution =
            least_squares(array![[0.0], [1.0], [2.0]].view(), array![[1.0], [3.0], [5.0]].view()).unwrap();
        assert!((solution[[0, 0]] - 2.0).abs() < 1e-12 && (solution[[1, 0]] - 1.0).abs() < 1e-12);
    }

    /// (0, 0), (1, 0), (2, 3): the slope is Σ(x − x̄)(y − ȳ)/Σ(x − x̄)² = 3/2, the intercept 1 − 3/2 = −1/2.
    #[test]
    fn a_line_between_three_points() {
        let solution =
            least_squares(array![[0.0], [1.0], [2.0]].view(), array![[0.0], [0.0], [3.0]].view()).unwrap();
        assert!((solution[[0, 0]] - 1.5).abs() < 1e-12 && (solution[[1, 0]] + 0.5).abs() < 1e-12);
    }

    #[track_caller]
    fn assert_values(matrix: &Array2<f64>, expected: &[f64]) {
        let values = singular_values(matrix.view()).unwrap();
        assert_eq!(values.len(), expected.len());
        let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12 * expected[0].max(1.0);
        assert!(values.iter().zip(expected).all(close), "{values:?} is not {expected:?}");
    }

    /// The singular values of a diagonal matrix are the magnitudes of its entries.
    ///
    /// For A = [[3, 2, 2], [2, 3, −2]], AAᵀ = [[17, 8], [8, 17]] has the eigenvalues 17 ± 8 = 25 and 9.
    #[test]
    fn singular_values_by_hand() {
        assert_values(&array![[2.0, 0.0], [0.0, -3.0]], &[3.0, 2.0]);
        let wide = array![[3.0, 2.0, 2.0], [2.0, 3.0, -2.0]];
        assert_values(&wide, &[5.0, 3.0]);
        assert_values(&wide.t().to_owned(), &[5.0, 3.0]);
        assert_values(&Array2::zeros((2, 4)), &[0.0, 0.0]);
    }

    #[test]
    fn singular_values_are_roots_of_eigenvalues() {
        let mut stream = Stream::new(3, Purpose::Weights, 0, 0);
        for shape in [(1, 1), (5, 3), (3, 5), (20, 20), (40, 7)] {
            let a = Array2::from_shape_simple_fn(shape, || stream.normal());
            let gram = if shape.0 < shape.1 { a.dot(&a.t()) } else { a.t().dot(&a) };
            let roots: Vec<_> = to_the_end(|cancel| symmetric_eigen(gram.view(), cancel))
                .values
                .iter()
                .map(|value| value.max(0.0).sqrt())
                .collect();
            let values = singular_values(a.view()).unwrap();
            assert!(values.is_sorted_by(|a, b| a >= b) && values.len() == roots.len());
            // A square root doubles the digits lost if a singular value is small compared with the largest.
            let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-10 * roots[0];
            assert!(values.iter().zip(&roots).all(close), "{shape:?}: {values:?} {roots:?}");
        }
    }

    /// [[2, 1], [1, 2]] has 2 ± 1; larger matrices compare LAPACK with our own QL algorithm.
    #[test]
    fn eigenvalues_by_hand_and_by_our_own_algorithm() {
        let values = symmetric_eigenvalues(array![[2.0, 1.0], [1.0, 2.0]].view()).unwrap();
        assert!((values[0] - 3.0).abs() < 1e-14 && (values[1] - 1.0).abs() < 1e-14, "{values:?}");
        let mut stream = Stream::new(3, Purpose::Weights, 0, 0);
        let a = Array2::from_shape_simple_fn((25, 25), || stream.normal());
        let symmetric = &a + &a.t();
        let (ours, theirs) = (
            to_the_end(|cancel| symmetric_eigen(symmetric.view(), cancel)).values,
            symmetric_eigenvalues(symmetric.view()).unwrap(),
        );
        assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-12 * theirs[0]));
        assert!(matches!(symmetric_eigenvalues(array![[f64::NAN]].view()), Err(LinalgError::NotFinite)));
    }

    #[test]
    fn what_is_not_finite_has_no_singular_values() {
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(matches!(singular_values(array![[1.0, bad]].view()), Err(LinalgError::NotFinite)));
        }
        // The largest would be √2 · 1.7e308.
        let huge = array![[1.7e308, 0.0], [1.7e308, 0.0]];
        assert!(singular_values(huge.view()).is_err());
    }
}
