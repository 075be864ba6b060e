//! The curvature of the cost: exact products of its Hessian with vectors, its largest eigenvalue, and all of them for
//! small networks.

mod lanczos;
mod product;

pub use lanczos::{Eigenvalue, LANCZOS_STEPS, Lanczos};
pub use product::Hessian;

use crate::cancel::{Cancel, Cancelled};
use crate::linalg::{LinalgError, symmetric_eigenvalues};
use crate::real::Element;
use ndarray::Array2;

use crate::dataset::Part;

/// The whole Hessian `∂²J/∂θ∂θᵀ`, `[n, n]` in the order of the parameters, column by column from its products with unit
/// vectors; made symmetric by the mean with its transpose, from which it differs in rounding alone.
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
/// If it is cancelled. Inside: if the Hessian is not finite, or LAPACK finds no eigenvalues.
pub fn spectrum<F: Element>(
    hessian: &mut Hessian,
    part: &Part<F>,
    cancel: &Cancel<'_>,
) -> Result<Result<Vec<f64>, LinalgError>, Cancelled> {
    Ok(symmetric_eigenvalues(whole(hessian, part, cancel)?.view()))
}

/// The largest magnitude of an eigenvalue over the smallest: how much the steepest direction is steeper than the
/// flattest. `None` where an eigenvalue is 0 to rounding, at most 1e-14 of the largest magnitude: then it is infinite.
pub fn condition_number(eigenvalues: &[f64]) -> Option<f64> {
    let sizes = || eigenvalues.iter().map(|value| value.abs());
    let (largest, smallest) = (sizes().fold(0.0, f64::max), sizes().fold(f64::INFINITY, f64::min));
    (smallest > 1e-14 * largest).then(|| largest / smallest)
}
