//! The mean, by Student's t.

use super::{Interval, LEVEL};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// `x̄ = Σ x / n`; `None` of nothing. Of equal values it is that value: rounded it would be beside them, and they would have a
/// spread, a t of some billions, and a side of a bound that they stand on.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    if values.iter().all(|value| *value == first) {
        return Some(first);
    }
    Some(values.iter().sum::<f64>() / values.len() as f64)
}

/// `s = √(Σ (x − x̄)² / (n − 1))`, 0 of equal values alone; `None` of fewer than two.
pub(crate) fn standard_deviation(values: &[f64]) -> Option<f64> {
    let center = mean(values).filter(|_| values.len() >= 2)?;
    let squares: f64 = values.iter().map(|value| (value - center) * (value - center)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// Student's t with this many degrees of freedom, which are more than 0.
pub(super) fn student(freedom: f64) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, freedom).ok()
}

/// `x̄ ± t · s/√n`, with the (1 + level)/2 quantile t of Student's t with n − 1 degrees of freedom. `None` of fewer than two
/// values.
///
/// Holds for values that are about normal, or many. Source: Student, *The probable error of a mean* (1908).
pub(crate) fn mean_interval(values: &[f64]) -> Option<Interval> {
    let (center, spread) = (mean(values)?, standard_deviation(values)?);
    let n = values.len() as f64;
    let half = student(n - 1.0)?.inverse_cdf((1.0 + LEVEL) / 2.0) * spread / n.sqrt();
    Some(Interval { low: center - half, high: center + half, level: LEVEL })
}

/// How probable a mean at least as far from `bound` is if the true one is `bound`: two-sided, `t = (x̄ − bound) / (s/√n)`.
/// `None` of fewer than two values, or where all are the same.
pub(crate) fn mean_p(values: &[f64], bound: f64) -> Option<f64> {
    let (center, spread) = (mean(values)?, standard_deviation(values)?);
    let n = values.len() as f64;
    if spread == 0.0 {
        return None;
    }
    let t = (center - bound).abs() / (spread / n.sqrt());
    Some((2.0 * student(n - 1.0)?.sf(t)).min(1.0))
}
