//! Layer 1: exact comparison, bit by bit.

use super::finding::{Kind, Place};
use super::row::Row;
use crate::analysis::FINALS;
use crate::number::{exact, rounded};
use chainrule_record::StopReason;
use std::cmp::Ordering;

/// How a run differs from the same run in the baseline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// The most informative kind.
    pub(super) kind: Kind,
    /// Where it begins.
    pub(super) place: Place,
    /// Description.
    pub(super) words: String,
    /// Whether only probe measurements differ.
    pub(super) only_probes: bool,
}

/// The difference; `None` if the runs are equal. `whole` is true if digests of whole records are comparable, that is,
/// from the same version.
pub(super) fn difference(metric: &str, before: &Row, now: &Row, whole: bool) -> Option<Difference> {
    let layer = layer(before, now);
    let weights = before.weights_digest != now.weights_digest || layer.is_some();
    let curve = curve(before, now);
    let state = state(before, now);
    let ended = (before.stop, &before.divergence, &before.failure, before.steps)
        != (now.stop, &now.divergence, &now.failure, now.steps);
    let verdict = before.check_as_expected != now.check_as_expected;
    let part = part(before, now);
    let numbers = curve.is_some() || state.is_some() || before.target_epoch != now.target_epoch;
    let record = whole && before.record_digest != now.record_digest;
    if !(weights || numbers || ended || verdict || part.is_some() || record) {
        return None;
    }
    let kind = match ended_kind(before, now) {
        Some(kind) => kind,
        None if verdict => Kind::GradientCheck,
        None if weights => Kind::Weights,
        None if numbers || ended => Kind::Metric,
        None => Kind::Record,
    };
    let mut words = Vec::new();
    if ended {
        words.push(endings(before, now));
    }
    if verdict {
        words.push(format!("the gradient check {} as expected", came_out(now)));
    }
    if weights {
        words
            .push(layer.map_or("weights differ".to_owned(), |layer| {
                format!("weights differ from layer {layer} on")
            }));
    }
    let mut place = Place { layer, ..Place::default() };
    if let Some(row) = curve {
        words.push(of_curve(metric, before, now, row, &mut place));
    }
    if let Some(index) = state {
        words.push(of_state(index, before, now, &mut place));
    }
    if before.target_epoch != now.target_epoch {
        let text = |epoch: Option<u64>| {
            epoch.map_or("missed".to_owned(), |epoch| format!("reached in epoch {epoch}"))
        };
        words.push(format!("target {}, was {}", text(now.target_epoch), text(before.target_epoch)));
    }
    if let Some(name) = &part {
        words.push(format!("{name} differs"));
    } else if words.is_empty() {
        words.push("other recorded measurements differ".to_owned());
    }
    let only_probes =
        !(weights || numbers || ended || verdict) && part.is_some_and(|_| are_probes(before, now));
    Some(Difference { kind, place, words: words.join("; "), only_probes })
}

/// The finding kind of a run that ended differently. The worse of the two endings decides.
pub(super) fn ended_kind(before: &Row, now: &Row) -> Option<Kind> {
    match (before.stop, now.stop) {
        (before, now) if before == now => None,
        (StopReason::TimedOut, _) | (_, StopReason::TimedOut) => Some(Kind::TimedOut),
        (_, StopReason::Failed) => Some(Kind::NewlyFailed),
        (_, StopReason::Diverged) => Some(Kind::NewlyDiverged),
        _ => Some(Kind::Outcome),
    }
}

/// How a run ended now, and in the baseline.
pub(super) fn endings(before: &Row, now: &Row) -> String {
    let text = |row: &Row| {
        let steps = row.steps.map(|steps| format!(" after {steps} steps")).unwrap_or_default();
        let why = if row.failure.is_empty() { &row.divergence } else { &row.failure };
        let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
        format!("{}{steps}{why}", stopped(row.stop))
    };
    format!("{}, and before {}", text(now), text(before))
}

