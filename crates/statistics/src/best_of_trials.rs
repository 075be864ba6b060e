//! The result of a random search: the best of k draws, with replacement, from the values of all settings that were tried.
//!
//! Smaller values are better. The value of a setting whose runs were lost is infinite.

use crate::quantile::sorted;

/// The expected best of `trials` draws, `Σ vᵢ · [((n − i + 1)/n)^k − ((n − i)/n)^k]` over the ascending values v₁ … vₙ. `None`
/// for an empty slice, and if any value is infinite: the expectation would be infinite too.
///
/// Source: Dodge, Gururangan, Card, Schwartz and Smith, *Show your work: improved reporting of experimental results* (2019).
pub fn expected_best(values: &[f64], trials: u32) -> Option<f64> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let (sorted, n) = (sorted(values), values.len() as f64);
    let none_below = |index: usize| ((n - index as f64) / n).powi(trials as i32);
    let weight = |index: usize| none_below(index) - none_below(index + 1);
    Some(sorted.iter().enumerate().map(|(index, value)| value * weight(index)).sum())
}

/// The median of the best of `trials` draws: the smallest vᵢ with `((n − i)/n)^k ≤ ½`. `None` for an empty slice, and if the
/// median is infinite.
pub fn median_best(values: &[f64], trials: u32) -> Option<f64> {
    let n = values.len() as f64;
    let beyond = |index: usize| ((n - index as f64 - 1.0) / n).powi(trials as i32);
    let (_, value) = sorted(values).into_iter().enumerate().find(|(index, _)| beyond(*index) <= 0.5)?;
    value.is_finite().then_some(value)
}
