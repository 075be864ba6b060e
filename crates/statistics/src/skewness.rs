//! Whether values are too skewed for an interval that assumes normal values.

use crate::mean::mean;

/// Values that differ by less than this fraction of the largest one differ by rounding only.
const EQUAL: f64 = 1e-9;

/// `g₁ = m₃ / m₂^(3/2)`, where `mₖ = Σ (x − x̄)ᵏ / n` are the central moments. `None` for an empty slice, if all values are
/// equal up to rounding, and if the variance is not finite.
pub fn skewness(values: &[f64]) -> Option<f64> {
    let center = mean(values)?;
    let moment = |power: i32| {
        values.iter().map(|value| (value - center).powi(power)).sum::<f64>() / values.len() as f64
    };
    let second = moment(2);
    let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
    (second.sqrt() > EQUAL * largest && second.is_finite()).then(|| moment(3) / (second * second.sqrt()))
}

/// Whether `|g₁| > 2 · √(6/n)`: two standard errors of the skewness of normal values.
///
/// A few in a hundred normal samples look skewed. With fewer than seven values `|g₁|` cannot be so large, so the answer is always
/// `false`.
///
/// Source: Snedecor and Cochran, *Statistical Methods* (1989), section 5.13.
pub fn looks_skewed(values: &[f64]) -> bool {
    let error = (6.0 / values.len().max(1) as f64).sqrt();
    skewness(values).is_some_and(|skewness| skewness.abs() > 2.0 * error)
}
