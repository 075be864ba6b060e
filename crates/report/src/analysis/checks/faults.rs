//! Faults, and the verdicts of their checks.

use super::{CheckedRun, Checks, median};
use crate::analysis::Analysis;
use chainrule_record::RunRecord;
use indexmap::IndexMap;
use serde_json::Value;
use std::cmp::Reverse;
use std::hash::Hash;

/// The fault, and the settings that it is combined with.
const SETTINGS: [&str; 3] = ["fault", "activation", "loss"];

/// The outcome of a check, with or without a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FaultVerdict {
    /// There is no fault, and the check passed.
    Right,
    /// The fault does not change the gradient, and the check passed.
    NoEffect,
    /// The fault changes the gradient or the update, but the check passed.
    Missed,
    /// The fault was found.
    Caught,
    /// There is no fault, but the check did not pass.
    FalseAlarm,
}

impl FaultVerdict {
    /// For one check.
    pub(crate) fn of(one: &CheckedRun) -> Self {
        let check = one.check;
        match (check.passed, is_faulty(one.run)) {
            (true, false) => Self::Right,
            (false, false) => Self::FalseAlarm,
            (false, true) => Self::Caught,
            (true, true) if check.changes_gradient == Some(true) || check.changes_update == Some(true) => {
                Self::Missed
            }
            (true, true) => Self::NoEffect,
        }
    }

    /// Its name in tables and plots.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Right => "passed",
            Self::NoEffect => "no effect",
            Self::Missed => "missed",
            Self::Caught => "caught",
            Self::FalseAlarm => "false alarm",
        }
    }
}

/// Whether a run has a fault.
pub(super) fn is_faulty(run: &RunRecord) -> bool {
    run.spec.get(SETTINGS[0]).is_some_and(|fault| fault != "none")
}

/// The checks of a fault with one activation and one loss.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FaultRow {
    /// The labels of fault, activation and loss.
    pub(crate) labels: [String; 3],
    /// The number of checks per verdict, for verdicts that occur.
    pub(crate) verdicts: Vec<(FaultVerdict, usize)>,
    /// The number of checks with the expected outcome.
    pub(crate) as_expected: usize,
    /// The evidence of the caught checks, with counts: the tensor with the largest error, or the parameters.
    pub(crate) by: Vec<(String, usize)>,
    /// The median of the largest relative errors, over the caught checks, or over all checks if none was caught.
    pub(crate) error: Option<f64>,
}

impl FaultRow {
    /// The number of checks with this verdict.
    pub(crate) fn count(&self, verdict: FaultVerdict) -> usize {
        self.verdicts.iter().find(|(of, _)| *of == verdict).map_or(0, |(_, times)| *times)
    }

    /// The number of checks.
    pub(crate) fn checks(&self) -> usize {
        self.verdicts.iter().map(|(_, times)| times).sum()
    }

    /// Whether the gradient is right, and the fault was caught because the backward pass changed the parameters.
    pub(crate) fn is_by_parameters(&self) -> bool {
        self.by.first().is_some_and(|(by, _)| by == CHANGED)
    }

    /// The most important verdict: caught, if any check caught it.
    pub(crate) fn verdict(&self) -> FaultVerdict {
        self.verdicts.iter().map(|(verdict, _)| *verdict).max().unwrap_or(FaultVerdict::Right)
    }
}

/// One row for each fault × activation × loss, in plan order; empty if no fault varies.
pub(crate) fn faults(analysis: &Analysis, checks: &Checks) -> Vec<FaultRow> {
    grouped(analysis, checks, |labels| labels)
}

/// One row for each fault × activation; the loss is empty.
pub(crate) fn faults_by_activation(analysis: &Analysis, checks: &Checks) -> Vec<FaultRow> {
    grouped(analysis, checks, |[fault, activation, _]| [fault, activation, String::new()])
}

/// One row for each fault; activation and loss are empty.
pub(crate) fn faults_alone(analysis: &Analysis, checks: &Checks) -> Vec<FaultRow> {
    grouped(analysis, checks, |[fault, ..]| [fault, String::new(), String::new()])
}

fn grouped(analysis: &Analysis, checks: &Checks, key: impl Fn([String; 3]) -> [String; 3]) -> Vec<FaultRow> {
    if analysis.grid.factor(SETTINGS[0]).is_none() {
        return Vec::new();
    }
    let mut groups: IndexMap<_, Vec<CheckedRun>> = IndexMap::new();
    for one in &checks.all {
        let labels = key(SETTINGS.map(|setting| label(analysis, one.run, setting)));
        groups.entry(labels).or_default().push(*one);
    }
    groups.into_iter().map(|(labels, checks)| row(labels, &checks)).collect()
}

/// The label of a setting of a run.
pub(super) fn label(analysis: &Analysis, run: &RunRecord, setting: &str) -> String {
    run.spec.get(setting).map_or_else(String::new, |value| match value {
        Value::String(word) => word.clone(),
        value => analysis.info.label(setting, value),
    })
}

fn row(labels: [String; 3], checks: &[CheckedRun]) -> FaultRow {
    let caught: Vec<&CheckedRun> = checks.iter().filter(|one| !one.check.passed).collect();
    let errors = |of: &[&CheckedRun]| of.iter().filter_map(|one| one.check.largest_relative()).collect();
    let all: Vec<&CheckedRun> = checks.iter().collect();
    FaultRow {
        labels,
        verdicts: counted(checks.iter().map(FaultVerdict::of)),
        as_expected: checks.iter().filter(|one| one.check.as_expected).count(),
        by: counted(caught.iter().filter_map(|one| caught_by(one))),
        error: median(errors(if caught.is_empty() { &all } else { &caught })),
    }
}

/// The number of occurrences of each value, most frequent first.
fn counted<T: Hash + Eq>(values: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts: IndexMap<T, usize> = IndexMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, times)| Reverse(*times));
    counts
}

/// `weights of layer 2`; or the change in the parameters, if no error is above the tolerance.
fn caught_by(one: &CheckedRun) -> Option<String> {
    let worst = one.check.worst().filter(|row| !row.passed);
    match worst {
        Some(row) if row.layer == 0 => Some("inputs".to_owned()),
        Some(row) => Some(format!("{} of layer {}", row.tensor, row.layer)),
        None => (!one.check.parameters_unchanged).then(|| CHANGED.to_owned()),
    }
}

/// The evidence for a fault that keeps the gradient right but changes the parameters.
const CHANGED: &str = "parameters changed";
