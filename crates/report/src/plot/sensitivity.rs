//! The final metric against the learning rate.

use super::spreads::{MAX_BANDS, band, configuration, drawn};
use super::table::SPREAD;
use super::{
    Area, Axis, Entry, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Side, Strip, Symbol, Table,
    Ticks, words,
};
use crate::analysis::{Analysis, RatePoint, RateRow, Rates, Sensitivity, Spread};
use crate::number::rounded;
use crate::table::Row;
use chainrule_record::Better;

/// With more rates than this, not every rate has a tick.
const MAX_TICKS: usize = 9;

const CAPTION: &str = "How much the result depends on the learning rate: a wide, flat valley forgives a wrong rate, a narrow one does not. Bars span the rates that are nearly as good as the best. Crosses mark rates at which half or more of the seeds diverged or failed.";

/// A line for each compared value.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let found = Sensitivity::new(analysis)?;
    let rates = Rates::new(analysis);
    Some(Plot {
        title: format!("Final {} against learning_rate", analysis.info.metric.label()),
        notes: notes(analysis, &found),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: vec![panel(analysis, &found, rates.as_ref())],
        legend: legend(analysis, &found),
        can_switch: true,
        tables: vec![table(analysis, &found, rates.as_ref())],
        ..Plot::default()
    })
}

fn panel(analysis: &Analysis, found: &Sensitivity, rates: Option<&Rates>) -> Panel {
    let metric = analysis.info.metric;
    let y = Axis::new(words::metric(analysis.info, metric), scale(analysis, found));
    let bands = found.lines.iter().filter(|_| found.lines.len() <= MAX_BANDS);
    let bands = bands.flat_map(|(value, points)| self::bands(analysis, *value, points));
    let lines = found.lines.iter().map(|(value, points)| line(analysis, *value, points));
    let (worse, better) = match metric.better() {
        Better::Lower => (Side::Top, Side::Bottom),
        Better::Higher => (Side::Bottom, Side::Top),
    };
    let strips = [lost(analysis, found, worse), near_best(rates, better)];
    Panel {
        strips: strips.into_iter().flatten().collect(),
        ..Panel::new(x_axis(found), y, bands.chain(lines).collect())
    }
}

fn x_axis(found: &Sensitivity) -> Axis {
    let mut rates: Vec<f64> = points(found).map(|point| point.rate).collect();
    rates.sort_by(f64::total_cmp);
    rates.dedup();
    let positive = rates.iter().all(|rate| *rate > 0.0);
    let scale = if positive { Scale::logarithmic(rates.clone()) } else { Scale::linear(rates.clone()) };
    let ticks = if rates.len() <= MAX_TICKS { Ticks::At(rates) } else { Ticks::Numbers };
    Axis::new("learning_rate", scale).with(ticks)
}

fn points(found: &Sensitivity) -> impl Iterator<Item = &RatePoint> {
    found.lines.iter().flat_map(|(_, points)| points)
}

fn spread_at<'a>(analysis: &'a Analysis, point: &RatePoint) -> &'a Spread {
    analysis.configurations[point.configuration].final_metric(analysis.info.metric)
}

fn is_lost(analysis: &Analysis, point: &RatePoint) -> bool {
    analysis.configurations[point.configuration].is_mostly_lost()
}

/// The drawn numbers; rates without a median have none.
fn values(analysis: &Analysis, found: &Sensitivity) -> Vec<f64> {
    let spreads = points(found).map(|point| spread_at(analysis, point));
    spreads.filter(|spread| spread.median.is_some()).flat_map(drawn).collect()
}

fn scale(analysis: &Analysis, found: &Sensitivity) -> Scale {
    let values = values(analysis, found);
    if analysis.info.metric.is_loss() { Scale::logarithmic(values) } else { Scale::linear(values) }
}

/// A band for each sequence of neighbouring rates with a median: bands do not cover rates that diverged.
fn bands(analysis: &Analysis, value: usize, points: &[RatePoint]) -> Vec<Mark> {
    let runs = points.split(|point| spread_at(analysis, point).median.is_none());
    let band =
        |run: &[RatePoint]| band(value, run.iter().map(|point| (point.rate, spread_at(analysis, point))));
    runs.filter(|run| !run.is_empty()).map(band).collect()
}

fn line(analysis: &Analysis, value: usize, points: &[RatePoint]) -> Mark {
    let point = |point: &RatePoint| {
        let median = spread_at(analysis, point).median.unwrap_or(f64::NAN);
        Point::new(point.rate, median).saying(told(analysis, point))
    };
    Mark::series(value, Markers::All(10.0), points.iter().map(point).collect())
}

