//! Gradient errors, from the median to the largest, side by side in columns.

use super::columns::Columns;
use super::{
    Anchor, Area, Axis, Entry, Ink, Legend, Mark, Name, Panel, Plot, Point, Scale, Stroke, Symbol, Table,
    words,
};
use crate::analysis::{
    Analysis, Bar, Bars, Checks, by_layer as analyse_layers, by_precision as analyse_precisions,
};
use crate::number::{count, rounded};
use crate::table::Row;

const BY_LAYER: &str = "How exact the gradients are, layer by layer. The marker is the largest relative error of all entries; the lower end of a bar is the median. The remaining error comes from the finite differences and from rounding; a fault would be above the tolerance.";

const BY_PRECISION: &str = "How reliable a check is in each precision: the further a bar ends below its tolerance, the safer the verdict.";

/// The fraction of a column's width that bars take, and the largest width of one bar.
const USED: f64 = 0.8;
const WIDEST: f64 = 0.3;
/// Errors smaller than the largest by this factor look like 0.
const NEGLIGIBLE: f64 = 1e-12;
/// Up to this many bars have numbers beside them; with more bars, numbers would hide them.
const MAX_NUMBERS: usize = 8;

/// By layer and compared value.
pub(super) fn by_layer(analysis: &Analysis, checks: &Checks) -> Option<Plot> {
    let title = format!("Error of the gradients, by layer and {}", analysis.compared_name());
    Some(plot(analysis, &analyse_layers(analysis, checks)?, title, BY_LAYER))
}

/// By precision and scheme, if no fault varies.
pub(super) fn by_precision(analysis: &Analysis, checks: &Checks) -> Option<Plot> {
    let bars = analyse_precisions(analysis, checks).filter(|_| !super::has_faults(analysis))?;
    Some(plot(analysis, &bars, "Error of the gradients, by precision".to_owned(), BY_PRECISION))
}

fn plot(analysis: &Analysis, bars: &Bars, title: String, caption: &'static str) -> Plot {
    let is_zero = bars.bars.iter().any(|bar| scale(bars).is_outside(bar.median));
    let notes = [
        Some("a bar: from the median of the errors to the largest".into()),
        Some("grey line: the tolerance".into()),
        (bars.series.len() > 1).then_some("side by side: as in the legend".into()),
        is_zero.then_some("on the lower edge: 0".into()),
    ];
    Plot {
        title,
        notes: notes.into_iter().flatten().collect(),
        settings: words::of_checks(analysis),
        caption,
        panels: vec![panel(bars)],
        legend: legend(bars),
        can_switch: true,
        tables: vec![table(bars)],
        ..Plot::default()
    }
}

/// From the smallest error up to the tolerances.
fn scale(bars: &Bars) -> Scale {
    let all = || bars.bars.iter().flat_map(|bar| [bar.median, bar.largest, bar.tolerance]);
    let largest = all().fold(0.0, f64::max);
    Scale::decades(all().filter(|value| *value >= NEGLIGIBLE * largest).chain([3.0 * largest]))
}

fn panel(bars: &Bars) -> Panel {
    let names = bars.columns.iter().map(Name::new).collect();
    let columns = Columns::new(bars.series.len(), USED, WIDEST);
    let marks = bars.bars.iter().flat_map(|bar| marks(bars, columns, bar));
    let marks = marks.chain(tolerances(bars, columns)).collect();
    Panel::new(Axis::names(&bars.column_name, names), Axis::new("relative error", scale(bars)), marks)
}

fn marks(bars: &Bars, columns: Columns, bar: &Bar) -> Vec<Mark> {
    let (ink, x) = (Ink::Series(bar.series), columns.x(bar.column as f64, bar.series));
    let size = columns.size(0.42, bars.columns.len());
    let hover = format!(
        "largest {}, median {}\n{}",
        rounded(bar.largest, 3),
        rounded(bar.median, 3),
        count(bar.checks, "check")
    );
    let point = |y: f64| vec![Point::new(x, y).saying(&hover)];
    let half = 0.055 * columns.step;
    let area = Area { x: (x - half, x + half), y: (bar.median, bar.largest), hover: hover.clone() };
    let mut marks = vec![
        Mark::boxes(ink, 1.0, vec![area]),
        Mark::points(ink, Symbol::Level, 0.8 * size, point(bar.median)),
        Mark::points(ink, Symbol::Series(bar.series), size, point(bar.largest)),
    ];
    if bars.columns.len() * bars.series.len() <= MAX_NUMBERS {
        let aside = (size + 8.0, 0.0);
        let number = |y| Mark::text(Ink::Text, (x, y), rounded(y, 2), Anchor::Left, aside);
        marks.extend([bar.largest, bar.median].map(|value| number(value).of_group(bar.series)));
    }
    marks
}

/// One line if all bars have the same tolerance, otherwise a piece over each bar.
fn tolerances(bars: &Bars, columns: Columns) -> Vec<Mark> {
    let Some(first) = bars.bars.first() else { return Vec::new() };
    let stroke = Stroke::solid(2.5);
    if bars.bars.iter().all(|bar| bar.tolerance == first.tolerance) {
        let text = format!("tolerance {}", rounded(first.tolerance, 2));
        let right = bars.columns.len() as f64 - 0.5;
        return vec![
            Mark::level(Ink::Muted, first.tolerance, stroke),
            Mark::text(Ink::Muted, (right, first.tolerance), text, Anchor::Right, (-8.0, -17.0)),
        ];
    }
    let half = 0.35 * columns.step;
    let piece = |bar: &Bar| {
        let (x, y) = (columns.x(bar.column as f64, bar.series), bar.tolerance);
        let hover = format!("tolerance {}", rounded(y, 3));
        let ends = [x - half, x + half].map(|x| Point::new(x, y).saying(&hover));
        [
            Mark::line(Ink::Muted, stroke, ends.to_vec()),
            Mark::text(Ink::Muted, (x, y), rounded(y, 2), Anchor::Center, (0.0, -17.0)),
        ]
    };
    bars.bars.iter().flat_map(piece).collect()
}

fn legend(bars: &Bars) -> Legend {
    let is_drawn = |index: usize| bars.bars.iter().any(|bar| bar.series == index);
    let entry = |(index, label): (usize, &String)| Entry { stroke: None, ..Entry::series(index, label) };
    let entries = bars.series.iter().enumerate().filter(|(index, _)| is_drawn(*index)).map(entry);
    Legend::new(&bars.series_name, entries)
}

fn table(bars: &Bars) -> Table {
    let series = if bars.series_name.is_empty() { "checks_of" } else { &bars.series_name };
    let measured = ["checks", "median_relative_error", "largest_relative_error", "tolerance"];
    let mut table = Table::new([bars.column_name.as_str(), series].into_iter().chain(measured));
    for bar in &bars.bars {
        let mut row = Row::default();
        row.text(&bars.columns[bar.column]).text(&bars.series[bar.series]).count(bar.checks as u64);
        table.push(row.number(Some(bar.median)).number(Some(bar.largest)).number(Some(bar.tolerance)));
    }
    table
}
