//! Takes the place of LAPACK in a build without the feature `lapack`: nothing can be measured by it.

use ndarray::ArrayView2;
use thiserror::Error;

/// Whether this build has LAPACK.
pub const IS_AVAILABLE: bool = false;

/// There is no LAPACK.
#[derive(Debug, Error)]
pub enum LinalgError {
    /// The feature `lapack` is off.
    #[error("this build has no LAPACK")]
    Missing,
}

/// No singular values.
///
/// # Errors
/// Always.
pub fn singular_values(_matrix: ArrayView2<'_, f64>) -> Result<Vec<f64>, LinalgError> {
    Err(LinalgError::Missing)
}

/// No eigenvalues.
///
/// # Errors
/// Always.
pub fn symmetric_eigenvalues(_matrix: ArrayView2<'_, f64>) -> Result<Vec<f64>, LinalgError> {
    Err(LinalgError::Missing)
}
