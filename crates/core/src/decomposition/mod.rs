//! Decompositions of matrices that may reach a weight: orthogonal factors and eigenvectors.
//!
//! Plain loops in double precision, every sum in a fixed order, so that the bits are the same on every processor.
//! LAPACK's are not: what uses it is in [`linalg`](crate::linalg).

mod qr;
mod reflection;
mod symmetric_eigen;
mod tridiagonal;

pub use qr::{Qr, qr};
pub use symmetric_eigen::{Eigen, symmetric_eigen};
