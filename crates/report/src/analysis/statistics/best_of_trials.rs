//! What a search over random settings finds: the best of k draws, with replacement, from the values of all settings tried.
//!
//! Smaller values are better; infinite ones are those of settings that lost their runs.

/// The expected best of `trials` draws, `Σ vᵢ · [((n − i + 1)/n)^k − ((n − i)/n)^k]` over the ascending v₁ … vₙ. `None` of nothing,
/// and where every draw may be infinite: an expectation would be too.
///
/// Source: Dodge, Gururangan, Card, Schwartz and Smith, *Show your work: improved reporting of experimental results* (2019).
pub(crate) fn expected_best(values: &[f64], trials: u32) -> Option<f64> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let (sorted, n) = (sorted(values), values.len() as f64);
    let none_below = |index: usize| ((n - index as f64) / n).powi(trials as i32);
    let share = |index: usize| none_below(index) - none_below(index + 1);
    Some(sorted.iter().enumerate().map(|(index, value)| value * share(index)).sum())
}

/// The median of the best of `trials` draws: the smallest vᵢ with `((n − i)/n)^k ≤ ½`. `None` if that is infinite.
pub(crate) fn median_best(values: &[f64], trials: u32) -> Option<f64> {
    let n = values.len() as f64;
    let beyond = |index: usize| ((n - index as f64 - 1.0) / n).powi(trials as i32);
    let (_, value) = sorted(values).into_iter().enumerate().find(|(index, _)| beyond(*index) <= 0.5)?;
    value.is_finite().then_some(value)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}
