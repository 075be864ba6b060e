//! The sum of the rows of a matrix: the gradient of biases.

use crate::real::Element;
use crate::simd::{BLOCK, vectorized};

/// `sums ← Σ_rows matrix`: blocks of [`BLOCK`] rows are summed from the first row to the last, then the blocks
/// pairwise. Does nothing if `sums` is empty.
pub(super) fn sum_rows<F: Element>(matrix: &[F], sums: &mut [F]) {
    let width = sums.len();
    if matrix.len() <= width * BLOCK {
        return sum_block(matrix, width, 0, sums);
    }
    for (index, sums) in sums.chunks_mut(COLUMNS).enumerate() {
        sum_blocks(matrix, width, index * COLUMNS, sums);
    }
}

/// The number of columns summed at a time if there are many blocks.
const COLUMNS: usize = 64;

/// The sums of at most [`COLUMNS`] columns from the `first` on, of a matrix of `width` columns.
fn sum_blocks<F: Element>(matrix: &[F], width: usize, first: usize, sums: &mut [F]) {
    let blocks = matrix.len().div_ceil(width * BLOCK);
    if blocks <= 1 {
        return sum_block(matrix, width, first, sums);
    }
    // A power of two, so that blocks are added pairwise.
    let (left, right) = matrix.split_at(blocks.next_power_of_two() / 2 * width * BLOCK);
    let mut rest = [F::ZERO; COLUMNS];
    let rest = &mut rest[..sums.len()];
    sum_blocks(left, width, first, sums);
    sum_blocks(right, width, first, rest);
    sums.iter_mut().zip(rest).for_each(|(sum, term)| *sum += *term);
}

/// The sums of the columns from the `first` on, one row after the other.
fn sum_block<F: Element>(matrix: &[F], width: usize, first: usize, sums: &mut [F]) {
    let columns = first..first + sums.len();
    vectorized(
        #[inline(always)]
        || {
            sums.fill(F::ZERO);
            for row in matrix.chunks_exact(width.max(1)) {
                for (sum, &entry) in sums.iter_mut().zip(&row[columns.clone()]) {
                    *sum += entry;
                }
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers, so that every order gives the same sum. Columns form more than one group; rows form zero, one and
    /// many blocks, full and partial.
    #[test]
    fn every_row_and_column_is_summed_once() {
        for width in [1, 10, COLUMNS, COLUMNS + 3] {
            for rows in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, 7 * BLOCK + 9] {
                let matrix: Vec<f64> = (0..rows * width).map(|i| (i * 7 % 23) as f64).collect();
                let mut sums = vec![9.0; width];
                sum_rows(&matrix, &mut sums);
                let column = |j: usize| matrix.iter().skip(j).step_by(width).sum::<f64>();
                assert_eq!(sums, (0..width).map(column).collect::<Vec<_>>(), "{rows} × {width}");
            }
        }
    }

    /// (2²⁴ + ½) + (1 + 1): added one after the other, the small blocks would not change 2²⁴.
    #[test]
    fn blocks_of_rows_are_added_pairwise() {
        let mut matrix = vec![0.0f32; 4 * BLOCK];
        [(0, 16_777_216.0), (BLOCK, 0.5), (2 * BLOCK, 1.0), (3 * BLOCK, 1.0)]
            .into_iter()
            .for_each(|(row, x)| matrix[row] = x);
        let mut sums = [0.0];
        sum_rows(&matrix, &mut sums);
        assert_eq!(sums, [16_777_218.0]);
    }

    /// 0.1 in 60,000 rows of single precision: one chain is off by 6e-4.
    #[test]
    fn long_batches_keep_their_digits() {
        let mut sums = [0.0f32; 3];
        sum_rows(&[0.1f32; 180_000], &mut sums);
        let exact = 60_000.0 * f64::from(0.1f32);
        assert!(sums.iter().all(|&sum| (f64::from(sum) / exact - 1.0).abs() < 1e-5), "{sums:?}");
    }
}
