//! Intervals as text.

use crate::number::rounded;
use chainrule_statistics::Interval;

/// An end of an interval, or another number that may be infinite.
pub(super) fn end(value: f64, digits: usize) -> String {
    match value {
        f64::INFINITY => "∞".to_owned(),
        f64::NEG_INFINITY => "−∞".to_owned(),
        value => rounded(value, digits),
    }
}

/// ` [0.0605, 0.0795]`, or nothing.
pub(super) fn brackets(interval: Option<Interval>, digits: usize) -> String {
    interval.map_or_else(String::new, |one| format!(" [{}, {}]", end(one.low, digits), end(one.high, digits)))
}

/// `12.5 %`
pub(super) fn share(share: f64) -> String {
    format!("{} %", rounded(100.0 * share, 3))
}

/// `97.9 %`. Rounded down, because the true level is at least this high.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", rounded((1000.0 * share + 1e-9).floor() / 10.0, 3))
}
