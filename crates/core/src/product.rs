//! Matrix products. Only this module knows the library that computes them.
//!
//! All matrices are row-major slices. Each product passes its result to an *epilogue*, in blocks of finished rows
//! `(first_row, block)`, while the block is still in the cache. Epilogues are: bias and activation after the forward
//! product, the activation's derivative after the input gradient, the optimizer's update after the weight gradient. A
//! kernel that finishes tiles in registers can replace the library without a change to any caller.
//!
//! A large product is made in blocks of rows, so that it can be cancelled between blocks. Each entry is the sum of the
//! same terms in the same order for all block sizes.

use crate::cancel::{Cancel, Cancelled, MAX_OPERATIONS, MULTIPLY_ADDS};
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
    cancel: &Cancel<'_>,
    mut epilogue: impl FnMut(usize, &mut [F]),
) -> Result<(), Cancelled> {
    let Shape { batch, n_in, n_out } = shape;
    multiply(matrix(input, batch, n_in), matrix(weights, n_in, n_out), output, cancel)?;
    epilogue(0, output);
    Ok(())
}

/// `input_gradient = delta · weightsᵀ`: `[batch, n_out] · [n_out, n_in]`.
pub fn input_gradient<F: Element>(
    shape: Shape,
    delta: &[F],
    weights: &[F],
    input_gradient: &mut [F],
    cancel: &Cancel<'_>,
    mut epilogue: impl FnMut(usize, &mut [F]),
) -> Result<(), Cancelled> {
    let Shape { batch, n_in, n_out } = shape;
    multiply(matrix(delta, batch, n_out), matrix(weights, n_in, n_out).transpose(), input_gradient, cancel)?;
    epilogue(0, input_gradient);
    Ok(())
}

/// `weight_gradient = inputᵀ · delta`: `[n_in, batch] · [batch, n_out]`.
pub fn weight_gradient<F: Element>(
    shape: Shape,
    input: &[F],
    delta: &[F],
    weight_gradient: &mut [F],
    cancel: &Cancel<'_>,
    mut epilogue: impl FnMut(usize, &mut [F]),
) -> Result<(), Cancelled> {
    let Shape { batch, n_in, n_out } = shape;
    multiply(matrix(input, batch, n_in).transpose(), matrix(delta, batch, n_out), weight_gradient, cancel)?;
    epilogue(0, weight_gradient);
    Ok(())
}

/// A row-major slice as a matrix.
fn matrix<F: Element>(values: &[F], rows: usize, columns: usize) -> MatRef<'_, F> {
    MatRef::from_row_major_slice(values, rows, columns)
}

/// `product ← a·b`, row-major, on this thread only. faer keeps its packing memory for each thread: nothing is allocated
/// after the first product.
fn multiply<F: Element>(
    a: MatRef<'_, F>,
    b: MatRef<'_, F>,
    product: &mut [F],
    cancel: &Cancel<'_>,
) -> Result<(), Cancelled> {
    let (rows, columns) = (a.nrows(), b.ncols());
    let blocks = blocks(rows, columns, a.ncols());
    for block in 0..blocks {
        let (start, end) = (rows * block / blocks, rows * (block + 1) / blocks);
        let product = &mut product[start * columns..end * columns];
        let product = MatMut::from_row_major_slice_mut(product, end - start, columns);
        matmul(product, Accum::Replace, a.subrows(start, end - start), b, F::ONE, Par::Seq);
        if blocks > 1 {
            cancel.after(((end - start) * columns * a.ncols()) as u64 / MULTIPLY_ADDS)?;
        }
    }
    Ok(())
}

/// The minimum number of rows of a block. Smaller blocks cost time, because the library packs `b` for each.
const MIN_ROWS: usize = 256;

