//! Replaces `linalg` in a build without the feature `lapack`: every measurement fails.

use ndarray::ArrayView2;
use thiserror::Error;

/// Whether this build has LAPACK.
pub const IS_AVAILABLE: bool = false;

/// The error of a build without LAPACK.
#[derive(Debug, Error)]
pub enum LinalgError {
    /// The feature `lapack` is off.
    #[error("this build has no LAPACK")]
    Missing,
}

/// Always fails.
///
/// # Errors
/// Always.
pub fn singular_values(_matrix: ArrayView2<'_, f64>) -> Result<Vec<f64>, LinalgError> {
    Err(LinalgError::Missing)
}

/// Always fails.
///
/// # Errors
/// Always.
pub fn symmetric_eigenvalues(_matrix: ArrayView2<'_, f64>) -> Result<Vec<f64>, LinalgError> {
    Err(LinalgError::Missing)
}
