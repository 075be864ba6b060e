//! `faults.csv`: a row for each fault, activation and loss. And the tables of the plots of faults.

use super::column::{Column, write};
use super::{Row, Table, save};
use crate::analysis::{FaultPanel, FaultRow, FaultVerdict};
use crate::error::ReportError;
use crate::output::Output;
use chainrule_record::RunRecord;

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

/// The table of the map of faults: a row a cell.
pub(crate) fn fault_map(rows: &[FaultRow], name: &str, output: &mut Output) -> Result<(), ReportError> {
    save(output, &format!("plots/{name}.csv"), |table| {
        let titles = ["fault", "activation", "verdict", "caught_by", "median_of_largest_relative_errors"];
        Row::titles(titles).write(table)?;
        for cell in rows {
            let by = cell.by.first().map_or("", |(by, _)| by.as_str());
            let mut row = Row::default();
            row.texts(cell.labels[..2].iter().map(String::as_str)).text(cell.verdict().name()).text(by);
            row.number(cell.error).write(table)?;
        }
        Ok(())
    })
}

/// The table of the curves with and without faults: a row per run and epoch.
pub(crate) fn fault_curves(
    panels: &[FaultPanel],
    name: &str,
    output: &mut Output,
) -> Result<(), ReportError> {
    save(output, &format!("plots/{name}.csv"), |table| {
        let titles =
            ["fault", "network", "verdict", "with_fault", "run_id", "seed", "stop", "epoch", "train_loss"];
        Row::titles(titles).write(table)?;
        for panel in panels {
            let runs = panel.wrong.iter().map(|run| (true, run));
            for (is_wrong, run) in runs.chain(panel.right.iter().map(|run| (false, run))) {
                fill_curve(panel, is_wrong, run, table)?;
            }
        }
        Ok(())
    })
}

fn fill_curve(
    panel: &FaultPanel,
    is_wrong: bool,
    run: &RunRecord,
    table: &mut Table,
) -> Result<(), csv::Error> {
    for (epoch, loss) in run.curve.epoch.iter().zip(&run.curve.train_loss) {
        let mut row = Row::default();
        row.text(&panel.fault).text(&panel.network).text(panel.verdict.name()).flag(Some(is_wrong));
        row.text(&run.run_id.to_string()).count(run.spec.seed()).text(run.stop.name());
        row.count(*epoch).number(*loss).write(table)?;
    }
    Ok(())
}
