//! The table of all runs, and the curve of each.

use super::data::{short, text};
use crate::analysis::{Analysis, Factor, Part, thinned};
use crate::number::count;
use crate::plot::words as wording;
use crate::render::runs::message;
use crate::text::one_line;
use chainrule_record::{ExperimentKind, Metric, RunRecord, StopReason};
use plotly::Layout;
use plotly::layout::{Axis, AxisType};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The approximate limit for the points of all curves together: with more runs, each curve has fewer points.
const MAX_POINTS: usize = 240_000;
/// The largest number of points in a curve.
const MAX_CURVE: usize = 300;
/// Curves that would have fewer points are omitted.
const MIN_CURVE: usize = 12;
/// The smallest size of a table row, in bytes.
const MIN_ROW: usize = 24;

/// All runs, for the script of the page.
pub(super) struct Runs {
    pub(super) data: String,
    pub(super) count: String,
    /// The reasons why runs ended, for the filter.
    pub(super) endings: Vec<&'static str>,
    /// A note, as HTML, that names the omitted data and the file with all data.
    pub(super) note: String,
}

impl Runs {
    /// The runs, or as many of them as fit into `room` bytes; `None` if there are none.
    pub(super) fn new(analysis: &Analysis, room: usize) -> Option<Self> {
        let is_of_networks = analysis.info.kind != ExperimentKind::Function;
        (is_of_networks && !analysis.records.is_empty()).then(|| Self::of(analysis, room))
    }

    fn of(analysis: &Analysis, room: usize) -> Self {
        let series = series(analysis);
        let runs: Vec<&RunRecord> = analysis.all_runs().map(|(run, _)| run).collect();
        let longest = runs.iter().map(|run| run.curve.len()).max().unwrap_or(0);
        let points = (MAX_POINTS / (runs.len() * series.len().max(1))).min(MAX_CURVE);
        let points = if points < MIN_CURVE.min(longest) { 0 } else { points };
        let mut rows = runs.len().min(room / MIN_ROW);
        let mut data = text(&data(analysis, &runs[..rows], &series, points));
        while data.len() > room && rows > 0 {
            rows = (rows as f64 * room as f64 / data.len() as f64 * 0.99) as usize;
            data = text(&self::data(analysis, &runs[..rows], &series, points));
        }
        Self {
            data,
            count: count(runs.len(), "run"),
            endings: reasons_of(&runs).into_iter().map(|reason| reason.name()).collect(),
            note: note(longest, if series.is_empty() { longest } else { points }, rows, runs.len()),
        }
    }
}

/// The table, the curves, and why runs were lost.
fn data(analysis: &Analysis, runs: &[&RunRecord], series: &[Metric], points: usize) -> Value {
    let reasons = runs.iter().enumerate().filter(|(_, run)| is_odd(run));
    let reasons: BTreeMap<usize, String> =
        reasons.map(|(index, run)| (index, one_line(&message(run)))).collect();
    let columns = columns(analysis, runs);
    json!({
        "columns": columns.iter().map(|column| &column.0).collect::<Vec<_>>(),
        "cells": columns.iter().map(|column| &column.1).collect::<Vec<_>>(),
        "reasons": reasons,
        "series": series.iter().map(|metric| metric.label()).collect::<Vec<_>>(),
        "curves": if points > 0 { curves(runs, series, points) } else { json!({"epochs": [], "runs": []}) },
        "layout": layout(analysis),
    })
}

fn is_odd(run: &RunRecord) -> bool {
    run.divergence.is_some() || run.failure.is_some()
}

fn note(longest: usize, points: usize, rows: usize, runs: usize) -> String {
    let small = "To keep the page small,";
    let listed = (rows < runs).then(|| format!("{small} only the first {rows} of them are listed. "));
    let curves = match points {
        _ if longest < 2 => String::new(),
        0 => format!("{small} there are no curves here; they are in {}. ", link("curves.csv")),
        _ if longest > points => format!(
            "{small} a curve has at most {points} of its measured epochs, evenly spaced, with the first and the last; {} has all. ",
            link("curves.csv")
        ),
        _ => "A curve has every measured epoch. ".to_owned(),
    };
    format!(
        "{}{curves}Numbers have four digits here; all runs with all digits are in {}.",
        listed.unwrap_or_default(),
        link("runs.csv")
    )
}

fn link(file: &str) -> String {
    format!("<a href=\"{file}\"><code>{file}</code></a>")
}

/// The metrics drawn for a run.
fn series(analysis: &Analysis) -> Vec<Metric> {
    let is_measured = |metric: &Metric| {
        analysis.records.iter().any(|run| run.curve.column(*metric).iter().any(Option::is_some))
    };
    Metric::ALL.into_iter().filter(|metric| metric.is_loss()).filter(is_measured).collect()
}

/// Lists of epochs shared by many runs are stored once. A run refers to its list, and has a list of numbers for each
/// metric.
fn curves(runs: &[&RunRecord], series: &[Metric], most: usize) -> Value {
    let mut lists: Vec<Vec<u64>> = Vec::new();
    let mut known: HashMap<Vec<u64>, usize> = HashMap::new();
    let mut curve = |run: &RunRecord| {
        let rows = thinned(run.curve.len(), most);
        let epochs: Vec<u64> = rows.iter().map(|row| run.curve.epoch[*row]).collect();
        let list = *known.entry(epochs).or_insert_with_key(|epochs| {
            lists.push(epochs.clone());
            lists.len() - 1
        });
        let column = |metric: &Metric| {
            let column = run.curve.column(*metric);
            rows.iter().map(|row| short(column.get(*row).copied().flatten())).collect::<Value>()
        };
        let numbers: Vec<Value> = series.iter().map(column).collect();
        json!([list, numbers])
    };
    let runs: Vec<Value> = runs.iter().map(|run| curve(run)).collect();
    json!({"epochs": lists, "runs": runs})
}

