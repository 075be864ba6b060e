//! The mean, with Student's t.

use crate::interval::{Interval, LEVEL};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// `x̄ = Σ x / n`. `None` for an empty slice.
///
/// The mean of equal values is exactly that value. A rounded sum could differ from it and give a spread above 0, a huge
/// t, and the wrong side of a bound that the values equal.
pub fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    if values.iter().all(|value| *value == first) {
        return Some(first);
    }
    Some(values.iter().sum::<f64>() / values.len() as f64)
}

/// `s = √(Σ (x − x̄)² / (n − 1))`. Exactly 0 if all values are equal. `None` for fewer than two values.
///
/// Expects finite values.
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    let center = mean(values).filter(|_| values.len() >= 2)?;
    let squares: f64 = values.iter().map(|value| (value - center) * (value - center)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// Student's t with `freedom` > 0 degrees of freedom.
pub(crate) fn student(freedom: f64) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, freedom).ok()
}

/// `x̄ ± t · s/√n`, where t is the (1 + [`LEVEL`])/2 quantile of Student's t with n − 1 degrees of freedom. `None` for fewer than
/// two values.
///
/// Assumes independent values that are about normal, or many of them. Expects finite values.
///
/// Source: Student, *The probable error of a mean* (1908).
pub fn mean_interval(values: &[f64]) -> Option<Interval> {
    let (center, spread) = (mean(values)?, standard_deviation(values)?);
    let n = values.len() as f64;
    let half = student(n - 1.0)?.inverse_cdf((1.0 + LEVEL) / 2.0) * spread / n.sqrt();
    Some(Interval { low: center - half, high: center + half, level: LEVEL })
}

/// The two-sided p of the hypothesis that the true mean is `bound`, from `t = (x̄ − bound) / (s/√n)` with n − 1 degrees of
/// freedom. `None` for fewer than two values, and if all values are equal.
///
/// Has the assumptions and the source of [`mean_interval`].
pub fn mean_p(values: &[f64], bound: f64) -> Option<f64> {
    let (center, spread) = (mean(values)?, standard_deviation(values)?);
    let n = values.len() as f64;
    if spread == 0.0 {
        return None;
    }
    let t = (center - bound).abs() / (spread / n.sqrt());
    Some((2.0 * student(n - 1.0)?.sf(t)).min(1.0))
}
