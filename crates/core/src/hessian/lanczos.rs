//! The largest eigenvalue of a symmetric operator, from products with it.

use crate::cancel::{Cancel, Cancelled, MULTIPLY_ADDS, to_the_end};
use crate::decomposition::symmetric_eigen;
use crate::seed::{Purpose, Stream};
use crate::simd::sum_of_squares;
use ndarray::Array2;

/// The most steps: each takes a product and a vector of memory.
pub const LANCZOS_STEPS: usize = 64;

/// The residual at which the eigenvalue counts as found, as a fraction of the largest magnitude so far.
const TOLERANCE: f64 = 1e-9;

/// The number of steps between two solutions of the small matrix.
const LOOK_EVERY: usize = 4;

/// The result of [`Lanczos::largest`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eigenvalue {
    /// The largest eigenvalue.
    pub value: f64,
    /// `‖Hx − λx‖` for the unit vector x found with it. Some eigenvalue is within this distance.
    pub residual: f64,
    /// The number of products.
    pub products: usize,
}

/// The Lanczos process with full reorthogonalisation. It builds an orthonormal basis of the Krylov space of a random
/// vector, in which the operator is tridiagonal: `H·qⱼ = βⱼ₋₁·qⱼ₋₁ + αⱼ·qⱼ + βⱼ·qⱼ₊₁`. The largest eigenvalue of the
/// tridiagonal matrix converges to the operator's from below; the outermost eigenvalues converge first (Golub and Van
/// Loan, *Matrix Computations*, chapter 10). Without reorthogonalisation, rounding duplicates eigenvalues already
/// found.
///
/// Construction allocates all memory except for the small matrix.
#[derive(Debug, Clone)]
pub struct Lanczos {
    n: usize,
    /// The basis, vector by vector.
    basis: Vec<f64>,
    image: Vec<f64>,
}

impl Lanczos {
    /// For operators on vectors of `n` numbers.
    pub fn new(n: usize) -> Self {
        Self { n, basis: vec![0.0; n * LANCZOS_STEPS.min(n)], image: vec![0.0; n] }
    }