/// The layout of a run's curve.
fn layout(analysis: &Analysis) -> Value {
    let metric = Metric::ALL.into_iter().find(|metric| metric.is_loss()).unwrap_or(analysis.info.metric);
    let unit = wording::metric(analysis.info, metric);
    let unit = unit.split_once(" (").map_or(String::new(), |(_, unit)| format!(" ({unit}"));
    let x = Axis::new().title("epochs");
    let y = Axis::new().title(format!("loss{unit}")).type_(AxisType::Log);
    serde_json::to_value(Layout::new().x_axis(x).y_axis(y)).unwrap_or_default()
}

/// The head of a column, and its cells.
type Column = (Value, Vec<Value>);

fn columns(analysis: &Analysis, runs: &[&RunRecord]) -> Vec<Column> {
    let number = |name: &str, value: &dyn Fn(&RunRecord) -> Option<f64>| {
        (
            json!({"name": name, "kind": "number"}),
            runs.iter().map(|run| short(value(run))).collect::<Vec<_>>(),
        )
    };
    let mut columns = vec![identities(runs)];
    columns.extend(analysis.grid.all_factors().map(|factor| levels(factor, runs)));
    columns.push((
        json!({"name": "seed", "kind": "number"}),
        runs.iter().map(|run| json!(run.spec.seed())).collect(),
    ));
    if !analysis.confirmation.is_empty() {
        columns.push(parts(analysis, runs.len()));
    }
    columns.push(endings(runs));
    columns.push(number("epochs", &|run| run.curve.epoch.last().map(|epoch| *epoch as f64)));
    for metric in Metric::ALL {
        columns.push(number(metric.name(), &|run| run.final_value(metric)));
    }
    columns.push(number("test_loss", &|run| run.test.map(|test| test.loss)));
    columns.push(number("test_accuracy", &|run| run.test.and_then(|test| test.accuracy)));
    columns.push(number("epochs_to_target", &|run| run.target_reached.map(|target| target.epoch as f64)));
    columns.push(number("largest_relative_error", &|run| run.gradient_check.as_ref()?.largest_relative()));
    columns.push(number("seconds", &|run| Some(run.wall_seconds)));
    columns.retain(|(_, cells)| cells.iter().any(|cell| !cell.is_null()));
    columns
}

fn identities(runs: &[&RunRecord]) -> Column {
    (json!({"name": "run", "kind": "text"}), runs.iter().map(|run| json!(run.run_id.short())).collect())
}

/// A cell is an index into the labels; `order` is the rank of each label when the column is sorted.
fn levels(factor: &Factor, runs: &[&RunRecord]) -> Column {
    let labels: Vec<String> = factor.levels.iter().map(|level| one_line(&level.label)).collect();
    let order: Vec<usize> = (0..labels.len()).map(|level| factor.place(level)).collect();
    (
        json!({"name": factor.setting, "kind": "label", "labels": labels, "order": order, "numeric": factor.is_numeric()}),
        runs.iter().map(|run| json!(factor.position_in(&run.spec))).collect(),
    )
}

fn parts(analysis: &Analysis, runs: usize) -> Column {
    let labels = Part::ALL.map(Part::name);
    (
        json!({"name": "runs", "kind": "label", "labels": labels, "order": [0, 1]}),
        analysis.all_runs().take(runs).map(|(_, part)| json!(usize::from(part == Part::Fresh))).collect(),
    )
}

fn endings(runs: &[&RunRecord]) -> Column {
    let reasons = reasons_of(runs);
    let labels: Vec<&str> = reasons.iter().map(|reason| reason.name()).collect();
    let order: Vec<usize> = (0..labels.len()).collect();
    let cells = runs.iter().map(|run| json!(reasons.binary_search(&run.stop).unwrap_or_default()));
    (json!({"name": "ended", "kind": "label", "labels": labels, "order": order}), cells.collect())
}

/// The reasons why any of these runs ended, sorted.
fn reasons_of(runs: &[&RunRecord]) -> Vec<StopReason> {
    runs.iter().map(|run| run.stop).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::sweep;

    #[test]
    fn runs_that_do_not_fit_are_left_out_and_the_page_says_so() {
        let (info, records) = (sweep().info(), sweep().records());
        let analysis = Analysis::new(&info, &records);
        let all = Runs::new(&analysis, usize::MAX).unwrap();
        assert!(!all.note.contains("only the first"), "{}", all.note);
        let room = all.data.len() / 2;
        let some = Runs::new(&analysis, room).unwrap();
        assert!(some.data.len() <= room && some.data.len() > room * 3 / 4, "{} of {room}", some.data.len());
        assert!(some.note.contains("only the first") && some.note.contains("runs.csv"), "{}", some.note);
        assert_eq!(some.count, all.count);
    }

    #[test]
    fn curves_are_whole_or_thinned_or_left_out() {
        assert!(note(50, 300, 10, 10).starts_with("A curve has every measured epoch."));
        assert!(note(50, 20, 10, 10).contains("at most 20 of its measured epochs"));
        assert!(note(50, 0, 10, 10).contains("there are no curves here"));
    }
}