fn told(analysis: &Analysis, point: &RatePoint) -> String {
    configuration(analysis, &analysis.configurations[point.configuration])
}

/// Crosses at the rates without a median: a row for each line that has such rates, in the order of the legend.
fn lost(analysis: &Analysis, found: &Sensitivity, side: Side) -> Option<Strip> {
    let lost = found.lines.iter().map(|(value, points)| {
        (*value, points.iter().filter(|point| is_lost(analysis, point)).collect::<Vec<_>>())
    });
    let lost: Vec<_> = lost.filter(|(_, points)| !points.is_empty()).collect();
    let row = |(row, (value, points)): (usize, &(usize, Vec<&RatePoint>))| {
        let cross = |point: &&RatePoint| Point::new(point.rate, row as f64).saying(told(analysis, point));
        Mark::points(Ink::Series(*value), Symbol::Cross, 8.0, points.iter().map(cross).collect())
    };
    let marks: Vec<Mark> = lost.iter().enumerate().map(row).collect();
    (!marks.is_empty()).then(|| Strip { side, label: "diverged".to_owned(), rows: marks.len(), marks })
}

/// Bars over the rates nearly as good as the best, with a marker at the best.
fn near_best(rates: Option<&Rates>, side: Side) -> Option<Strip> {
    let rows: Vec<&RateRow> = rates?.rows.iter().filter(|row| row.best.is_some()).collect();
    let marks = |(at, row): (usize, &&RateRow)| {
        let (best, y) = (row.best?, at as f64);
        let range = best.stable;
        let hover = format!(
            "best at {}, nearly as good from {} to {}",
            rounded(best.rate, 3),
            rounded(range.0, 3),
            rounded(range.1, 3)
        );
        let bar = Area { x: range, y: (y - 0.15, y + 0.15), hover: hover.clone() };
        let best = Point::new(best.rate, y).saying(hover);
        let ink = Ink::Series(row.compared);
        Some([
            Mark::boxes(ink, 1.0, vec![bar]),
            Mark::points(ink, Symbol::Series(row.compared), 8.0, vec![best]),
        ])
    };
    let marks: Vec<Mark> = rows.iter().enumerate().filter_map(marks).flatten().collect();
    (!marks.is_empty()).then(|| Strip { side, label: "near best".to_owned(), rows: rows.len(), marks })
}

fn notes(analysis: &Analysis, found: &Sensitivity) -> Vec<String> {
    let without: Vec<usize> = analysis.grid.compare.into_iter().chain([found.factor]).collect();
    let others = analysis.grid.others(&without);
    let tuned: Vec<&str> = others.map(|factor| analysis.grid.factors[factor].setting.as_str()).collect();
    let [line, band] = words::line_and_band(analysis, found.lines.len());
    let notes = [
        line,
        band,
        words::mostly_lost(points(found).any(|point| is_lost(analysis, point))),
        words::edge(&scale(analysis, found), &values(analysis, found)),
        words::kept(analysis),
        words::left_out(analysis),
        (!tuned.is_empty()).then(|| format!("each point: the best {} at that rate", tuned.join(", "))),
    ];
    notes.into_iter().flatten().collect()
}

/// Has no title if the learning rate itself is compared: there is only one line then.
fn legend(analysis: &Analysis, found: &Sensitivity) -> Legend {
    let is_one = analysis.grid.compare.is_none_or(|compare| compare == found.factor);
    let entry = |(value, points): &(usize, Vec<RatePoint>)| {
        let label = if is_one { "all runs" } else { &analysis.compared[*value].short };
        let lost = points.iter().filter(|point| is_lost(analysis, point)).count();
        let note = (lost > 0).then(|| format!("diverged at {lost} of {} rates", points.len()));
        Entry::series(*value, label).noting(note)
    };
    Legend::new(if is_one { "" } else { analysis.compared_name() }, found.lines.iter().map(entry))
}

/// A row for each point, with the range of good rates of its line.
fn table(analysis: &Analysis, found: &Sensitivity, rates: Option<&Rates>) -> Table {
    let names = analysis.grid.factors.iter().map(|factor| factor.setting.as_str());
    let range = ["near_best_lower", "near_best_upper"];
    let mut table = Table::new(names.chain(["metric"]).chain(SPREAD).chain(range));
    for (line, points) in &found.lines {
        let range = rates.and_then(|rates| rates.range_of(*line)).unzip();
        for point in points {
            let configuration = &analysis.configurations[point.configuration];
            let mut row = Row::default();
            row.texts(analysis.settings(configuration, &[]).into_iter().map(|(_, label)| label));
            row.text(analysis.info.metric.name()).seeds(spread_at(analysis, point));
            table.push(row.number(range.0).number(range.1));
        }
    }
    table
}