    /// The largest eigenvalue of the operator whose products `apply(v, image)` computes. `None` if a product is not
    /// finite. The random start is the same each time.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn largest(
        &mut self,
        mut apply: impl FnMut(&[f64], &mut [f64]) -> Result<(), Cancelled>,
        cancel: &Cancel<'_>,
    ) -> Result<Option<Eigenvalue>, Cancelled> {
        let n = self.n;
        let most = LANCZOS_STEPS.min(n);
        let (mut diagonal, mut beside) = (Vec::with_capacity(most), Vec::with_capacity(most));
        self.start();
        let mut size = 0.0f64;
        for step in 0..most {
            apply(&self.basis[step * n..(step + 1) * n], &mut self.image)?;
            let alpha = dot(&self.basis[step * n..(step + 1) * n], &self.image);
            let beta = self.orthogonalize(step + 1, cancel)?;
            if !(alpha.is_finite() && beta.is_finite()) {
                return Ok(None);
            }
            diagonal.push(alpha);
            size = size.max(alpha.abs()).max(beta);
            // Without a remainder, the basis spans a space that the operator maps into itself.
            let must_end = step + 1 == most || beta <= TOLERANCE * size;
            if must_end || step % LOOK_EVERY == 0 {
                let (value, last) = largest_of_tridiagonal(&diagonal, &beside);
                let found = Eigenvalue { value, residual: beta * last.abs(), products: step + 1 };
                if must_end || found.residual <= TOLERANCE * size {
                    return Ok(Some(found));
                }
            }
            beside.push(beta);
            let next = &mut self.basis[(step + 1) * n..(step + 2) * n];
            next.iter_mut().zip(&self.image).for_each(|(next, image)| *next = image / beta);
        }
        Ok(None)
    }

    /// A random unit vector.
    fn start(&mut self) {
        let mut stream = Stream::new(0, Purpose::Probe, 0, 0);
        let first = &mut self.basis[..self.n];
        first.iter_mut().for_each(|entry| *entry = stream.normal());
        let norm = sum_of_squares(first).sqrt();
        first.iter_mut().for_each(|entry| *entry /= norm);
    }

    /// Removes the components along the first `known` basis vectors from the image, twice because one pass leaves
    /// rounding errors. Returns the norm of the remainder.
    fn orthogonalize(&mut self, known: usize, cancel: &Cancel<'_>) -> Result<f64, Cancelled> {
        for _ in 0..2 {
            for vector in self.basis.chunks_exact(self.n).take(known) {
                let along = dot(vector, &self.image);
                self.image.iter_mut().zip(vector).for_each(|(image, entry)| *image -= along * entry);
                cancel.after(2 * self.n as u64 / MULTIPLY_ADDS)?;
            }
        }
        Ok(sum_of_squares(&self.image).sqrt())
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The largest eigenvalue of a symmetric tridiagonal matrix, and the last entry of its unit eigenvector.
fn largest_of_tridiagonal(diagonal: &[f64], beside: &[f64]) -> (f64, f64) {
    let n = diagonal.len();
    let matrix = Array2::from_shape_fn((n, n), |(i, j)| match i.abs_diff(j) {
        0 => diagonal[i],
        1 => beside[i.min(j)],
        _ => 0.0,
    });
    let eigen = to_the_end(|cancel| symmetric_eigen(matrix.view(), cancel));
    (eigen.values[0], eigen.vectors[[n - 1, 0]])
}

#[cfg(feature = "lapack")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::symmetric_eigenvalues;

    fn random_symmetric(n: usize, seed: u64) -> Array2<f64> {
        let mut stream = Stream::new(seed, Purpose::Weights, 1, 0);
        let a = Array2::from_shape_simple_fn((n, n), || stream.normal());
        &a + &a.t()
    }

    fn largest(matrix: &Array2<f64>) -> Eigenvalue {
        let apply = |v: &[f64], image: &mut [f64]| {
            let product = matrix.dot(&ndarray::ArrayView1::from(v));
            image.iter_mut().zip(product).for_each(|(image, entry)| *image = entry);
            Ok(())
        };
        to_the_end(|cancel| Lanczos::new(matrix.nrows()).largest(apply, cancel)).unwrap()
    }

    /// A slow second implementation: powers of a shifted matrix whose eigenvalue of largest magnitude is the largest
    /// one.
    fn by_power_iteration(matrix: &Array2<f64>) -> f64 {
        let n = matrix.nrows();
        let shift = matrix.iter().map(|entry| entry.abs()).sum::<f64>() / n as f64 + 10.0;
        let shifted = matrix + &(Array2::<f64>::eye(n) * shift);
        let mut v = ndarray::Array1::from_elem(n, 1.0);
        for _ in 0..200_000 {
            v = shifted.dot(&v);
            v /= v.dot(&v).sqrt();
        }
        v.dot(&matrix.dot(&v))
    }

    #[test]
    fn equals_lapack_and_power_iteration() {
        for (n, seed) in [(1, 1), (2, 2), (7, 3), (30, 4), (64, 5)] {
            let matrix = random_symmetric(n, seed);
            let expected = symmetric_eigenvalues(matrix.view()).unwrap()[0];
            let found = largest(&matrix);
            assert!((found.value - expected).abs() < 1e-8 * expected.abs(), "{n}: {found:?} {expected}");
            let power = by_power_iteration(&matrix);
            assert!((power - expected).abs() < 1e-6 * expected.abs(), "{n}: {power} {expected}");
        }
    }

    /// All eigenvalues are below 0, so the largest is the one nearest to 0.
    #[test]
    fn the_largest_is_no_magnitude() {
        let matrix = Array2::from_diag(&ndarray::array![-5.0, -2.0, -9.0]);
        let found = largest(&matrix);
        assert!((found.value + 2.0).abs() < 1e-12 && found.residual < 1e-8, "{found:?}");
    }

    #[test]
    fn nothing_comes_of_what_is_not_finite_and_zero_of_zero() {
        let not_a_number = |_: &[f64], image: &mut [f64]| {
            image.fill(f64::NAN);
            Ok(())
        };
        assert_eq!(to_the_end(|cancel| Lanczos::new(3).largest(not_a_number, cancel)), None);
        assert_eq!(largest(&Array2::zeros((4, 4))).value, 0.0);
    }
}
