//! `curves.csv`: a row per run and evaluated epoch.

use super::{Row, Table};
use crate::analysis::Analysis;
use chainrule_record::EpochRow;

/// After `run_id`, the settings that vary, and `seed`. The learning rate of an epoch's last step is called otherwise
/// than the setting, from which a schedule makes it.
const MEASURED: [&str; 13] = [
    "epoch",
    "steps",
    "samples",
    "cost_units",
    "learning_rate_now",
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "gradient_norm",
    "weight_norm",
    "penalty_value",
    "seconds",
];

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let names = analysis.grid.all_factors().map(|factor| factor.setting.as_str());
    Row::titles(["run_id"].into_iter().chain(names).chain(["seed"]).chain(MEASURED)).write(table)?;
    for (run, _) in analysis.all_runs() {
        let id = run.run_id.to_string();
        let seed = run.spec.seed();
        let labels = analysis.grid.labels(&run.spec);
        for epoch in run.curve.rows() {
            row(&id, &labels, seed, epoch).write(table)?;
        }
    }
    Ok(())
}

fn row(id: &str, labels: &[&str], seed: u64, epoch: EpochRow) -> Row {
    let mut row = Row::default();
    row.text(id).texts(labels.iter().copied()).count(seed);
    row.count(epoch.epoch).count(epoch.steps).count(epoch.samples).count(epoch.cost_units);
    row.measured(epoch.learning_rate);
    row.measured(epoch.train_loss).measured(epoch.train_accuracy);
    row.measured(epoch.validation_loss).measured(epoch.validation_accuracy);
    row.measured(epoch.gradient_norm).measured(epoch.weight_norm).measured(epoch.penalty_value);
    row.measured(epoch.seconds);
    row
}
