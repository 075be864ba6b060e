//! Quantiles of numbers of which some may be infinite.

/// The `share` quantile of ascending numbers, by linear interpolation between order statistics (type 7 of Hyndman and Fan,
/// *Sample quantiles in statistical packages*, 1996); may be infinite. `None` of nothing, and between −∞ and ∞.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let position = share * sorted.len().checked_sub(1)? as f64;
    let below = position.floor();
    let (low, high) = (*sorted.get(below as usize)?, *sorted.get(position.ceil() as usize)?);
    between(low, high, position - below)
}

/// Between −∞ and a number there is −∞ alone, as ∞ between a number and ∞: `low + part · (high − low)` would be no number.
fn between(low: f64, high: f64, part: f64) -> Option<f64> {
    match (low.is_finite(), high.is_finite()) {
        _ if low == high => Some(low),
        (true, true) => Some(low + part * (high - low)),
        (false, true) => Some(low),
        (true, false) => Some(high),
        (false, false) => None,
    }
}
