//! Decompositions of matrices that may affect a weight: orthogonal factors and eigenvectors.
//!
//! Plain loops in double precision with every sum in a fixed order, so the bits are the same on every processor. LAPACK
//! does not guarantee this; only [`linalg`](crate::linalg) uses it.

mod qr;
mod reflection;
mod symmetric_eigen;
mod tridiagonal;

pub use qr::{Qr, qr};
pub use symmetric_eigen::{Eigen, symmetric_eigen};
