//! The result of the check for each fault, by activation.

use super::{Axis, Cell, ColorBar, Fill, Ink, Mark, Name, Panel, Plot, Scale, Table};
use crate::analysis::{Analysis, Checks, FaultRow, FaultVerdict, faults_by_activation};
use crate::number::{rounded, rounded_or};
use crate::table::Row;

const CAPTION: &str = "Which faults the check finds, and with which activation: a coloured cell is a fault that was caught, by an error far above the tolerance. In a white cell the check passed. The fault makes no difference there or, in an orange frame, it affects something that the check does not examine.";

const NOTES: [&str; 4] = [
    "a cell: the largest relative error of a check, median over the checks that found the fault, whatever the loss",
    "white: the check passed",
    "an orange frame: it passed although something is wrong",
    "changed W: the gradient is right, but the backward pass changed the weights",
];

/// The largest height of a row, in pixels.
const HIGHEST: f64 = 60.0;

/// A cell for each fault and activation.
pub(super) fn plot(analysis: &Analysis, checks: &Checks) -> Option<Plot> {
    let rows = Some(faults_by_activation(analysis, checks)).filter(|rows| !rows.is_empty())?;
    let color_bar = color_bar(&rows);
    Some(Plot {
        title: "Faults that the gradient check finds, by activation".to_owned(),
        notes: NOTES.map(str::to_owned).to_vec(),
        caption: CAPTION,
        panels: vec![panel(&rows, &color_bar)],
        color_bar: Some(color_bar),
        tables: vec![table(&rows)],
        ..Plot::default()
    })
}

/// Covers gradient errors only: a fault that changes the weights causes no such error.
fn color_bar(rows: &[FaultRow]) -> ColorBar {
    let found = rows.iter().filter(|row| row.verdict() == FaultVerdict::Caught && !row.is_by_parameters());
    let scale = Scale::decades(found.filter_map(|row| row.error));
    ColorBar::new("relative error of the gradient", scale)
}

fn distinct(rows: &[FaultRow], label: usize) -> Vec<&str> {
    rows.iter().map(|row| row.labels[label].as_str()).fold(Vec::new(), |mut distinct, name| {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
        distinct
    })
}

fn panel(rows: &[FaultRow], bar: &ColorBar) -> Panel {
    let (faults, activations) = (distinct(rows, 0), distinct(rows, 1));
    let names = |names: &[&str]| names.iter().map(|name| Name::new(*name)).collect::<Vec<Name>>();
    let x = Axis::names_above(names(&activations));
    let y = Axis::names_downwards("", names(&faults));
    let place =
        |names: &[&str], name: &str| names.iter().position(|known| *known == name).unwrap_or(0) as f64;
    let at = |row: &FaultRow| (place(&activations, &row.labels[1]), place(&faults, &row.labels[0]));
    let cells = rows.iter().map(|row| cell(row, at(row), bar)).collect();
    Panel { highest: HIGHEST * faults.len() as f64, ..Panel::new(x, y, vec![Mark::cells(cells)]) }
}

fn cell(row: &FaultRow, at: (f64, f64), bar: &ColorBar) -> Cell {
    let verdict = row.verdict();
    let error = |missing: &str| row.error.map_or_else(|| missing.to_owned(), |error| rounded(error, 2));
    let (fill, text, text_ink) = match verdict {
        FaultVerdict::Caught if row.is_by_parameters() => (Fill::Share(0.0), "changed W".to_owned(), None),
        FaultVerdict::Caught => {
            (Fill::Share(row.error.map_or(1.0, |error| bar.share(error))), error("no number"), None)
        }
        FaultVerdict::FalseAlarm => (Fill::Ink(Ink::Alarm), error("no number"), None),
        FaultVerdict::Right => (Fill::Blank, error(""), Some(Ink::Muted)),
        FaultVerdict::NoEffect => (Fill::Blank, verdict.name().to_owned(), Some(Ink::Muted)),
        FaultVerdict::Missed => (Fill::Blank, verdict.name().to_owned(), Some(Ink::Alarm)),
    };
    let frame = (verdict == FaultVerdict::Missed).then_some(Ink::Alarm);
    Cell { at, fill, texts: vec![text], text_ink, frame, hover: hover(row) }
}

fn hover(row: &FaultRow) -> String {
    let [fault, activation, _] = &row.labels;
    let verdict = row.verdict();
    let by = row.by.first().map_or_else(String::new, |(by, _)| format!(" by the {by}"));
    format!(
        "{fault} with {activation}\n{}{by}, {} of {}\nlargest relative error {}",
        verdict.name(),
        row.count(verdict),
        row.checks(),
        rounded_or(row.error, 3, "–")
    )
}

/// A row for each cell.
fn table(rows: &[FaultRow]) -> Table {
    let titles = ["fault", "activation", "verdict", "caught_by", "median_of_largest_relative_errors"];
    let mut table = Table::new(titles);
    for cell in rows {
        let by = cell.by.first().map_or("", |(by, _)| by.as_str());
        let mut row = Row::default();
        row.texts(cell.labels[..2].iter().map(String::as_str)).text(cell.verdict().name()).text(by);
        table.push(row.number(cell.error));
    }
    table
}
