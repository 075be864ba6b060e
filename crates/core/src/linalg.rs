//! What is measured by LAPACK, and never reaches a weight: closed-form solutions that experiments are held against.
//!
//! OpenBLAS gives different bits on different processors, so nothing that trains may use it.

use ndarray::{Array2, ArrayView2, Axis, concatenate};
use ndarray_linalg::LeastSquaresSvd;
use thiserror::Error;

/// LAPACK could not solve the problem.
#[derive(Debug, Error)]
#[error("the least-squares problem could not be solved: {0}")]
pub struct LinalgError(#[from] ndarray_linalg::error::LinalgError);

/// The minimum of `½ Σ ‖x·W + b − y‖²`: `[n_in + 1, n_out]`, the rows of W and then b. Where several minimise it, the one
/// of the smallest norm.
///
/// # Errors
/// If the singular value decomposition does not converge, as for features that are not finite.
pub fn least_squares(
    features: ArrayView2<'_, f64>,
    targets: ArrayView2<'_, f64>,
) -> Result<Array2<f64>, LinalgError> {
    let ones = Array2::ones((features.nrows(), 1));
    let design = concatenate(Axis(1), &[features, ones.view()])
        .expect("a column of ones has as many rows as the features");
    Ok(design.least_squares(&targets.to_owned())?.solution)
}

unsafe extern "C" {
    fn openblas_set_num_threads(threads: std::ffi::c_int);
}

/// Keeps OpenBLAS to one thread. Its own threads would fight with those that carry out runs, and reading its environment
/// variable comes too early for a program to set it.
pub fn use_one_thread() {
    // SAFETY: a function of the linked OpenBLAS that takes an int and sets a global number; called before any other.
    unsafe { openblas_set_num_threads(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// Through (0, 1), (1, 3), (2, 5) goes y = 2x + 1.
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
}
