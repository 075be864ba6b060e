//! `runs.csv`: a row a run, the planned ones first.

use super::cell::setting;
use super::{Row, Table};
use crate::analysis::{Analysis, Part, kept_epoch};
use chainrule_record::{Digest, ExperimentKind, Metric, RunRecord};
use serde_json::Value;
use std::collections::BTreeSet;

/// After `run_id` and the settings.
const MEASURED: [&str; 21] = [
    "seed",
    "runs",
    "stop_reason",
    "epochs_run",
    "steps_run",
    "kept_epoch",
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "test_loss",
    "test_accuracy",
    "epochs_to_target",
    "steps_to_target",
    "divergence",
    "failure",
    "parameter_count",
    "weights_digest",
    "layer_digests",
    "wall_seconds",
    "results_version",
];

/// After these, of gradient checks.
const CHECKED: [&str; 3] = ["check_passed", "check_as_expected", "largest_relative_error"];

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let settings = settings(analysis);
    let names = settings.iter().map(String::as_str);
    let of_checks = analysis.info.kind == ExperimentKind::GradientCheck;
    let checked = CHECKED.into_iter().filter(|_| of_checks);
    Row::titles(["run_id"].into_iter().chain(names).chain(MEASURED).chain(checked)).write(table)?;
    analysis.all_runs().try_for_each(|(run, part)| row(analysis, &settings, run, part).write(table))
}

/// The settings that vary in the order of the file, then the others by name.
fn settings(analysis: &Analysis) -> Vec<String> {
    let info = analysis.info;
    let mut names: Vec<String> = info.axes.iter().map(|axis| axis.setting.clone()).collect();
    let in_records = analysis.records.iter().flat_map(|run| run.spec.0.keys());
    let others: BTreeSet<&String> = info.fixed.keys().chain(in_records).collect();
    let others: Vec<String> =
        others.into_iter().filter(|name| !names.contains(name) && *name != "seed").cloned().collect();
    names.extend(others);
    names
}

fn row(analysis: &Analysis, settings: &[String], run: &RunRecord, part: Part) -> Row {
    let mut row = Row::default();
    row.text(&run.run_id.to_string());
    for name in settings {
        let label = |value: &Value| analysis.grid.label_of(name, value).map(str::to_owned);
        row.text(&setting(run.spec.get(name), label));
    }
    row.count(run.spec.seed()).text(part.name()).text(run.stop.name());
    row.number(run.curve.epoch.last().map(|epoch| *epoch as f64));
    row.number(run.curve.steps.last().map(|steps| *steps as f64));
    row.number(kept_epoch(run).map(|epoch| epoch as f64));
    for metric in Metric::ALL {
        row.measured(run.final_value(metric));
    }
    row.measured(run.test.map(|test| test.loss)).measured(run.test.and_then(|test| test.accuracy));
    row.number(run.target_reached.map(|target| target.epoch as f64));
    row.number(run.target_reached.map(|target| target.steps as f64));
    row.text(&run.divergence.as_ref().map(ToString::to_string).unwrap_or_default());
    row.text(run.failure.as_deref().unwrap_or_default());
    row.count(run.parameter_count);
    row.text(&run.weights_digest.map(|digest| digest.to_string()).unwrap_or_default());
    // Enough digits to tell layers apart; the whole network's digest stands beside them.
    row.text(&run.layer_digests.iter().map(Digest::short).collect::<Vec<_>>().join(" "));
    row.number(Some(run.wall_seconds)).count(run.results_version);
    if analysis.info.kind == ExperimentKind::GradientCheck {
        let check = run.gradient_check.as_ref();
        row.flag(check.map(|check| check.passed)).flag(check.map(|check| check.as_expected));
        row.number(check.and_then(|check| check.largest_relative()));
    }
    row
}
