//! Matrix products: the only place that knows the library which makes them.
//!
//! All matrices are row-major slices. Each product hands its result to an *epilogue*, block by block of finished rows
//! `(first_row, block)`, while the block is still in the cache: bias and activation after the forward product, the
//! activation's derivative after the input gradient, the optimizer's update after the weight gradient. A kernel that
//! finishes tiles in registers can take the place of the library without a change to any caller.

use crate::real::Element;

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
    multiply([batch, n_in, n_out], (input, [n_in, 1]), (weights, [n_out, 1]), output);
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
    multiply([batch, n_out, n_in], (delta, [n_out, 1]), (weights, [1, n_out]), input_gradient);
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
    multiply([n_in, batch, n_out], (input, [1, n_in]), (delta, [n_out, 1]), weight_gradient);
    epilogue(0, weight_gradient);
}

/// C = A·B for A `[m, k]` and B `[k, n]`, each with its (row, column) strides, and C row-major.
fn multiply<F: Element>([m, k, n]: [usize; 3], a: (&[F], [usize; 2]), b: (&[F], [usize; 2]), c: &mut [F]) {
    assert!(
        a.0.len() >= m * k && b.0.len() >= k * n && c.len() >= m * n,
        "a matrix is smaller than its shape"
    );
    let strides = |[row, column]: [usize; 2]| (row as isize, column as isize);
    let ((a_row, a_column), (b_row, b_column)) = (strides(a.1), strides(b.1));
    // SAFETY: the three matrices lie within their slices (asserted: the largest index of an m × k matrix with strides
    // (k, 1) or (1, m) is m·k − 1, and likewise for the others), and C overlaps neither A nor B since it is borrowed
    // mutably.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            1,
            n as isize,
            false,
            a.0.as_ptr(),
            a_column,
            a_row,
            b.0.as_ptr(),
            b_column,
            b_row,
            F::ZERO,
            F::ONE,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
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
