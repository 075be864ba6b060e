//! `curves.csv`: a row for each run and evaluated epoch.

use super::Table;
use super::column::{Column, Measured, OfRun, columns, of_runs, run_columns, write};
use crate::analysis::Analysis;
use chainrule_record::EpochRow;

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let rows = of_runs(analysis, analysis.all_runs().map(|(run, _)| run), |run| run.curve.rows());
    write(table, &run_columns(analysis, epoch_columns()), rows)
}

/// The columns after the columns of the run.
pub(super) fn epoch_columns<'a>() -> Vec<Column<'a, OfRun<'a, EpochRow>>> {
    columns! { row: OfRun<EpochRow>;
        "epoch" "epochs, updates and training samples so far" => row.of.epoch,
        "steps" => row.of.steps,
        "samples" => row.of.samples,
        "cost_units" "1 for the forward pass of a sample, 3 for the forward and the backward pass" => row.of.cost_units,
        // Differs from the name of the setting, because a schedule may change the rate.
        "learning_rate_now" "the learning rate of the epoch's last step" => Measured(row.of.learning_rate),
        "train_loss" "full passes over the set" => Measured(row.of.train_loss),
        "train_accuracy" => Measured(row.of.train_accuracy),
        "validation_loss" => Measured(row.of.validation_loss),
        "validation_accuracy" => Measured(row.of.validation_accuracy),
        "gradient_norm" "Euclidean norm of the gradient of the epoch's last batch" => Measured(row.of.gradient_norm),
        "weight_norm" "Euclidean norm of all weights, without biases" => Measured(row.of.weight_norm),
        "penalty_value" "the part of the cost that the penalty adds to the loss; empty without a penalty"
            => Measured(row.of.penalty_value),
        "seconds" "wall time of training so far, without evaluations and probes" => Measured(row.of.seconds),
    }
}
