//! Matrix products: the only place that knows the library which makes them.
//!
//! All matrices are row-major slices. Each product hands its result to an *epilogue*, block by block of finished rows
//! `(first_row, block)`, while the block is still in the cache: bias and activation after the forward product, the
//! activation's derivative after the input gradient, the optimizer's update after the weight gradient. A kernel that
//! finishes tiles in registers can take the place of the library without a change to any caller.

use crate::real::Element;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// Rows × columns of the three products of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Samples.
    pub batch: usize,
    /// Inputs of the layer.
    pub n_in: usize,
    /// Units of the layer.
    pub n_out: usize,
}

/// `output = input · weights`: `[batch, n_in] · [n_in, n_out]`.
pub fn forward<F: Element>(
    shape: Shape,
    input: &[F],
    weights: &[F],
    output: &mut [F],
    mut epilogue: impl FnMut(usize, &mut [F]),
) {
    let Shape { batch, n_in, n_out } = shape;
    multiply(matrix(input, batch, n_in), matrix(weights, n_in, n_out), output);
    epilogue(0, output);
}

/// `input_gradient = delta · weightsᵀ`: `[batch, n_out] · [n_out, n_in]`.
pub fn input_gradient<F: Element>(
    shape: Shape,
    delta: &[F],
    weights: &[F],
    input_gradient: &mut [F],
    mut epilogue: impl FnMut(usize, &mut [F]),
) {
    let Shape { batch, n_in, n_out } = shape;
    multiply(matrix(delta, batch, n_out), matrix(weights, n_in, n_out).transpose(), input_gradient);
    epilogue(0, input_gradient);
}

/// `weight_gradient = inputᵀ · delta`: `[n_in, batch] · [batch, n_out]`.
pub fn weight_gradient<F: Element>(
    shape: Shape,
    input: &[F],
    delta: &[F],
    weight_gradient: &mut [F],
    mut epilogue: impl FnMut(usize, &mut [F]),
) {
    let Shape { batch, n_in, n_out } = shape;
    multiply(matrix(input, batch, n_in).transpose(), matrix(delta, batch, n_out), weight_gradient);
    epilogue(0, weight_gradient);
}

/// A row-major slice as a matrix.
fn matrix<F: Element>(values: &[F], rows: usize, columns: usize) -> MatRef<'_, F> {
    MatRef::from_row_major_slice(values, rows, columns)
}

/// `product ← a·b`, row-major, on this thread alone. faer keeps its packing memory for each thread: nothing is allocated
/// after the first product.
fn multiply<F: Element>(a: MatRef<'_, F>, b: MatRef<'_, F>, product: &mut [F]) {
    let product = MatMut::from_row_major_slice_mut(product, a.nrows(), b.ncols());
    matmul(product, Accum::Replace, a, b, F::ONE, Par::Seq);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small integers, so that every order of summation gives the same exact result.
    fn matrix(rows: usize, columns: usize, salt: usize) -> Vec<f64> {
        (0..rows * columns).map(|i| ((i * 7 + salt) % 11) as f64 - 5.0).collect()
    }

    fn naive(
        a: impl Fn(usize, usize) -> f64,
        b: impl Fn(usize, usize) -> f64,
        [m, k, n]: [usize; 3],
    ) -> Vec<f64> {
        let entry = |i, j| (0..k).map(|l| a(i, l) * b(l, j)).sum();
        (0..m * n).map(|index| entry(index / n, index % n)).collect()
    }

    #[test]
    fn products_equal_plain_loops() {
        for shape in [(1, 1, 1), (4, 2, 3), (33, 17, 65), (32, 64, 10), (10, 784, 50)] {
            let (batch, n_in, n_out) = shape;
            let shape = Shape { batch, n_in, n_out };
            let (x, w, d) = (matrix(batch, n_in, 1), matrix(n_in, n_out, 2), matrix(batch, n_out, 3));
            let (mut z, mut dx, mut dw) =
                (vec![9.0; batch * n_out], vec![9.0; batch * n_in], vec![9.0; n_in * n_out]);
            forward(shape, &x, &w, &mut z, |_, _| ());
            input_gradient(shape, &d, &w, &mut dx, |_, _| ());
            weight_gradient(shape, &x, &d, &mut dw, |_, _| ());
            assert_eq!(z, naive(|i, l| x[i * n_in + l], |l, j| w[l * n_out + j], [batch, n_in, n_out]));
            assert_eq!(dx, naive(|i, l| d[i * n_out + l], |l, j| w[j * n_out + l], [batch, n_out, n_in]));
            assert_eq!(dw, naive(|i, l| x[l * n_in + i], |l, j| d[l * n_out + j], [n_in, batch, n_out]));
        }
    }

    #[test]
    fn every_row_reaches_the_epilogue_once() {
        let shape = Shape { batch: 5, n_in: 3, n_out: 4 };
        let mut rows = Vec::new();
        let mut z = vec![0.0f32; 20];
        forward(shape, &[1.0; 15], &[1.0; 12], &mut z, |first, block| {
            rows.extend(first..first + block.len() / 4);
            block.iter_mut().for_each(|x| *x += 1.0);
        });
        assert_eq!(rows, [0, 1, 2, 3, 4]);
        assert_eq!(z, [4.0; 20]);
    }
}
