//! Quantiles of values that may be infinite.

/// The `fraction` quantile of ascending values, by linear interpolation between order statistics. May be infinite.
///
/// `None` for an empty slice, for a `fraction` outside 0 … 1, and if the quantile is between −∞ and ∞.
///
/// Source: Hyndman and Fan, *Sample quantiles in statistical packages* (1996), type 7.
pub fn quantile(sorted: &[f64], fraction: f64) -> Option<f64> {
    let position = fraction * sorted.len().checked_sub(1)? as f64;
    if position < 0.0 {
        return None;
    }
    let below = position.floor();
    let (low, high) = (*sorted.get(below as usize)?, *sorted.get(position.ceil() as usize)?);
    between(low, high, position - below)
}

/// Any point between −∞ and a finite value is −∞, and between a finite value and ∞ it is ∞. `low + part · (high − low)`
/// would be NaN.
fn between(low: f64, high: f64, part: f64) -> Option<f64> {
    match (low.is_finite(), high.is_finite()) {
        _ if low == high => Some(low),
        (true, true) => Some(low + part * (high - low)),
        (false, true) => Some(low),
        (true, false) => Some(high),
        (false, false) => None,
    }
}

/// The values in ascending order.
pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}
