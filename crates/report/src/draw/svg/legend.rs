//! The legend beside the panels.

use super::super::palette::{BLACK, GREY, color};
use super::super::{HEIGHT, WIDTH};
use super::marks::{MARKER, marker};
use super::sheet::{Anchor, Sheet};
use super::text::{shortened, told_apart, wrap};
use super::{LEGEND, REMARK, TEXT};
use crate::plot::{Entry, Legend};

/// The distance from the left edge to the labels.
const LABEL: f64 = 92.0;

/// Draws a legend under its title. Settings, then notes, are omitted if they do not fit.
pub(super) fn draw(sheet: &Sheet, legend: &Legend, top: f64) {
    let (entries, room) = (&legend.entries, HEIGHT - 20.0 - top - 54.0);
    let width = WIDTH - LEGEND - 16.0;
    if entries.is_empty() {
        return;
    }
    sheet.text(&shortened(&legend.title, TEXT, width), (LEGEND, top + 12.0), TEXT, GREY, Anchor::Left);
    let remarks = remarks(entries, width - 12.0, room);
    let is_crowded = remarks.iter().all(Vec::is_empty);
    let step = if is_crowded { (room / entries.len() as f64).min(56.0) } else { 32.0 };
    let labels: Vec<String> = entries.iter().map(|entry| entry.label.clone()).collect();
    let labels = told_apart(&labels, TEXT, width - LABEL);
    let mut y = top + 54.0;
    for ((entry, label), remarks) in entries.iter().zip(&labels).zip(&remarks) {
        sample(sheet, entry, y);
        sheet.text(label, (LEGEND + LABEL, y), TEXT, BLACK, Anchor::Left);
        y += step;
        for line in remarks {
            sheet.text(line, (LEGEND + 12.0, y), REMARK, GREY, Anchor::Left);
            y += 27.0;
        }
        y += if is_crowded { 0.0 } else { 14.0 };
    }
}

/// The lines below each label, as many as fit into `room`.
fn remarks(entries: &[Entry], width: f64, room: f64) -> Vec<Vec<String>> {
    let notes = |entry: &Entry| -> Vec<String> {
        entry.notes.iter().map(|note| shortened(note, REMARK, width)).collect()
    };
    let all = |entry: &Entry| [wrap(&entry.details, ", ", REMARK, width), notes(entry)].concat();
    let choices: [Vec<Vec<String>>; 2] =
        [entries.iter().map(all).collect(), entries.iter().map(notes).collect()];
    let height = |lines: &[Vec<String>]| 46.0 * lines.len() as f64 + 27.0 * lines.concat().len() as f64;
    let fitting = choices.into_iter().find(|choice| height(choice) <= room);
    fitting.unwrap_or_else(|| vec![Vec::new(); entries.len()])
}

fn sample(sheet: &Sheet, entry: &Entry, y: f64) {
    let ink = color(entry.ink);
    if let Some(stroke) = entry.stroke {
        sheet.line(&[(LEGEND, y), (LEGEND + 80.0, y)], stroke, ink);
    }
    entry.symbol.map_or((), |symbol| marker(sheet, symbol, (LEGEND + 40.0, y), MARKER, ink))
}
