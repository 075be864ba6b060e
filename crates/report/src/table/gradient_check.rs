//! `gradient_check.csv`: a row for each run, layer and tensor.

use super::Table;
use super::column::{Column, Measured, OfRun, of_runs, run_columns, write};
use crate::analysis::{Analysis, Checks};
use chainrule_record::{GradientCheck, TensorRow, WorstEntry};

/// A checked tensor.
type Tensor<'a> = OfRun<'a, (&'a GradientCheck, &'a TensorRow)>;

pub(super) fn fill(analysis: &Analysis, checks: &Checks, table: &mut Table) -> Result<(), csv::Error> {
    let rows = of_runs(analysis, checks.all.iter().map(|one| one.run), |run| {
        run.gradient_check.iter().flat_map(|check| check.rows.iter().map(move |tensor| (check, tensor)))
    });
    write(table, &run_columns(analysis, columns()), rows)
}

/// The columns after the columns of the run.
pub(super) fn columns<'a>() -> Vec<Column<'a, Tensor<'a>>> {
    check_columns().into_iter().chain(tensor_columns()).collect()
}

fn check_columns<'a>() -> [Column<'a, Tensor<'a>>; 11] {
    fn column<'a, C: super::column::Cell + 'a>(
        name: &'static str,
        doc: &'static str,
        cell: fn(&'a GradientCheck) -> C,
    ) -> Column<'a, Tensor<'a>> {
        Column::new(name, doc, move |row: &Tensor<'a>| cell(row.of.0))
    }
    [
        column(
            "after_epochs",
            "epochs of training before the check, as in a run of so many epochs",
            |check| check.after_epochs,
        ),
        column(
            "samples",
            "samples of the batch that was differentiated: the first batch of the next epoch",
            |check| check.samples,
        ),
        column("cost", "J of that batch: the loss by its reduction, and the penalty", |check| {
            Measured(check.cost)
        }),
        column("noise", "σ, the measured standard deviation of the rounding error of the cost", |check| {
            Measured(check.noise)
        }),
        column("tolerance", "the largest relative error that passes", |check| check.tolerance),
        column("expect", "the expected verdict, the verdict, and whether they agree", |check| {
            check.expect.name()
        }),
        column("passed", "", |check| check.passed),
        column("as_expected", "", |check| check.as_expected),
        column(
            "parameters_unchanged",
            "whether the backward pass left the parameters unchanged, bit for bit; if not, the check has not passed",
            |check| check.parameters_unchanged,
        ),
        column(
            "changes_gradient",
            "whether a fault changes the gradient, beyond rounding; empty without a fault",
            |check| check.changes_gradient,
        ),
        column(
            "changes_update",
            "whether a fault spoils the use of the gradient: the update, or the parameters themselves; empty without a fault",
            |check| check.changes_update,
        ),
    ]
}

fn tensor_columns<'a>() -> [Column<'a, Tensor<'a>>; 14] {
    fn worst<'a>(row: &Tensor<'a>) -> Option<&'a WorstEntry> {
        row.of.1.worst.as_ref()
    }
    [
        Column::new("layer", "the layer, counted from 1; 0 for the inputs", |row: &Tensor| row.of.1.layer),
        Column::new(
            "tensor",
            "`inputs`, `weights`, `biases` or `learnt` (parameters of the activation)",
            |row: &Tensor| row.of.1.tensor.clone(),
        ),
        Column::new(
            "tensor_passed",
            "whether its largest relative error is within the tolerance",
            |row: &Tensor| row.of.1.passed,
        ),
        Column::new(
            "entries",
            "entries of the tensor; entries compared with differences; entries left out at kinks",
            |row: &Tensor| row.of.1.entries,
        ),
        Column::new("checked", "", |row: &Tensor| row.of.1.checked),
        Column::new("kinks", "", |row: &Tensor| row.of.1.kinks),
        Column::new(
            "below_noise",
            "entries compared, and not 0, that are smaller than the error that ten times σ causes: their differences may be mere \
             rounding",
            |row: &Tensor| row.of.1.below_noise,
        ),
        Column::new(
            "largest_absolute_error",
            "the largest \\|a − n\\|, where a is the entry of the gradient and n the difference",
            |row: &Tensor| Measured(row.of.1.largest_absolute),
        ),
        Column::new(
            "largest_relative_error",
            "of \\|a − n\\| / max(\\|a\\|, \\|n\\|, floor)",
            |row: &Tensor| Measured(row.of.1.largest_relative),
        ),
        Column::new("median_relative_error", "", |row: &Tensor| Measured(row.of.1.median_relative)),
        Column::new(
            "sign_disagreements",
            "fraction of the entries above the floor whose sign differs from the sign of the difference",
            |row: &Tensor| Measured(row.of.1.sign_disagreements),
        ),
        Column::new(
            "worst_at",
            "the entry of the largest relative error, row and column counted from 0, and both its values",
            |row: &Tensor| {
                worst(row).map(|worst| worst.at.iter().map(u64::to_string).collect::<Vec<_>>().join(" "))
            },
        ),
        Column::new("worst_analytic", "", |row: &Tensor| {
            Measured(worst(row).and_then(|worst| worst.analytic))
        }),
        Column::new("worst_numeric", "", |row: &Tensor| Measured(worst(row).and_then(|worst| worst.numeric))),
    ]
}
