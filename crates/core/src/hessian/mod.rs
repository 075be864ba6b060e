//! The curvature of the cost: exact products of its Hessian with vectors, its largest eigenvalue, and the full spectrum
//! of small networks.

mod lanczos;
mod product;

pub use lanczos::{Eigenvalue, LANCZOS_STEPS, Lanczos};
pub use product::Hessian;

use crate::cancel::{Cancel, Cancelled};
use crate::linalg::{LinalgError, symmetric_eigenvalues};
use crate::real::Element;
use ndarray::Array2;

use crate::dataset::Part;

/// The whole Hessian `∂²J/∂θ∂θᵀ`, `[n, n]` in the order of the parameters, column by column from products with unit
/// vectors. The result is averaged with its transpose, which removes asymmetric rounding.
///
/// # Errors
/// If it is cancelled.
pub fn whole<F: Element>(
    hessian: &mut Hessian,
    part: &Part<F>,
    cancel: &Cancel<'_>,
) -> Result<Array2<f64>, Cancelled> {
    let n = hessian.n_parameters();
    let mut matrix = Array2::zeros((n, n));
    let mut unit = vec![0.0; n];
    for (index, mut row) in matrix.rows_mut().into_iter().enumerate() {
        unit[index] = 1.0;
        let row = row.as_slice_mut().expect("rows of a matrix in standard layout");
        hessian.product(part, &unit, row, cancel)?;
        unit[index] = 0.0;
    }
    let transposed = matrix.t().to_owned();
    Ok((matrix + transposed) * 0.5)
}

/// All eigenvalues of the Hessian, the largest first.
///
/// # Errors
/// If it is cancelled. The inner result is an error if the Hessian is not finite, or LAPACK finds no eigenvalues.
pub fn spectrum<F: Element>(
    hessian: &mut Hessian,
    part: &Part<F>,
    cancel: &Cancel<'_>,
) -> Result<Result<Vec<f64>, LinalgError>, Cancelled> {
    Ok(symmetric_eigenvalues(whole(hessian, part, cancel)?.view()))
}

/// The ratio of the largest to the smallest magnitude of an eigenvalue: how much steeper the steepest direction is than
/// the flattest. `None` if an eigenvalue is 0 up to rounding, which is at most 1e-14 of the largest magnitude: then the
/// ratio is infinite.
pub fn condition_number(eigenvalues: &[f64]) -> Option<f64> {
    let sizes = || eigenvalues.iter().map(|value| value.abs());
    let (largest, smallest) = (sizes().fold(0.0, f64::max), sizes().fold(f64::INFINITY, f64::min));
    (smallest > 1e-14 * largest).then(|| largest / smallest)
}