/// A stop reason as text.
fn stopped(stop: StopReason) -> &'static str {
    match stop {
        StopReason::MaxEpochs => "trained all epochs",
        StopReason::TargetReached => "stopped at the target",
        StopReason::GradientBelowTolerance => "stopped at a small gradient",
        StopReason::EarlyStopping => "stopped early",
        StopReason::BudgetSpent => "spent its budget",
        StopReason::Diverged => "diverged",
        StopReason::Failed => "failed",
        StopReason::TimedOut => "timed out",
        StopReason::NotTrained => "was not trained",
    }
}

fn came_out(row: &Row) -> &'static str {
    match row.check_as_expected {
        Some(true) => "comes out",
        Some(false) => "does not come out",
        None => "was not made, and so does not come out",
    }
}

/// The first layer whose trained parameters differ, counted from 1.
fn layer(before: &Row, now: &Row) -> Option<u64> {
    first_difference(&before.layer_digests, &now.layer_digests).map(|index| index as u64 + 1)
}

/// The index in the curve of the first evaluated epoch that differs.
fn curve(before: &Row, now: &Row) -> Option<usize> {
    first_difference(&before.curve_digests, &now.curve_digests)
}

/// The first final metric that differs.
fn state(before: &Row, now: &Row) -> Option<usize> {
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    (0..FINALS.len()).find(|index| bits(before.metrics[*index]) != bits(now.metrics[*index]))
}

fn part(before: &Row, now: &Row) -> Option<String> {
    let index = first_difference(&before.part_digests, &now.part_digests)?;
    now.part_digests.get(index).or_else(|| before.part_digests.get(index)).map(|(name, _)| name.clone())
}

/// Whether all parts that differ are probe measurements.
fn are_probes(before: &Row, now: &Row) -> bool {
    let same_names = before.part_digests.len() == now.part_digests.len();
    let mut pairs = before.part_digests.iter().zip(&now.part_digests);
    same_names
        && pairs.all(|(before, now)| before == now || (before.0 == now.0 && now.0.starts_with("probe.")))
}

fn first_difference<T: PartialEq>(before: &[T], now: &[T]) -> Option<usize> {
    let differs = before.iter().zip(now).position(|(before, now)| before != now);
    differs.or_else(|| (before.len() != now.len()).then(|| before.len().min(now.len())))
}

fn of_curve(metric: &str, before: &Row, now: &Row, row: usize, place: &mut Place) -> String {
    let epoch = now.curve_digests.get(row).or_else(|| before.curve_digests.get(row)).map(|(epoch, _)| *epoch);
    let value = |of: &Row| of.curve.get(row).copied().flatten();
    place.epoch = epoch;
    place.metric = Some(metric.to_owned());
    (place.before, place.now) = (value(before), value(now));
    let epoch = epoch.map(|epoch| epoch.to_string()).unwrap_or_default();
    let from = format!("the curve differs from epoch {epoch} on");
    match (place.before, place.now) {
        (Some(a), Some(b)) if a.to_bits() == b.to_bits() => format!("{from}, {metric} not yet"),
        (a, b) => format!("{from}: {metric} {}", change(a, b)),
    }
}

fn of_state(index: usize, before: &Row, now: &Row, place: &mut Place) -> String {
    let (a, b) = (before.metrics[index], now.metrics[index]);
    if place.metric.is_none() {
        place.metric = Some(FINALS[index].name().to_owned());
        (place.before, place.now) = (a, b);
    }
    format!("final {} {}", FINALS[index].name(), change(a, b))
}

/// `0.5 → 0.51 (+2 %)`
pub(super) fn change(before: Option<f64>, now: Option<f64>) -> String {
    let text = |value: Option<f64>| value.map_or("none".to_owned(), exact);
    let share = match (before, now) {
        (Some(a), Some(b)) if a != 0.0 && (b - a).is_finite() => {
            let share = 100.0 * (b - a) / a.abs();
            let sign = if share.partial_cmp(&0.0) == Some(Ordering::Less) { "" } else { "+" };
            format!(" ({sign}{} %)", rounded(share, 2))
        }
        _ => String::new(),
    };
    format!("{} → {}{share}", text(before), text(now))
}
