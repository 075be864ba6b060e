//! `faults.csv`: a row for each fault, activation and loss.

use super::Table;
use super::column::{Column, write};
use crate::analysis::{FaultRow, FaultVerdict};

pub(super) fn fill(faults: &[FaultRow], table: &mut Table) -> Result<(), csv::Error> {
    write(table, &columns(), faults)
}

pub(super) fn columns<'a>() -> Vec<Column<'a, &'a FaultRow>> {
    let setting = |index: usize, name, doc| {
        Column::new(name, doc, move |fault: &&FaultRow| fault.labels[index].clone())
    };
    let verdict = |name, doc, verdict| Column::new(name, doc, move |fault: &&FaultRow| fault.count(verdict));
    vec![
        setting(0, "fault", "the fault, with the activation and the loss of the network"),
        setting(1, "activation", ""),
        setting(2, "loss", ""),
        Column::new("checks", "the number of checks", |fault: &&FaultRow| fault.checks()),
        verdict("caught", "checks that did not pass", FaultVerdict::Caught),
        verdict(
            "missed",
            "checks that passed, although the fault spoils the gradient or its use",
            FaultVerdict::Missed,
        ),
        verdict(
            "no_effect",
            "checks that passed although there is a fault, because it does not change the gradient of this network",
            FaultVerdict::NoEffect,
        ),
        verdict(
            "passed",
            "without a fault: checks that passed, and checks that did not",
            FaultVerdict::Right,
        ),
        verdict("false_alarms", "", FaultVerdict::FalseAlarm),
        Column::new("as_expected", "checks with the verdict that `expect` names", |fault: &&FaultRow| {
            fault.as_expected
        }),
        Column::new(
            "caught_by",
            "the tensors of the largest errors and how many times, the most frequent first, or `parameters changed`",
            |fault: &&FaultRow| {
                let by = fault.by.iter().map(|(name, times)| format!("{name} ({times})"));
                by.collect::<Vec<_>>().join("; ")
            },
        ),
        Column::new(
            "median_of_largest_relative_errors",
            "over the checks that caught the fault, or over all if none did",
            |fault: &&FaultRow| fault.error,
        ),
    ]
}
