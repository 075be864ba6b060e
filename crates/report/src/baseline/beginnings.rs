//! Layer 2: whether training starts from the same loss and makes the same first progress.
//!
//! Rounding errors cannot grow before the first epoch, and grow little until the second evaluation. So on any
//! processor, the deciding loss of untrained networks agrees up to rounding, and the first progress L(1) − L(0) agrees
//! closely. An error in the model or in training shows here long before chaos hides it. With a new version of the
//! engine's results, both changes may be intended, so they are notices.

use super::finding::{Finding, Kind, Place, Severity};
use super::row::Row;
use super::similar::{Group, LEVEL, Pair, groups};
use crate::number::rounded;
use chainrule_statistics::sign_p;

/// The largest difference between the losses of untrained networks, as a fraction of the loss.
const START: f64 = 1e-4;

/// The largest difference in the first progress, as a fraction of it.
const PROGRESS: f64 = 1e-3;

/// Progress below this fraction of the loss is ignored.
const LEAST_PROGRESS: f64 = 1e-4;

/// The findings. Empty if the deciding metric is not a loss: rounding can change other metrics by whole samples.
pub(super) fn changed(varying: &[String], pairs: &[Pair], metric: &str, severity: Severity) -> Vec<Finding> {
    if !metric.ends_with("loss") {
        return Vec::new();
    }
    let groups = groups(varying, pairs);
    let starts: Vec<Finding> = groups.iter().filter_map(|group| start(group, metric, severity)).collect();
    if !starts.is_empty() {
        return first_of(starts, groups.len());
    }
    let progress = groups.iter().filter_map(|group| progress(group, metric, severity, groups.len()));
    first_of(progress.collect(), groups.len())
}

/// The first group is all runs. If every group shows the same, only its finding is kept.
fn first_of(mut findings: Vec<Finding>, groups: usize) -> Vec<Finding> {
    if findings.len() == groups {
        findings.truncate(1);
    }
    findings
}

/// The lower quartile: three quarters of the numbers are at least as large.
fn lower_quartile(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(values.len() / 4).copied()
}

fn start(group: &Group, metric: &str, severity: Severity) -> Option<Finding> {
    let apart = |pair: &Pair| {
        let (before, now) = (loss(pair.before, 0)?, loss(pair.now, 0)?);
        Some((now - before).abs() / before.abs().max(f64::MIN_POSITIVE))
    };
    let apart: Vec<f64> = group.pairs.iter().filter_map(apart).collect();
    let quartile = lower_quartile(&apart).filter(|apart| *apart > START)?;
    let message = format!(
        "{metric} of {} differs before training, by {} % or more in three quarters of them: initial weights, data or the \
         loss differ",
        group.name,
        rounded(100.0 * quartile, 2)
    );
    Some(Finding::new(severity, Kind::Start, message).at(place(group, metric, 0)))
}

fn progress(group: &Group, metric: &str, severity: Severity, tests: usize) -> Option<Finding> {
    let apart = |pair: &Pair| {
        let of = |row: &Row| Some(loss(row, 1)? - loss(row, 0)?);
        let (before, now) = (of(pair.before)?, of(pair.now)?);
        let is_enough = before.abs() > LEAST_PROGRESS * loss(pair.before, 0)?.abs();
        is_enough.then(|| (now - before) / before)
    };
    let apart: Vec<f64> = group.pairs.iter().filter_map(apart).collect();
    let sizes: Vec<f64> = apart.iter().map(|apart| apart.abs()).collect();
    let quartile = lower_quartile(&sizes).filter(|apart| *apart > PROGRESS)?;
    // Chaos raises the first progress as often as it lowers it; an error moves it in one direction.
    let more = apart.iter().filter(|apart| **apart > 0.0).count();
    let less = apart.iter().filter(|apart| **apart < 0.0).count();
    let p = sign_p(more, less, 0)? * tests as f64;
    if p > LEVEL {
        return None;
    }
    let message = format!(
        "training of {} differs from the start: the first progress in {metric} differs by {} % or more in three quarters of \
         them. It is larger in {more} and smaller in {less} (p = {})",
        group.name,
        rounded(100.0 * quartile, 2),
        rounded(p, 2)
    );
    Some(Finding::new(severity, Kind::Progress, message).at(place(group, metric, 1)))
}

/// The deciding loss at the evaluated epoch with this index.
fn loss(row: &Row, index: usize) -> Option<f64> {
    row.curve.get(index).copied().flatten()
}

/// The place in the group's first run.
fn place(group: &Group, metric: &str, index: usize) -> Place {
    let first = group.pairs.first();
    Place {
        epoch: first.and_then(|pair| pair.now.curve_digests.get(index)).map(|(epoch, _)| *epoch),
        metric: Some(metric.to_owned()),
        before: first.and_then(|pair| loss(pair.before, index)),
        now: first.and_then(|pair| loss(pair.now, index)),
        layer: None,
    }
}
