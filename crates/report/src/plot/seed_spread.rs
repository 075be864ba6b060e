//! The final metric of each seed.

use super::table::first_cells;
use super::{
    Area, Axis, Ink, Mark, Name, Panel, Plot, Point, Scale, Side, Strip, Stroke, Symbol, Table, words,
};
use crate::analysis::{Analysis, Seed, SeedRow, SeedSpread};
use crate::number::rounded;
use chainrule_record::Better;

const CAPTION: &str = "How much is chance: the dots of a row differ only in the seed. Rows whose dots overlap may still differ: comparisons are paired over the seeds (see Comparisons).";

/// Dots, boxes and bars reach this far from the middle of their row.
const REACH: f64 = 0.38;
/// The largest height of a row, in pixels.
const HIGHEST: f64 = 200.0;
/// Significant digits of a hover text.
const DIGITS: usize = 5;

/// A row for each compared value, a dot for each run.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let found = Some(SeedSpread::new(analysis)).filter(|_| !analysis.is_all_lost())?;
    let metric = analysis.info.metric;
    let is_measured = seeds(&found).any(|seed| seed.value.is_some() || seed.lost);
    Some(Plot {
        title: format!("Final {} of each seed{}", metric.label(), words::each(analysis)),
        notes: notes(analysis, &found),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: is_measured.then(|| panel(analysis, &found)).into_iter().collect(),
        nothing: format!("No run measured {metric}."),
        tables: vec![table(analysis, &found)],
        ..Plot::default()
    })
}

fn seeds(found: &SeedSpread) -> impl Iterator<Item = &Seed> {
    found.rows.iter().flat_map(|row| &row.seeds)
}

fn values(found: &SeedSpread) -> Vec<f64> {
    seeds(found).filter_map(|seed| seed.value).collect()
}

fn scale(analysis: &Analysis, found: &SeedSpread) -> Scale {
    let values = values(found);
    if analysis.info.metric.is_loss() { Scale::logarithmic_if_wide(&values) } else { Scale::linear(values) }
}

fn notes(analysis: &Analysis, found: &SeedSpread) -> Vec<String> {
    let has_quartiles = found.rows.iter().any(|row| row.quartiles.is_some());
    let notes = [
        Some(words::a_dot(analysis).to_owned()),
        Some("long bar: median, diverged runs taken as worst".into()),
        has_quartiles.then_some("box: quartiles (5 seeds or more)".into()),
        seeds(found).any(|seed| seed.lost).then_some("× diverged or failed".into()),
        words::edge(&scale(analysis, found), &values(found)),
        words::kept(analysis),
        words::left_out(analysis),
    ];
    notes.into_iter().flatten().collect()
}

fn panel(analysis: &Analysis, found: &SeedSpread) -> Panel {
    let x = Axis::new(words::metric(analysis.info, analysis.info.metric), scale(analysis, found));
    let names = found.rows.iter().map(|row| name(analysis, row)).collect();
    let y = Axis::names_downwards(analysis.compared_name(), names);
    let marks = found.rows.iter().enumerate().flat_map(|(at, row)| marks(row, at as f64));
    Panel {
        highest: HIGHEST * found.rows.len().max(3) as f64,
        strips: lost(analysis, found).into_iter().collect(),
        ..Panel::new(x, y, marks.collect())
    }
}

fn name(analysis: &Analysis, row: &SeedRow) -> Name {
    let best = analysis.shown(row.compared);
    let settings = best.map(|best| words::details(analysis, best)).unwrap_or_default();
    let details = settings.into_iter().chain(best.and_then(words::lost)).collect();
    Name { details, ..Name::new(&analysis.compared[row.compared].short) }
}

/// The position of a seed: one below the other in plan order, so that equal values do not hide one another.
fn place(row: &SeedRow, at: f64, index: usize) -> f64 {
    let share = (index as f64 + 0.5) / row.seeds.len() as f64;
    at + (2.0 * share - 1.0) * 0.9 * REACH
}

/// The radius of a dot.
fn size(row: &SeedRow) -> f64 {
    (90.0 / row.seeds.len().max(1) as f64).clamp(3.5, 10.0)
}

fn marks(row: &SeedRow, at: f64) -> Vec<Mark> {
    let ink = Ink::Series(row.compared);
    let quartiles = row.quartiles.map(|(lower, upper)| {
        let hover = format!("quartiles {} to {}", rounded(lower, DIGITS), rounded(upper, DIGITS));
        let area = Area { x: (lower, upper), y: (at - REACH, at + REACH), hover };
        Mark::boxes(Ink::Muted, 0.16, vec![area]).of_group(row.compared)
    });
    let median = row.spread.median.map(|median| {
        let point = |side: f64| {
            let hover = format!("median {}", rounded(median, DIGITS));
            Point::new(median, at + side * (REACH + 0.03)).saying(hover)
        };
        Mark::line(Ink::Text, Stroke::solid(4.0), vec![point(-1.0), point(1.0)]).of_group(row.compared)
    });
    let dot = |(index, seed): (usize, &Seed)| {
        let value = seed.value?;
        let hover = format!("seed {}: {}", seed.seed, rounded(value, DIGITS));
        Some(Point::new(value, place(row, at, index)).saying(hover))
    };
    let dots = row.seeds.iter().enumerate().filter_map(dot).collect();
    let dots = Mark::points(ink, Symbol::Series(row.compared), size(row), dots);
    quartiles.into_iter().chain(median).chain([dots]).collect()
}

/// Crosses beyond the edge of the worse values.
fn lost(analysis: &Analysis, found: &SeedSpread) -> Option<Strip> {
    let side = match analysis.info.metric.better() {
        Better::Lower => Side::Right,
        Better::Higher => Side::Left,
    };
    let row = |(at, row): (usize, &SeedRow)| {
        let lost = row.seeds.iter().enumerate().filter(|(_, seed)| seed.lost);
        let cross = |(index, seed): (usize, &Seed)| {
            Point::new(0.0, place(row, at as f64, index)).saying(format!("seed {}: lost", seed.seed))
        };
        Mark::points(Ink::Series(row.compared), Symbol::Cross, size(row), lost.map(cross).collect())
    };
    let has_lost = seeds(found).any(|seed| seed.lost);
    let marks = found.rows.iter().enumerate().map(row).collect();
    has_lost.then(|| Strip { side, label: "lost".to_owned(), rows: 1, marks })
}

/// A row for each seed, with the summary of all seeds of its configuration.
fn table(analysis: &Analysis, found: &SeedSpread) -> Table {
    let last = ["seed", "metric", "value", "lost", "median", "lower_quartile", "upper_quartile"];
    let mut table = Table::of_compared(analysis, last);
    for line in &found.rows {
        let (lower, upper) = line.quartiles.unzip();
        for seed in &line.seeds {
            let mut row = first_cells(analysis, line.compared);
            row.count(seed.seed).text(analysis.info.metric.name()).number(seed.value);
            row.count(u64::from(seed.lost)).number(line.spread.median);
            table.push(row.number(lower).number(upper));
        }
    }
    table
}
