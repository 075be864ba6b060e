//! The exact sign-flip test of paired differences.

use super::LEAST_PAIRS;
use statrs::distribution::{ContinuousCDF, Normal};

/// Up to so many pairs every way to flip the signs is counted.
pub(crate) const COUNTED_PAIRS: usize = 40;

/// Up to so many pairs p comes from sums of rounded differences, beyond from the normal distribution.
pub(crate) const ROUNDED_PAIRS: usize = 1000;

/// Into at least so many units the sum of the differences' sizes is divided where they are rounded.
const LEAST_UNITS: usize = 1 << 18;

/// Into so many times n^1.5 units it is divided where that is more. The bound on the rounding is at most n/2 units, and the
/// standard deviation of the sum at least √n-th of it all, so that p is that of a sum nearer by 1/84 of a standard deviation at
/// most.
const UNITS: f64 = 42.0;

/// Sums that differ by less than this share of the sum of the sizes are taken for equal: they differ by rounding alone.
const EQUAL: f64 = 1e-12;

/// How probable a mean difference at least as far from 0 is if each difference is as probable as its negative: the share of
/// the 2ⁿ ways to give the n differences signs of which the sum is at least as large in size as theirs. `None` of fewer than
/// [`LEAST_PAIRS`] pairs.
///
/// Exact up to 40 pairs: each half has at most 2²⁰ sums, and pairs of them are counted in order of size. Up to 1000 the
/// differences are rounded to 2⁻¹⁸ of the sum of their sizes, or to less of it where they are many, and what the rounding may
/// come to is given away, so that p is never too small, and for a p of 10⁻⁴ or more at most by 5 % too large. Beyond, p is that
/// of the normal distribution.
///
/// Source: Fisher, *The Design of Experiments* (1935), section 21.
pub(crate) fn sign_flip_p(differences: &[f64]) -> Option<f64> {
    let n = differences.len();
    if n < LEAST_PAIRS || !differences.iter().all(|difference| difference.is_finite()) {
        return None;
    }
    let sizes: Vec<f64> = differences.iter().map(|difference| difference.abs()).collect();
    let total: f64 = sizes.iter().sum();
    let observed = differences.iter().sum::<f64>().abs();
    if observed <= EQUAL * total {
        return Some(1.0);
    }
    Some(if n <= COUNTED_PAIRS {
        counted(&sizes, observed - EQUAL * total)
    } else if n <= ROUNDED_PAIRS {
        rounded(&sizes, observed, total)
    } else {
        normal(&sizes, observed)
    })
}

/// The share of signed sums that are at least `observed` in size.
fn counted(sizes: &[f64], observed: f64) -> f64 {
    let (left, right) = sizes.split_at(sizes.len() / 2);
    let (left, right) = (signed_sums(left), signed_sums(right));
    // From the smallest of the one half on, ever more of the other's largest make a sum that is large enough.
    let mut reaching = 0u64;
    let mut from = right.len();
    for sum in &left {
        while from > 0 && sum + right[from - 1] >= observed {
            from -= 1;
        }
        reaching += (right.len() - from) as u64;
    }
    // As many are at most −observed: flip every sign.
    let all = left.len() as f64 * right.len() as f64;
    (2.0 * reaching as f64 / all).min(1.0)
}

/// The sums of all ways to give these numbers signs, ascending.
fn signed_sums(sizes: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0];
    for size in sizes {
        sums = sums.iter().flat_map(|sum| [sum - size, sum + size]).collect();
    }
    sums.sort_by(f64::total_cmp);
    sums
}

/// An upper bound of the share, by the distribution of the sum of the rounded sizes that have a plus:
/// the signed sum is `2 · plus − total`.
fn rounded(sizes: &[f64], observed: f64, total: f64) -> f64 {
    let n = sizes.len() as f64;
    let unit = total / (LEAST_UNITS as f64).max((UNITS * n * n.sqrt()).ceil());
    let rounded: Vec<f64> = sizes.iter().map(|size| (size / unit).round()).collect();
    // The signed sum is off by no more than what all sizes are together, and what dividing them rounds off.
    let off: f64 = sizes.iter().zip(&rounded).map(|(size, steps)| (size / unit - steps).abs()).sum();
    let off = off + EQUAL * total / unit;
    let mut steps: Vec<usize> = rounded.into_iter().map(|steps| steps as usize).collect();
    // The smallest first: so the sums are few for longest.
    steps.sort_unstable();
    let sum: usize = steps.iter().sum();
    let (mut share, mut next) = (vec![0.0; sum + 1], vec![0.0; sum + 1]);
    share[0] = 1.0;
    let mut reach = 0;
    for step in steps.into_iter().filter(|step| *step > 0) {
        // Beyond what is reached both are 0.
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
