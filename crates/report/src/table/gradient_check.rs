//! `gradient_check.csv`: a row for each run, layer and tensor.

use super::Table;
use super::column::{Column, Measured, OfRun, columns, of_runs, run_columns, write};
use crate::analysis::{Analysis, Checks};
use chainrule_record::{GradientCheck, TensorRow};

/// A row about a tensor of a run.
type Row<'a> = OfRun<'a, Tensor<'a>>;

/// A checked tensor.
pub(super) struct Tensor<'a> {
    check: &'a GradientCheck,
    tensor: &'a TensorRow,
}

pub(super) fn fill(analysis: &Analysis, checks: &Checks, table: &mut Table) -> Result<(), csv::Error> {
    let rows = of_runs(analysis, checks.all.iter().map(|one| one.run), |run| {
        run.gradient_check
            .iter()
            .flat_map(|check| check.rows.iter().map(move |tensor| Tensor { check, tensor }))
    });
    write(table, &run_columns(analysis, check_columns()), rows)
}

/// The columns after the columns of the run.
pub(super) fn check_columns<'a>() -> Vec<Column<'a, Row<'a>>> {
    let of_check = columns! { row: Row;
        "after_epochs" "epochs of training before the check, as in a run of so many epochs" => row.of.check.after_epochs,
        "samples" "samples of the batch that was differentiated: the first batch of the next epoch" => row.of.check.samples,
        "cost" "J of that batch: the loss by its reduction, and the penalty" => Measured(row.of.check.cost),
        "noise" "σ, the measured standard deviation of the rounding error of the cost" => Measured(row.of.check.noise),
        "tolerance" "the largest relative error that passes" => row.of.check.tolerance,
        "expect" "the expected verdict, the verdict, and whether they agree" => row.of.check.expect.name(),
        "passed" => row.of.check.passed,
        "as_expected" => row.of.check.as_expected,
        "parameters_unchanged" "whether the backward pass left the parameters unchanged, bit for bit; if not, the check has not \
                                passed"
            => row.of.check.parameters_unchanged,
        "changes_gradient" "whether a fault changes the gradient, beyond rounding; empty without a fault"
            => row.of.check.changes_gradient,
        "changes_update" "whether a fault spoils the use of the gradient: the update, or the parameters themselves; empty \
                          without a fault"
            => row.of.check.changes_update,
    };
    of_check.into_iter().chain(tensor_columns()).collect()
}

fn tensor_columns<'a>() -> Vec<Column<'a, Row<'a>>> {
    columns! { row: Row;
        "layer" "the layer, counted from 1; 0 for the inputs" => row.of.tensor.layer,
        "tensor" "`inputs`, `weights`, `biases` or `learnt` (parameters of the activation)" => row.of.tensor.tensor.clone(),
        "tensor_passed" "whether its largest relative error is within the tolerance" => row.of.tensor.passed,
        "entries" "entries of the tensor; entries compared with differences; entries left out at kinks"
            => row.of.tensor.entries,
        "checked" => row.of.tensor.checked,
        "kinks" => row.of.tensor.kinks,
        "below_noise" "entries compared, and not 0, that are smaller than the error that ten times σ causes: their differences \
                       may be mere rounding"
            => row.of.tensor.below_noise,
        "largest_absolute_error" "the largest \\|a − n\\|, where a is the entry of the gradient and n the difference"
            => Measured(row.of.tensor.largest_absolute),
        "largest_relative_error" "of \\|a − n\\| / max(\\|a\\|, \\|n\\|, floor)" => Measured(row.of.tensor.largest_relative),
        "median_relative_error" => Measured(row.of.tensor.median_relative),
        "sign_disagreements" "fraction of the entries above the floor whose sign differs from the sign of the difference"
            => Measured(row.of.tensor.sign_disagreements),
        "worst_at" "the entry of the largest relative error, row and column counted from 0, and both its values"
            => row.of.tensor.worst.as_ref().map(|worst| {
                worst.at.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
            }),
        "worst_analytic" => Measured(row.of.tensor.worst.as_ref().and_then(|worst| worst.analytic)),
        "worst_numeric" => Measured(row.of.tensor.worst.as_ref().and_then(|worst| worst.numeric)),
    }
}
