//! Rotations after which features of the training set are uncorrelated and have variance 1.
//!
//! Let z be the scaled features minus their mean, `C = 1/n · Σ zᵀ·z = V·Λ·Vᵀ` their covariance over the n rows of the
//! training set, and `S = Λ^(−1/2)`:
//!
//! - `pca`: `W = V·S`; component i has the direction of the i-th largest variance;
//! - `zca`: `W = V·S·Vᵀ`, the whitening W that changes features least (Kessy, Lewin and Strimmer, *Optimal whitening
//!   and decorrelation*, 2018).
//!
//! A direction in which the training set does not vary has no variance to scale to 1. Where λ is at most ε times the
//! largest λ, with ε = 10⁻¹⁰, 0 replaces 1/√λ. Such a component of `pca` is 0, and `zca` omits the direction; the
//! number of features stays. Rounding changes the variance in the other directions by about 10⁻¹⁶·λ_max/λ.

use crate::cancel::{Cancel, Cancelled};
use crate::dataset::Whitening;
use crate::decomposition::{Eigen, symmetric_eigen};
use crate::product::{self, Shape};
use ndarray::{Array1, Array2, ArrayView2};

/// ε: an eigenvalue up to this fraction of the largest is rounding, not variance.
const FLOOR: f64 = 1e-10;

/// W, `[n_in, n_in]`, for a covariance of the same shape; `None` for no whitening.
pub(super) fn rotation(
    whitening: Whitening,
    covariance: ArrayView2<'_, f64>,
    cancel: &Cancel<'_>,
) -> Result<Option<Array2<f64>>, Cancelled> {
    let Eigen { values, vectors } = symmetric_eigen(covariance, cancel)?;
    let floor = FLOOR * values.iter().copied().fold(0.0, f64::max);
    let inverse_root = |value: &f64| if *value > floor { 1.0 / value.sqrt() } else { 0.0 };
    let pca = &vectors * &values.iter().map(inverse_root).collect::<Array1<f64>>();
    Ok(match whitening {
        Whitening::None => None,
        Whitening::Pca => Some(pca),
        Whitening::Zca => Some(symmetric_product(&pca, &vectors, cancel)?),
    })
}

/// `a·bᵀ`, `[n, n]`, made symmetric, because rounding may break the symmetry.
fn symmetric_product(
    a: &Array2<f64>,
    b: &Array2<f64>,
    cancel: &Cancel<'_>,
) -> Result<Array2<f64>, Cancelled> {
    let n = a.nrows();
    let (a, b) = (a.as_standard_layout(), b.as_standard_layout());
    let (a, b) = (a.as_slice().expect("rows one by one"), b.as_slice().expect("rows one by one"));
    let mut product = vec![0.0; n * n];
    product::input_gradient(Shape { batch: n, n_in: n, n_out: n }, a, b, &mut product, cancel, |_, _| ())?;
    Ok(Array2::from_shape_fn((n, n), |(i, j)| 0.5 * (product[i * n + j] + product[j * n + i])))
}
