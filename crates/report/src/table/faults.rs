//! `faults.csv`: a row per fault, activation and loss. Beside it the tables of the plots of faults.

use super::{Row, Table, save};
use crate::ReportError;
use crate::analysis::{FaultPanel, FaultRow, FaultVerdict};
use crate::output::Output;
use chainrule_record::RunRecord;

const VERDICTS: [(&str, FaultVerdict); 5] = [
    ("caught", FaultVerdict::Caught),
    ("missed", FaultVerdict::Missed),
    ("no_effect", FaultVerdict::NoEffect),
    ("passed", FaultVerdict::Right),
    ("false_alarms", FaultVerdict::FalseAlarm),
];

pub(super) fn fill_faults(faults: &[FaultRow], table: &mut Table) -> Result<(), csv::Error> {
    let of_check = ["as_expected", "caught_by", "median_of_largest_relative_errors"];
    let titles = ["fault", "activation", "loss", "checks"];
    Row::titles(titles.into_iter().chain(VERDICTS.map(|(name, _)| name)).chain(of_check)).write(table)?;
    for fault in faults {
        let by: Vec<String> = fault.by.iter().map(|(name, times)| format!("{name} ({times})")).collect();
        let mut row = Row::default();
        row.texts(fault.labels.iter().map(String::as_str)).count(fault.checks() as u64);
        VERDICTS.iter().for_each(|(_, verdict)| {
            row.count(fault.count(*verdict) as u64);
        });
        row.count(fault.as_expected as u64).text(&by.join("; ")).number(fault.error).write(table)?;
    }
    Ok(())
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
