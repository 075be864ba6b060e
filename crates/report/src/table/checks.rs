//! `gradient_check.csv`: a row per run, layer and tensor. Beside it the table of faults.

use super::faults::fill_faults;
use super::{Row, Table, save};
use crate::ReportError;
use crate::analysis::{Analysis, Checks, FaultRow};
use crate::output::{FAULTS, GRADIENT_CHECK, Output};
use chainrule_record::{GradientCheck, TensorRow};

/// After `run_id`, the settings that vary, and `seed`.
const OF_CHECK: [&str; 11] = [
    "after_epochs",
    "samples",
    "cost",
    "noise",
    "tolerance",
    "expect",
    "passed",
    "as_expected",
    "parameters_unchanged",
    "changes_gradient",
    "changes_update",
];
const OF_TENSOR: [&str; 14] = [
    "layer",
    "tensor",
    "tensor_passed",
    "entries",
    "checked",
    "kinks",
    "below_noise",
    "largest_absolute_error",
    "largest_relative_error",
    "median_relative_error",
    "sign_disagreements",
    "worst_at",
    "worst_analytic",
    "worst_numeric",
];

/// Writes `gradient_check.csv`, and `faults.csv` where faults vary.
pub(crate) fn write(
    analysis: &Analysis,
    checks: &Checks,
    faults: &[FaultRow],
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, GRADIENT_CHECK, |table| fill(analysis, checks, table))?;
    if faults.is_empty() { Ok(()) } else { save(output, FAULTS, |table| fill_faults(faults, table)) }
}

fn fill(analysis: &Analysis, checks: &Checks, table: &mut Table) -> Result<(), csv::Error> {
    let factors = &analysis.grid.factors;
    let names = factors.iter().map(|factor| factor.setting.as_str());
    let titles = ["run_id"].into_iter().chain(names).chain(["seed"]).chain(OF_CHECK).chain(OF_TENSOR);
    Row::titles(titles).write(table)?;
    for one in &checks.all {
        let levels = analysis.grid.locate(&one.run.spec);
        let labels = levels.iter().enumerate().map(|(factor, level)| analysis.grid.label(factor, *level));
        let labels: Vec<&str> = labels.collect();
        for tensor in &one.check.rows {
            let mut row = Row::default();
            row.text(&one.run.run_id.to_string()).texts(labels.iter().copied()).count(one.run.spec.seed());
            of_tensor(of_check(&mut row, one.check), tensor).write(table)?;
        }
    }
    Ok(())
}

fn of_check<'a>(row: &'a mut Row, check: &GradientCheck) -> &'a mut Row {
    row.count(check.after_epochs).count(check.samples);
    row.measured(check.cost).measured(check.noise).number(Some(check.tolerance));
    row.text(check.expect.name()).flag(Some(check.passed)).flag(Some(check.as_expected));
    row.flag(Some(check.parameters_unchanged)).flag(check.changes_gradient);
    row.flag(check.changes_update)
}

fn of_tensor<'a>(row: &'a mut Row, tensor: &TensorRow) -> &'a mut Row {
    row.count(tensor.layer).text(&tensor.tensor).flag(Some(tensor.passed));
    row.count(tensor.entries).count(tensor.checked).count(tensor.kinks).count(tensor.below_noise);
    row.measured(tensor.largest_absolute).measured(tensor.largest_relative).measured(tensor.median_relative);
    row.measured(tensor.sign_disagreements);
    let worst = tensor.worst.as_ref();
    let at = worst.map(|worst| worst.at.iter().map(u64::to_string).collect::<Vec<_>>().join(" "));
    row.text(&at.unwrap_or_default());
    row.measured(worst.and_then(|worst| worst.analytic)).measured(worst.and_then(|worst| worst.numeric))
}
