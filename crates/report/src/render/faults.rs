//! The faults of an experiment: the ones that the check finds, and the ones that it cannot find. This module computes
//! no numbers.

use super::markdown::{code, more, table};
use crate::analysis::{FaultPanel, FaultRow, FaultVerdict, Outcome};
use crate::number::{count, rounded_or};
use chainrule_record::RunRecord;

/// Significant digits of errors.
pub(super) const DIGITS: usize = 3;

/// The largest number of rows in the table by activation and loss.
const ROWS: usize = 200;

/// The verdict over all faults; `alone` has a row for each fault. `None` if no fault varies.
pub(super) fn sentence(alone: &[FaultRow], name: &dyn Fn(&str) -> String) -> Option<String> {
    let (right, faults): (Vec<&FaultRow>, Vec<&FaultRow>) =
        alone.iter().partition(|row| matches!(row.verdict(), FaultVerdict::Right | FaultVerdict::FalseAlarm));
    let caught = faults.iter().filter(|row| row.count(FaultVerdict::Caught) > 0).count();
    let names =
        |rows: Vec<&&FaultRow>| rows.iter().map(|row| name(&row.labels[0])).collect::<Vec<_>>().join(", ");
    let of = |is: &dyn Fn(&FaultRow) -> bool| names(faults.iter().filter(|row| is(row)).collect());
    let never = of(&|row| row.count(FaultVerdict::Caught) == 0);
    let partly = of(&|row| row.count(FaultVerdict::Caught) > 0 && row.count(FaultVerdict::Missed) > 0);
    let alarms: usize = right.iter().map(|row| row.count(FaultVerdict::FalseAlarm)).sum();
    let checks: usize = right.iter().map(|row| row.checks()).sum();
    let parts = [
        (!faults.is_empty()).then(|| {
            let were = if faults.len() == 1 { "was" } else { "were" };
            format!("{caught} of {} {were} caught.", count(faults.len(), "fault"))
        }),
        (!never.is_empty()).then(|| format!("Never caught: {never}.")),
        (!partly.is_empty()).then(|| format!("Caught in some networks and missed in others: {partly}.")),
        (checks > 0).then(|| {
            format!(
                "Without a fault there {} in {}.",
                if alarms == 1 {
                    "was 1 false alarm".to_owned()
                } else {
                    format!("were {alarms} false alarms")
                },
                count(checks, "check")
            )
        }),
    ];
    (!alone.is_empty()).then(|| parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// A table with a row for each fault, and a table of fault and loss by activation.
pub(super) fn section(alone: &[FaultRow], rows: &[FaultRow], panels: &[FaultPanel]) -> String {
    if alone.is_empty() {
        return String::new();
    }
    format!(
        "## Faults\n\nA fault is *caught* if the check does not pass. It is *missed* if the check passes although the \
         fault spoils the gradient or its use. It has *no effect* if the gradient is still correct. The error is the \
         largest relative error of a check, as the median over the checks that caught the fault.\n\n{}\n\
         ## Faults by loss and activation\n\nThe error at which each fault was caught, if it was. All rows, with the \
         reason for each verdict, are in [`faults.csv`](faults.csv).\n\n{}\n{}",
        by_fault(alone),
        by_activation(rows),
        training(panels)
    )
}

fn by_fault(alone: &[FaultRow]) -> String {
    let row = |fault: &FaultRow| {
        let times = |verdict: FaultVerdict| match fault.count(verdict) {
            0 => String::new(),
            times => times.to_string(),
        };
        let verdicts = [
            FaultVerdict::Caught,
            FaultVerdict::Missed,
            FaultVerdict::NoEffect,
            FaultVerdict::Right,
            FaultVerdict::FalseAlarm,
        ];
        let by = fault.by.iter().take(3).map(|(name, times)| format!("{name} ({times})"));
        [code(&fault.labels[0])]
            .into_iter()
            .chain(verdicts.map(times))
            .chain([by.collect::<Vec<_>>().join(", "), rounded_or(fault.error, DIGITS, "–")])
            .collect()
    };
    let titles =
        ["fault", "caught", "missed", "no effect", "passed", "false alarm", "mostly by the", "error"];
    table(&titles, &alone.iter().map(row).collect::<Vec<_>>())
}

fn by_activation(rows: &[FaultRow]) -> String {
    let mut activations: Vec<&str> = Vec::new();
    let mut lines: Vec<(&str, &str)> = Vec::new();
    for [fault, activation, loss] in rows.iter().map(|row| &row.labels) {
        if !activations.contains(&activation.as_str()) {
            activations.push(activation);
        }
        if !lines.contains(&(fault, loss)) {
            lines.push((fault, loss));
        }
    }
    let cell = |(fault, loss): (&str, &str), activation: &str| {
        let found = rows.iter().find(|row| row.labels == [fault, activation, loss]);
        found.map_or_else(String::new, outcome)
    };
    // Rows are grouped by fault, whatever their order in the file.
    let first = |fault: &str| rows.iter().position(|row| row.labels[0] == fault);
    lines.sort_by_key(|(fault, _)| first(fault));
    let line = |line: &(&str, &str)| {
        let cells = activations.iter().map(|activation| cell(*line, activation));
        [code(line.0), code(line.1)].into_iter().chain(cells).collect()
    };
    let titles = [&["fault", "loss"], activations.as_slice()].concat();
    let more = more(lines.len(), ROWS, Some("row"));
    format!("{}{more}", table(&titles, &lines.iter().take(ROWS).map(line).collect::<Vec<_>>()))
}

/// The result of training with each fault and without it.
fn training(panels: &[FaultPanel]) -> String {
    if panels.is_empty() {
        return String::new();
    }
    let outcome = |runs: &[&RunRecord]| {
        let Outcome { loss, diverged } = Outcome::of(runs);
        let lost =
            if diverged > 0 { format!(", {diverged} of {} diverged", runs.len()) } else { String::new() };
        format!("{}{lost}", rounded_or(loss, DIGITS, "–"))
    };
    let row = |panel: &FaultPanel| {
        let network = code(&panel.network);
        let outcomes = [outcome(&panel.wrong), outcome(&panel.right)];
        [code(&panel.fault), network, panel.verdict.name().to_owned()].into_iter().chain(outcomes).collect()
    };
    let titles = ["fault", "network", "the check", "training loss with it", "without"];
    format!(
        "## Training with a fault\n\nThe last training loss, median over the seeds: of runs that differ in nothing but the \
         fault. Their curves are below.\n\n{}\n",
        table(&titles, &panels.iter().map(row).collect::<Vec<_>>())
    )
}

/// `caught 0.93`, or `caught: changed W` if the gradient is correct. If checks differ: how many of them, and of how
/// many.
fn outcome(row: &FaultRow) -> String {
    let verdict = row.verdict();
    let times = row.count(verdict);
    let share = if times == row.checks() { String::new() } else { format!(" {times} of {}", row.checks()) };
    match verdict {
        FaultVerdict::Caught if row.is_by_parameters() => format!("caught{share}: changed W"),
        FaultVerdict::Caught | FaultVerdict::FalseAlarm | FaultVerdict::Right => {
            format!("{}{share} {}", verdict.name(), rounded_or(row.error, 2, "no number"))
        }
        FaultVerdict::Missed | FaultVerdict::NoEffect => format!("{}{share}", verdict.name()),
    }
}
