//! Faults, and what the checks say of them.

use super::{CheckedRun, Checks, median};
use crate::analysis::Analysis;
use chainrule_record::RunRecord;
use serde_json::Value;

/// What tells faults apart, and with what they are combined.
const SETTINGS: [&str; 3] = ["fault", "activation", "loss"];

/// The checks of a fault with one activation and one loss.
pub(crate) struct FaultRow {
    /// The labels of fault, activation and loss.
    pub(crate) labels: [String; 3],
    /// How many checks.
    pub(crate) checks: usize,
    /// How many of them did not pass.
    pub(crate) caught: usize,
    /// How many came out as expected.
    pub(crate) as_expected: usize,
    /// In how many the fault makes any difference to the gradient.
    pub(crate) changing: usize,
    /// By what they were caught, each with how many times: the tensor of the largest error, or the parameters.
    pub(crate) by: Vec<(String, usize)>,
    /// The median of the largest relative errors.
    pub(crate) error: Option<f64>,
}

/// Fault × activation × loss, in the order of the plan; empty where no fault varies.
pub(crate) fn faults(analysis: &Analysis, checks: &Checks) -> Vec<FaultRow> {
    if !analysis.grid.factors.iter().any(|factor| factor.setting == SETTINGS[0]) {
        return Vec::new();
    }
    let mut groups: Vec<([String; 3], Vec<CheckedRun>)> = Vec::new();
    for one in &checks.all {
        let labels = SETTINGS.map(|setting| label(analysis, one.run, setting));
        match groups.iter_mut().find(|group| group.0 == labels) {
            Some(group) => group.1.push(*one),
            None => groups.push((labels, vec![*one])),
        }
    }
    groups.into_iter().map(|(labels, checks)| row(labels, &checks)).collect()
}

fn label(analysis: &Analysis, run: &RunRecord, setting: &str) -> String {
    run.spec.get(setting).map_or_else(String::new, |value| match value {
        Value::String(word) => word.clone(),
        value => analysis.info.label(setting, value),
    })
}

fn row(labels: [String; 3], checks: &[CheckedRun]) -> FaultRow {
    let count = |is: &dyn Fn(&CheckedRun) -> bool| checks.iter().filter(|one| is(one)).count();
    let mut by: Vec<(String, usize)> = Vec::new();
    for name in checks.iter().filter(|one| !one.check.passed).filter_map(caught_by) {
        match by.iter_mut().find(|known| known.0 == name) {
            Some(known) => known.1 += 1,
            None => by.push((name, 1)),
        }
    }
    by.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    FaultRow {
        labels,
        checks: checks.len(),
        caught: count(&|one| !one.check.passed),
        as_expected: count(&|one| one.check.as_expected),
        changing: count(&|one| one.check.changes_gradient == Some(true)),
        by,
        error: median(checks.iter().filter_map(|one| one.check.largest_relative()).collect()),
    }
}

/// `weights of layer 2`, or that parameters were changed where no error is above the tolerance.
fn caught_by(one: &CheckedRun) -> Option<String> {
    let worst = one.check.worst().filter(|row| !row.passed);
    match worst {
        Some(row) if row.layer == 0 => Some("inputs".to_owned()),
        Some(row) => Some(format!("{} of layer {}", row.tensor, row.layer)),
        None => (!one.check.parameters_unchanged).then(|| "parameters changed".to_owned()),
    }
}