/// The number of row blocks of a product: one, unless it costs more than [`MAX_OPERATIONS`]. Products of vectors are
/// one block, because the library sums them in another order.
fn blocks(rows: usize, columns: usize, depth: usize) -> usize {
    if columns == 1 || depth == 1 {
        return 1;
    }
    let most = usize::try_from(MAX_OPERATIONS * MULTIPLY_ADDS).unwrap_or(usize::MAX);
    let needed = rows.saturating_mul(columns).saturating_mul(depth).div_ceil(most);
    needed.min(rows / MIN_ROWS).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::to_the_end;
    use crate::seed::{Purpose, Stream};
    use std::cell::Cell;

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
            to_the_end(|cancel| {
                forward(shape, &x, &w, &mut z, cancel, |_, _| ())?;
                input_gradient(shape, &d, &w, &mut dx, cancel, |_, _| ())?;
                weight_gradient(shape, &x, &d, &mut dw, cancel, |_, _| ())
            });
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
        to_the_end(|cancel| {
            forward(shape, &[1.0; 15], &[1.0; 12], &mut z, cancel, |first, block| {
                rows.extend(first..first + block.len() / 4);
                block.iter_mut().for_each(|x| *x += 1.0);
            })
        });
        assert_eq!(rows, [0, 1, 2, 3, 4]);
        assert_eq!(z, [4.0; 20]);
    }

    /// Random numbers, whose sums depend on their order.
    fn draws<F: Element>(n: usize, salt: u64) -> Vec<F> {
        let mut stream = Stream::new(salt, Purpose::Weights, 0, 0);
        (0..n).map(|_| F::from_f64(stream.normal())).collect()
    }

    /// Compared with one call of the library, bit by bit: an entry is the same sum in every block.
    fn blocks_change_no_bit<F: Element>([m, k, n]: [usize; 3], transposed: bool) {
        let (a, b) = (draws::<F>(m * k, 1), draws::<F>(k * n, 2));
        let a = if transposed { super::matrix(&a, k, m).transpose() } else { super::matrix(&a, m, k) };
        let b = super::matrix(&b, k, n);
        let (mut parts, mut whole) = (vec![F::ZERO; m * n], vec![F::ZERO; m * n]);
        assert!(blocks(m, n, k) > 1, "{m} {k} {n}");
        to_the_end(|cancel| multiply(a, b, &mut parts, cancel));
        let whole_matrix = MatMut::from_row_major_slice_mut(&mut whole, m, n);
        matmul(whole_matrix, Accum::Replace, a, b, F::ONE, Par::Seq);
        let equal = parts.iter().zip(&whole).all(|(a, b)| a.to_le_bytes8() == b.to_le_bytes8());
        assert!(equal, "{m}x{k}x{n} {transposed}");
    }

    #[test]
    fn blocks_of_a_large_product_are_the_whole() {
        for shape in
            [[100_003, 37, 80], [1037, 1030, 511], [60_001, 70, 70], [514, 5001, 111], [4099, 2050, 33]]
        {
            for transposed in [false, true] {
                blocks_change_no_bit::<f32>(shape, transposed);
                blocks_change_no_bit::<f64>(shape, transposed);
            }
        }
    }

    #[test]
    fn a_large_product_is_cancelled_between_its_blocks() {
        let asked = Cell::new(0);
        let ask = || {
            asked.set(asked.get() + 1);
            if asked.get() < 3 { Ok(()) } else { Err(Cancelled::TimedOut) }
        };
        let shape = Shape { batch: 20_000, n_in: 300, n_out: 300 };
        let (x, w) = (vec![1.0f32; 6_000_000], vec![1.0f32; 90_000]);
        let mut z = vec![0.0f32; 6_000_000];
        let ended = forward(shape, &x, &w, &mut z, &Cancel::new(&ask), |_, _| panic!("it is not finished"));
        assert_eq!((ended, asked.get(), blocks(20_000, 300, 300)), (Err(Cancelled::TimedOut), 3, 7));
        let finished = z.iter().filter(|entry| **entry == 300.0).count();
        assert!(z[0] == 300.0 && finished < z.len() && finished > z.len() / 3, "{finished}");
    }
}
