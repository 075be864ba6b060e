//! `faults.csv`: a row per fault, activation and loss.

use super::{Row, Table};
use crate::analysis::{FaultRow, FaultVerdict};

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
