//! The exact sign-flip test of paired differences.

use crate::interval::MIN_PAIRS;
use statrs::distribution::{ContinuousCDF, Normal};

/// Up to this many pairs, every way to flip the signs is counted.
pub const MAX_COUNTED_PAIRS: usize = 40;

/// Up to this many pairs, p comes from sums of rounded differences; beyond, from the normal distribution.
pub const MAX_ROUNDED_PAIRS: usize = 1000;

/// The sum of the absolute differences is divided into at least this many units before they are rounded.
const MIN_UNITS: usize = 1 << 18;

/// For many pairs, the sum is divided into this many times n^1.5 units. The rounding error is at most n/2 units, and the standard
/// deviation of the sum is at least 1/√n of the sum. So p belongs to a sum that is nearer by at most 1/84 of a standard deviation.
const UNITS: f64 = 42.0;

/// Sums that differ by less than this fraction of the sum of the absolute differences are equal up to rounding.
const EQUAL: f64 = 1e-12;

/// The probability of a mean difference at least as far from 0 if each difference is as likely as its negative: the fraction of
/// the 2ⁿ ways to sign the n differences whose sum is at least as large in absolute value. `None` for fewer than [`MIN_PAIRS`]
/// pairs, and if a difference is not finite.
///
/// - Up to [`MAX_COUNTED_PAIRS`] pairs p is exact: each half of the pairs has at most 2²⁰ sums, and pairs of sums are counted in
///   order of size.
/// - Up to [`MAX_ROUNDED_PAIRS`] the differences are rounded to at most 2⁻¹⁸ of the sum of their absolute values. p is an upper
///   bound, and for p ≥ 10⁻⁴ at most 5 % too large.
/// - Beyond, p comes from the normal distribution.
///
/// Assumes independent pairs, and differences that are symmetric about 0 if there is no effect.
///
/// Source: Fisher, *The Design of Experiments* (1935), section 21.
pub fn sign_flip_p(differences: &[f64]) -> Option<f64> {
    let n = differences.len();
    if n < MIN_PAIRS || !differences.iter().all(|difference| difference.is_finite()) {
        return None;
    }
    let sizes: Vec<f64> = differences.iter().map(|difference| difference.abs()).collect();
    let total: f64 = sizes.iter().sum();
    let observed = differences.iter().sum::<f64>().abs();
    if observed <= EQUAL * total {
        return Some(1.0);
    }
    Some(if n <= MAX_COUNTED_PAIRS {
        counted(&sizes, observed - EQUAL * total)
    } else if n <= MAX_ROUNDED_PAIRS {
        rounded(&sizes, observed, total)
    } else {
        normal(&sizes, observed)
    })
}

/// The fraction of signed sums that are at least `observed` in absolute value.
fn counted(sizes: &[f64], observed: f64) -> f64 {
    let (left, right) = sizes.split_at(sizes.len() / 2);
    let (left, right) = (signed_sums(left), signed_sums(right));
    // The larger the sum of one half, the more sums of the other half reach `observed` with it.
    let mut reaching = 0u64;
    let mut from = right.len();
    for sum in &left {
        while from > 0 && sum + right[from - 1] >= observed {
            from -= 1;
        }
        reaching += (right.len() - from) as u64;
    }
    // As many sums are at most −observed: flip every sign.
    let all = left.len() as f64 * right.len() as f64;
    (2.0 * reaching as f64 / all).min(1.0)
}

/// The sums of all ways to sign these numbers, ascending.
fn signed_sums(sizes: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0];
    for size in sizes {
        sums = sums.iter().flat_map(|sum| [sum - size, sum + size]).collect();
    }
    sums.sort_by(f64::total_cmp);
    sums
}

/// An upper bound of the fraction, from the distribution of the sum of the rounded sizes with a plus sign: the signed sum is
/// `2 · plus − total`.
fn rounded(sizes: &[f64], observed: f64, total: f64) -> f64 {
    let n = sizes.len() as f64;
    let unit = total / (MIN_UNITS as f64).max((UNITS * n * n.sqrt()).ceil());
    let rounded: Vec<f64> = sizes.iter().map(|size| (size / unit).round()).collect();
    // The error of the signed sum is at most the errors of all sizes, plus the rounding of the divisions.
    let off: f64 = sizes.iter().zip(&rounded).map(|(size, steps)| (size / unit - steps).abs()).sum();
    let off = off + EQUAL * total / unit;
    let mut steps: Vec<usize> = rounded.into_iter().map(|steps| steps as usize).collect();
    // Smallest first keeps the range of sums short for longest.
    steps.sort_unstable();
    let sum: usize = steps.iter().sum();
    let (mut share, mut next) = (vec![0.0; sum + 1], vec![0.0; sum + 1]);
    share[0] = 1.0;
    let mut reach = 0;
    for step in steps.into_iter().filter(|step| *step > 0) {
        // Beyond `reach` both are 0.
        let (below, above) = next[..=reach + step].split_at_mut(step);
        below.iter_mut().zip(&share).for_each(|(next, without)| *next = 0.5 * without);
        let both = share[step..].iter().zip(&share);
        above.iter_mut().zip(both).for_each(|(next, (without, with))| *next = 0.5 * (without + with));
        std::mem::swap(&mut share, &mut next);
        reach += step;
    }
    let least = (sum as f64 + observed / unit - off) / 2.0;
    let tail: f64 = share.iter().skip(least.ceil().max(0.0) as usize).sum();
    (2.0 * tail).min(1.0)
}

/// By the central limit theorem: the sum has the variance Σ size².
fn normal(sizes: &[f64], observed: f64) -> f64 {
    let variance: f64 = sizes.iter().map(|size| size * size).sum();
    (2.0 * Normal::standard().sf(observed / variance.sqrt())).min(1.0)
}
