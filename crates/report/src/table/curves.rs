//! `curves.csv`: a row for each run and evaluated epoch.

use super::Table;
use super::column::{Column, Measured, OfRun, of_runs, run_columns, write};
use crate::analysis::Analysis;
use chainrule_record::EpochRow;

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let rows = of_runs(analysis, analysis.all_runs().map(|(run, _)| run), |run| run.curve.rows());
    write(table, &run_columns(analysis, columns()), rows)
}

/// The columns after the columns of the run.
pub(super) fn columns<'a>() -> Vec<Column<'a, OfRun<'a, EpochRow>>> {
    type Epoch<'a> = OfRun<'a, EpochRow>;
    let measured = |name, doc, value: fn(&EpochRow) -> Option<f64>| {
        Column::new(name, doc, move |row: &Epoch| Measured(value(&row.of)))
    };
    vec![
        Column::new("epoch", "epochs, updates and training samples so far", |row: &Epoch| row.of.epoch),
        Column::new("steps", "", |row: &Epoch| row.of.steps),
        Column::new("samples", "", |row: &Epoch| row.of.samples),
        Column::new(
            "cost_units",
            "1 for the forward pass of a sample, 3 for the forward and the backward pass",
            |row: &Epoch| row.of.cost_units,
        ),
        // Differs from the name of the setting, because a schedule may change the rate.
        measured("learning_rate_now", "the learning rate of the epoch's last step", |row| row.learning_rate),
        measured("train_loss", "full passes over the set", |row| row.train_loss),
        measured("train_accuracy", "", |row| row.train_accuracy),
        measured("validation_loss", "", |row| row.validation_loss),
        measured("validation_accuracy", "", |row| row.validation_accuracy),
        measured("gradient_norm", "Euclidean norm of the gradient of the epoch's last batch", |row| {
            row.gradient_norm
        }),
        measured("weight_norm", "Euclidean norm of all weights, without biases", |row| row.weight_norm),
        measured(
            "penalty_value",
            "the part of the cost that the penalty adds to the loss; empty without a penalty",
            |row| row.penalty_value,
        ),
        measured("seconds", "wall time of training so far, without evaluations and probes", |row| {
            row.seconds
        }),
    ]
}
