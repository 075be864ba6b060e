//! `runs.csv`: a row for each run, planned runs first.

use super::Table;
use super::cell::setting;
use super::column::{Column, Measured, columns, write};
use crate::analysis::{Analysis, FINALS, Part, final_value, kept_epoch};
use chainrule_record::{Digest, ExperimentKind, GradientCheck, RunMetric, RunRecord};
use serde_json::Value;
use std::collections::BTreeSet;

/// A run, and the part of the experiment that it belongs to.
pub(super) struct Run<'a> {
    run: &'a RunRecord,
    part: Part,
}

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let setting = |name: String| {
        let title = name.clone();
        Column::new(title, "", move |row: &Run| {
            let label = |value: &Value| analysis.grid.label_of(&name, value).map(str::to_owned);
            setting(row.run.spec.get(&name), label)
        })
    };
    let mut all = run_id();
    all.extend(settings(analysis).into_iter().map(setting));
    all.extend(run_columns());
    if analysis.info.kind == ExperimentKind::GradientCheck {
        all.extend(check_columns());
    }
    write(table, &all, analysis.all_runs().map(|(run, part)| Run { run, part }))
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
    run_id().into_iter().chain([settings]).chain(run_columns()).chain(check_columns()).collect()
}

fn run_id<'a>() -> Vec<Column<'a, Run<'a>>> {
    columns! { row: Run;
        "run_id" "BLAKE3 digest of everything that determines the run" => row.run.run_id.to_string(),
    }
}

/// The columns after the settings.
fn run_columns<'a>() -> Vec<Column<'a, Run<'a>>> {
    let mut all = columns! { row: Run;
        "seed" "the replicate seed" => row.run.spec.seed(),
        "runs" "`planned`, or `fresh` for the runs of chosen configurations on fresh seeds" => row.part.name(),
        "stop_reason" "why the run ended, see [below](#why-a-run-ended)" => row.run.stop.name(),
        "epochs_run" "epochs and updates until the end" => row.run.curve.epoch.last().copied(),
        "steps_run" => row.run.curve.steps.last().copied(),
        "kept_epoch" "the epoch whose parameters were kept, if that is not the last one: early stopping goes back to the best"
            => kept_epoch(row.run),
    };
    let mut doc = "of the parameters that were kept; empty for a run that diverged or failed";
    for metric in FINALS {
        if metric == RunMetric::TestLoss {
            doc = "on the test set, measured once, at the end";
        }
        let value = move |row: &Run| Measured(final_value(row.run, metric));
        all.push(Column::new(metric.name(), std::mem::take(&mut doc), value));
    }
    all.extend(columns! { row: Run;
        "epochs_to_target" "when the target was first reached; empty if it was missed or there is none"
            => row.run.target_reached.map(|target| target.epoch),
        "steps_to_target" => row.run.target_reached.map(|target| target.steps),
        "divergence" "the tensor and layer where a number was first infinite or NaN, and the step"
            => row.run.divergence.as_ref().map(ToString::to_string),
        "failure" "why a run failed" => row.run.failure.clone(),
        "parameter_count" "weights and biases" => row.run.parameter_count,
        "weights_digest" "BLAKE3 digest of the trained parameters"
            => row.run.weights_digest.map(|digest| digest.to_string()),
        // Enough digits to distinguish layers; the digest of the whole network is in the column before.
        "layer_digests" "the first 12 digits of the digest of each layer"
            => row.run.layer_digests.iter().map(Digest::short).collect::<Vec<_>>().join(" "),
        "wall_seconds" "duration; the only column that differs between two executions" => row.run.wall_seconds,
        "results_version" "version of the engine's results" => row.run.results_version,
    });
    all
}

/// The columns of gradient checks.
fn check_columns<'a>() -> Vec<Column<'a, Run<'a>>> {
    columns! { row: Run;
        "check_passed" "of gradient checks: the verdict, and whether `expect` names it; empty if no check was made, because the \
                        training before it diverged or was cut short"
            => row.run.gradient_check.as_ref().map(|check| check.passed),
        "check_as_expected" => row.run.gradient_check.as_ref().map(|check| check.as_expected),
        "largest_relative_error" "of gradient checks: the largest over all tensors"
            => row.run.gradient_check.as_ref().and_then(GradientCheck::largest_relative),
    }
}
