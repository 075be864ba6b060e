//! `runs.csv`: a row for each run, planned runs first.

use super::Table;
use super::cell::setting;
use super::column::{Column, Measured, write};
use crate::analysis::{Analysis, FINALS, Part, final_value, kept_epoch};
use chainrule_record::{Digest, ExperimentKind, GradientCheck, RunMetric, RunRecord};
use serde_json::Value;
use std::collections::BTreeSet;

/// A run, and the part of the experiment that it belongs to.
type Run<'a> = (&'a RunRecord, Part);

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let setting = |name: String| {
        let title = name.clone();
        Column::new(title, "", move |(run, _): &Run| {
            let label = |value: &Value| analysis.grid.label_of(&name, value).map(str::to_owned);
            setting(run.spec.get(&name), label)
        })
    };
    let mut all = vec![run_id()];
    all.extend(settings(analysis).into_iter().map(setting));
    all.extend(columns());
    if analysis.info.kind == ExperimentKind::GradientCheck {
        all.extend(check_columns());
    }
    write(table, &all, analysis.all_runs())
}

/// The varying settings in the order of the file, then the others by name.
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

/// The columns in the documentation: one column for all settings, and the columns of gradient checks.
pub(super) fn documented<'a>() -> Vec<Column<'a, Run<'a>>> {
    let settings = Column::new("SETTING", "one column for each setting, with its name", |_: &Run| "");
    [run_id(), settings].into_iter().chain(columns()).chain(check_columns()).collect()
}

fn run_id<'a>() -> Column<'a, Run<'a>> {
    let doc = "BLAKE3 digest of everything that determines the run";
    Column::new("run_id", doc, |(run, _): &Run| run.run_id.to_string())
}

/// The columns after the settings.
fn columns<'a>() -> Vec<Column<'a, Run<'a>>> {
    let mut all = vec![
        Column::new("seed", "the replicate seed", |(run, _): &Run| run.spec.seed()),
        Column::new(
            "runs",
            "`planned`, or `fresh` for the runs of chosen configurations on fresh seeds",
            |(_, part): &Run| part.name(),
        ),
        Column::new("stop_reason", "why the run ended, see [below](#why-a-run-ended)", |(run, _): &Run| {
            run.stop.name()
        }),
        Column::new("epochs_run", "epochs and updates until the end", |(run, _): &Run| {
            run.curve.epoch.last().copied()
        }),
        Column::new("steps_run", "", |(run, _): &Run| run.curve.steps.last().copied()),
        Column::new(
            "kept_epoch",
            "the epoch whose parameters were kept, if that is not the last one: early stopping goes back to the best",
            |(run, _): &Run| kept_epoch(run),
        ),
    ];
    let mut doc = "of the parameters that were kept; empty for a run that diverged or failed";
    for metric in FINALS {
        if metric == RunMetric::TestLoss {
            doc = "on the test set, measured once, at the end";
        }
        let value = move |(run, _): &Run| Measured(final_value(run, metric));
        all.push(Column::new(metric.name(), std::mem::take(&mut doc), value));
    }
    all.extend([
        Column::new(
            "epochs_to_target",
            "when the target was first reached; empty if it was missed or there is none",
            |(run, _): &Run| run.target_reached.map(|target| target.epoch),
        ),
        Column::new("steps_to_target", "", |(run, _): &Run| run.target_reached.map(|target| target.steps)),
        Column::new(
            "divergence",
            "the tensor and layer where a number was first infinite or NaN, and the step",
            |(run, _): &Run| run.divergence.as_ref().map(ToString::to_string),
        ),
        Column::new("failure", "why a run failed", |(run, _): &Run| run.failure.clone()),
        Column::new("parameter_count", "weights and biases", |(run, _): &Run| run.parameter_count),
        Column::new("weights_digest", "BLAKE3 digest of the trained parameters", |(run, _): &Run| {
            run.weights_digest.map(|digest| digest.to_string())
        }),
        // Enough digits to distinguish layers; the digest of the whole network is in the column before.
        Column::new("layer_digests", "the first 12 digits of the digest of each layer", |(run, _): &Run| {
            run.layer_digests.iter().map(Digest::short).collect::<Vec<_>>().join(" ")
        }),
        Column::new(
            "wall_seconds",
            "duration; the only column that differs between two executions",
            |(run, _): &Run| run.wall_seconds,
        ),
        Column::new("results_version", "version of the engine's results", |(run, _): &Run| {
            run.results_version
        }),
    ]);
    all
}

/// The columns of gradient checks.
fn check_columns<'a>() -> Vec<Column<'a, Run<'a>>> {
    fn check<T>((run, _): &Run, of: impl Fn(&GradientCheck) -> T) -> Option<T> {
        run.gradient_check.as_ref().map(of)
    }
    vec![
        Column::new(
            "check_passed",
            "of gradient checks: the verdict, and whether `expect` names it; empty if no check was made, because the training \
             before it diverged or was cut short",
            |run: &Run| check(run, |check| check.passed),
        ),
        Column::new("check_as_expected", "", |run: &Run| check(run, |check| check.as_expected)),
        Column::new(
            "largest_relative_error",
            "of gradient checks: the largest over all tensors",
            |run: &Run| check(run, GradientCheck::largest_relative).flatten(),
        ),
    ]
}
