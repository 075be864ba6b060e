//! `faults.csv`: a row for each fault, activation and loss.

use super::Table;
use super::column::{Column, columns, write};
use crate::analysis::{FaultRow, FaultVerdict};

pub(super) fn fill(faults: &[FaultRow], table: &mut Table) -> Result<(), csv::Error> {
    write(table, &fault_columns(), faults)
}

pub(super) fn fault_columns<'a>() -> Vec<Column<'a, &'a FaultRow>> {
    columns! { row: &FaultRow;
        "fault" "the fault, with the activation and the loss of the network" => row.labels[0].clone(),
        "activation" => row.labels[1].clone(),
        "loss" => row.labels[2].clone(),
        "checks" "the number of checks" => row.checks(),
        "caught" "checks that did not pass" => row.count(FaultVerdict::Caught),
        "missed" "checks that passed, although the fault spoils the gradient or its use" => row.count(FaultVerdict::Missed),
        "no_effect" "checks that passed although there is a fault, because it does not change the gradient of this network"
            => row.count(FaultVerdict::NoEffect),
        "passed" "without a fault: checks that passed, and checks that did not" => row.count(FaultVerdict::Right),
        "false_alarms" => row.count(FaultVerdict::FalseAlarm),
        "as_expected" "checks with the verdict that `expect` names" => row.as_expected,
        "caught_by" "the tensors of the largest errors and how many times, the most frequent first, or `parameters changed`"
            => row.by.iter().map(|(name, times)| format!("{name} ({times})")).collect::<Vec<_>>().join("; "),
        "median_of_largest_relative_errors" "over the checks that caught the fault, or over all if none did" => row.error,
    }
}
