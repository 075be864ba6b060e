//! Loops as vector instructions, and sums in a fixed order.
//!
//! [`vectorized`] compiles a loop for several sets of vector instructions and selects the widest that the processor
//! supports at run time. The bits do not depend on the choice: an elementwise loop has no order, and sums use [`LANES`]
//! fixed partial sums for every register width.
//!
//! Sums are computed in blocks. Within a block, numbers are added one after the other, at most [`BLOCK`] in a chain;
//! the blocks are added [pairwise](Pairwise). Rounding errors then grow with the logarithm of the number of terms, and
//! no order depends on a cache or a processor.

use crate::real::Real;

/// Partial sums of a reduction: the `f32` lanes of the widest register.
pub const LANES: usize = 16;

/// The most numbers added in a chain, which is the length of a block.
pub const BLOCK: usize = 512;

/// Levels of pairwise sums, enough for 2⁴⁰ blocks.
const LEVELS: usize = 40;

/// Adds the sums of blocks pairwise, in their order: the first two, the next two, then both pairs, and so on.
#[derive(Debug, Clone, Copy)]
pub struct Pairwise<S> {
    /// The sum of 2ᵏ blocks at index k, if the number of blocks has that bit.
    levels: [S; LEVELS],
    blocks: u64,
}

impl<S: Real> Pairwise<S> {
    /// No blocks.
    #[inline(always)]
    pub fn new() -> Self {
        Self { levels: [S::ZERO; LEVELS], blocks: 0 }
    }

    /// Adds the sum of a block.
    #[inline(always)]
    pub fn add(&mut self, block: S) {
        let mut sum = block;
        let full = self.blocks.trailing_ones() as usize;
        for level in &self.levels[..full] {
            sum = *level + sum;
        }
        self.levels[full] = sum;
        self.blocks += 1;
    }

    /// The sum of all blocks.
    pub fn total(&self) -> S {
        let mut total = S::ZERO;
        for (k, level) in self.levels.iter().enumerate() {
            if (self.blocks >> k) & 1 == 1 {
                total = *level + total;
            }
        }
        total
    }
}

impl<S: Real> Default for Pairwise<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs `work` compiled for this processor's vector instructions. Pass an `#[inline(always)]` closure.
#[inline(always)]
pub fn vectorized<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

/// The vector instructions in use, for provenance: `avx512`, `avx2` or `baseline`.
pub fn instructions() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if pulp::x86::V4::try_new().is_some() {
            return "avx512";
        }
        if pulp::x86::V3::try_new().is_some() {
            return "avx2";
        }
    }
    "baseline"
}

/// Σ xᵢ in a fixed order: within a block sixteen partial sums over the lanes, then the lanes from the first to the
/// last.
pub fn sum<F: Real>(values: &[F]) -> F {
    reduce(
        values,
        #[inline(always)]
        |sum: F, x| sum + x,
    )
}

/// Σ xᵢ² in the order of [`sum`], in double precision. The square of an `f32` can overflow or underflow although the
/// number does not, and small gradients must not become 0.
pub fn sum_of_squares<F: Real>(values: &[F]) -> f64 {
    reduce(
        values,
        #[inline(always)]
        |sum: f64, x| x.to_f64().mul_add(x.to_f64(), sum),
    )
}

/// Σ xᵢ in the order of [`sum`], in double precision.
pub fn sum_in_double<F: Real>(values: &[F]) -> f64 {
    reduce(
        values,
        #[inline(always)]
        |sum: f64, x| sum + x.to_f64(),
    )
}

/// Reduces the values with `step`, in the order of [`sum`]. Pass an `#[inline(always)]` closure that adds.
#[inline(always)]
pub(crate) fn reduce<F: Real, S: Real>(values: &[F], step: impl Fn(S, F) -> S) -> S {
    if values.len() <= LANES * BLOCK {
        return reduce_block(values, &step);
    }
    let mut sum = Pairwise::new();
    values.chunks(LANES * BLOCK).for_each(|block| sum.add(reduce_block(block, &step)));
    sum.total()
}

#[inline(always)]
fn reduce_block<F: Real, S: Real>(values: &[F], step: &impl Fn(S, F) -> S) -> S {
    vectorized(
        #[inline(always)]
        || {
            let mut lanes = [S::ZERO; LANES];
            let (chunks, rest) = values.as_chunks::<LANES>();
            for chunk in chunks {
                for (lane, &x) in lanes.iter_mut().zip(chunk) {
                    *lane = step(*lane, x);
                }
            }
            for (lane, &x) in lanes.iter_mut().zip(rest) {
                *lane = step(*lane, x);
            }
            let mut total = S::ZERO;
            for lane in lanes {
                total += lane;
            }
            total
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_integers_are_exact_for_every_length() {
        for n in [0usize, 1, 15, 16, 17, 100, 1001, 8192, 8193, 60_000] {
            let values: Vec<f64> = (1..=n).map(|i| i as f64).collect();
            let n = n as f64;
            assert_eq!(sum(&values), n * (n + 1.0) / 2.0);
            assert_eq!(sum_of_squares(&values), n * (n + 1.0) * (2.0 * n + 1.0) / 6.0);
        }
    }

    /// √(3e-30)² = 3e-30 and √(3e30)² = 3e30, although 1e-30 and 1e30 squared are 0 and ∞ in single precision.
    #[test]
    fn squares_keep_their_size() {
        for size in [1e-30f32, 1e30] {
            let norm = sum_of_squares(&[size; 9]).sqrt() / f64::from(size);
            assert!((norm - 3.0).abs() < 1e-15, "{norm}");
        }
    }

    /// ((1 + 2) + (3 + 4)) + 5, and ones: with a chain, 2²⁴ + 1 + 1 + … stays 2²⁴ in single precision.
    #[test]
    fn blocks_are_added_pairwise() {
        let of = |blocks: &[f32]| {
            let mut sum = Pairwise::new();
            blocks.iter().for_each(|&block| sum.add(block));
            sum.total()
        };
        assert_eq!((of(&[]), of(&[3.0]), of(&[1.0, 2.0, 3.0, 4.0, 5.0])), (0.0, 3.0, 15.0));
        let large = 16_777_216.0;
        assert_eq!(of(&[large, 1.0, 1.0, 1.0]), large + 2.0);
        assert_eq!(of(&[1.0, 1.0, 1.0, large]), large + 2.0);
    }

    /// 0.1 · 2²⁰ in single precision: with blocks within a hundred roundings, with one chain off by a hundredth.
    #[test]
    fn long_sums_keep_their_digits() {
        let values = vec![0.1f32; 1 << 20];
        let exact = f64::from(0.1f32) * f64::from(1 << 20);
        assert!((f64::from(sum(&values)) / exact - 1.0).abs() < 1e-5);
        assert!((sum_in_double(&values) / exact - 1.0).abs() < 1e-14);
    }

    #[test]
    fn not_a_number_is_not_lost() {
        assert!(sum(&[1.0, f32::NAN, 2.0]).is_nan());
        assert!(sum(&[f32::INFINITY, f32::NEG_INFINITY]).is_nan());
    }
}
