//! Loops as vector instructions, and sums in a fixed order.
//!
//! [`vectorized`] compiles a loop for the widest instructions that the engine knows and picks the processor's at run
//! time. The bits do not depend on the choice: an elementwise loop has no order, and the sums here are made in
//! [`LANES`] fixed partial sums whatever the width of a register.

use crate::real::Real;

/// Partial sums of a reduction: the `f32` lanes of the widest register.
pub const LANES: usize = 16;

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

/// Σ xᵢ in a fixed order: sixteen partial sums over the lanes, then the lanes from the first to the last.
pub fn sum<F: Real>(values: &[F]) -> F {
    reduce(
        values,
        #[inline(always)]
        |sum: F, x| sum + x,
    )
}

/// Σ xᵢ² in the order of [`sum`], in double precision: squares of `f32` leave its range at both ends long before the
/// numbers do, and small gradients must not become 0.
pub fn sum_of_squares<F: Real>(values: &[F]) -> f64 {
    reduce(
        values,
        #[inline(always)]
        |sum: f64, x| x.to_f64().mul_add(x.to_f64(), sum),
    )
}

#[inline(always)]
fn reduce<F: Real, S: Real>(values: &[F], step: impl Fn(S, F) -> S) -> S {
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
        for n in [0usize, 1, 15, 16, 17, 100, 1001] {
            let values: Vec<f64> = (1..=n).map(|i| i as f64).collect();
            let n = n as f64;
            assert_eq!(sum(&values), n * (n + 1.0) / 2.0);
            assert_eq!(sum_of_squares(&values), n * (n + 1.0) * (2.0 * n + 1.0) / 6.0);
        }
    }

    /// √(3e-30)² = 3e-30 and √(3e30)² = 3e30, though 1e-30 and 1e30 squared are 0 and ∞ in single precision.
    #[test]
    fn squares_keep_their_size() {
        for size in [1e-30f32, 1e30] {
            let norm = sum_of_squares(&[size; 9]).sqrt() / f64::from(size);
            assert!((norm - 3.0).abs() < 1e-15, "{norm}");
        }
    }

    #[test]
    fn not_a_number_is_not_lost() {
        assert!(sum(&[1.0, f32::NAN, 2.0]).is_nan());
        assert!(sum(&[f32::INFINITY, f32::NEG_INFINITY]).is_nan());
    }
}
