//! Layer 2: whether training still begins where it began, and goes the same way.
//!
//! Rounding has had no time to grow before the first epoch, and little until the second evaluation. So the deciding loss of
//! untrained networks agrees to rounding, and the first progress L(1) − L(0) nearly, whatever the processor: an error in
//! what is trained, or in how, is seen there long before chaos hides it. Where the engine's results have a new version both
//! may be meant, and are notices.

use super::finding::{Finding, Kind, Place, Severity};
use super::row::Row;
use super::similar::{Group, LEVEL, Pair, groups};
use crate::number::rounded;
use chainrule_statistics::sign_p;

/// How far untrained networks may be apart, as a share of their loss.
const START: f64 = 1e-4;

/// How far the first progress may be apart, as a share of it.
const PROGRESS: f64 = 1e-3;

/// Less progress than this share of the loss says nothing.
const LEAST_PROGRESS: f64 = 1e-4;

/// The findings; none where the deciding metric is no loss, which rounding alone does not move by whole samples.
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

/// What all runs show, groups need not repeat: all are the first group, whose finding comes first.
fn first_of(mut findings: Vec<Finding>, groups: usize) -> Vec<Finding> {
    if findings.len() == groups {
        findings.truncate(1);
    }
    findings
}

/// Three quarters of the numbers are at least this.
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
         loss are others",
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
    // Chaos moves the first progress as often up as down; an error moves it one way.
    let more = apart.iter().filter(|apart| **apart > 0.0).count();
    let less = apart.iter().filter(|apart| **apart < 0.0).count();
    let p = sign_p(more, less, 0)? * tests as f64;
    if p > LEVEL {
        return None;
    }
    let message = format!(
        "training of {} goes another way from its beginning: the first progress in {metric} differs by {} % or more in three \
         quarters of them; it is more in {more} and less in {less} (p = {})",
        group.name,
        rounded(100.0 * quartile, 2),
        rounded(p, 2)
    );
    Some(Finding::new(severity, Kind::Progress, message).at(place(group, metric, 1)))
}

/// The deciding loss at an evaluated epoch.
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
