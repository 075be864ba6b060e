//! The sharpness during training.

use super::spreads::{band, bands, drawn, median_over, medians};
use super::table::{SPREAD, first_cells};
use super::{Axis, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Stroke, Table, Ticks, words};
use crate::analysis::{Analysis, Configuration, Sharpness, SharpnessLine, Spread};
use crate::number::rounded;
use chainrule_record::XAxis;

const CAPTION: &str = "How sharply the cost rises in its steepest direction. Gradient descent with learning rate η overshoots along a direction whose curvature is above 2/η, so training tends towards a sharpness of about 2/η.";

/// The scale reaches down to this fraction of the largest value: in flat regions of the cost, the sharpness is 0
/// apart from rounding.
const NEGLIGIBLE: f64 = 1e-8;

/// A line for each compared value, and 2/η if it is a limit.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let found = Sharpness::new(analysis)?;
    let over = if found.by_epoch { XAxis::Epochs } else { XAxis::Steps };
    let (values, scale) = scale(&found);
    let [line, band] = words::line_and_band(analysis, found.lines.len());
    let has_limit = found.lines.iter().any(|line| line.limit.is_some());
    let limit = has_limit.then_some("dashed: 2/η, above which gradient descent is not stable".into());
    let notes = [line, band, limit, words::edge(&scale, &values), words::left_out(analysis)];
    Some(Plot {
        title: format!("Sharpness over {}{}", words::over(over), words::each(analysis)),
        notes: notes.into_iter().flatten().collect(),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: vec![panel(analysis, &found, words::x_axis(over), scale)],
        legend: legend(analysis, &found),
        can_switch: true,
        tables: vec![table(analysis, &found)],
        ..Plot::default()
    })
}

/// All drawn values, and their scale.
fn scale(found: &Sharpness) -> (Vec<f64>, Scale) {
    let spreads = found.lines.iter().flat_map(|line| &line.points).flat_map(|(.., spread)| drawn(spread));
    let values: Vec<f64> = spreads.chain(found.lines.iter().filter_map(|line| line.limit)).collect();
    let largest = values.iter().copied().fold(0.0, f64::max);
    let (seen, rest): (Vec<f64>, Vec<f64>) = values.iter().partition(|value| **value >= NEGLIGIBLE * largest);
    let is_wide = seen.iter().any(|value| 10.0 * value < largest) || !rest.is_empty();
    let scale = if is_wide { Scale::decades(seen) } else { Scale::linear(values.iter().copied()) };
    (values, scale)
}

fn panel(analysis: &Analysis, found: &Sharpness, x_label: &str, scale: Scale) -> Panel {
    let places = |line| points(found, line).map(|(x, _)| x);
    let end = 1.02 * found.lines.iter().flat_map(places).fold(1.0, f64::max);
    let x = Axis::new(x_label, Scale::exactly(0.0, end)).with(Ticks::Counts);
    let y = Axis::new("sharpness (largest eigenvalue of the Hessian)", scale);
    let bands = bands(&found.lines, |line| band(line.compared, points(found, line)));
    let limits = found.lines.iter().filter_map(|line| Some((line.compared, line.limit?)));
    let limits = limits.map(|(compared, limit)| {
        let hover = format!("2/η = {}", rounded(limit, 4));
        let ends = [0.0, end].map(|x| Point::new(x, limit).saying(&hover));
        Mark::line(Ink::Series(compared), Stroke::dashed(2.0), ends.to_vec())
    });
    let shift = |order: usize| Markers::Some(order as f64 / found.lines.len() as f64);
    let lines = found.lines.iter().enumerate();
    let lines = lines.flat_map(|(order, line)| marks(analysis, found, line, shift(order)));
    Panel::new(x, y, bands.chain(limits).chain(lines).collect())
}

fn points<'a>(
    found: &Sharpness,
    line: &'a SharpnessLine,
) -> impl Iterator<Item = (f64, &'a Spread)> + use<'a> {
    let by_epoch = found.by_epoch;
    let x = move |(epoch, step): (u64, u64)| if by_epoch { epoch } else { step } as f64;
    line.points.iter().map(move |(epoch, step, spread)| (x((*epoch, *step)), spread))
}

/// If half or more of the runs were lost, the line ends with the last measurement of the runs that lasted longest.
fn marks(analysis: &Analysis, found: &Sharpness, line: &SharpnessLine, markers: Markers) -> Vec<Mark> {
    let when = if found.by_epoch { "epoch" } else { "step" };
    let points = medians(points(found, line), |x, spread| format!("{}\n{when} {x}", median_over(spread)));
    let is_lost = analysis.best_of(line.compared).is_some_and(Configuration::is_mostly_lost);
    let end = points.last().cloned().filter(|_| is_lost);
    let cross = Mark::cross(Ink::Series(line.compared), 13.0, end);
    [Mark::series(line.compared, markers, points)].into_iter().chain(cross).collect()
}

fn legend(analysis: &Analysis, found: &Sharpness) -> Legend {
    let limit = |line: &SharpnessLine| Some(format!("2/η = {}", rounded(line.limit?, 3)));
    let shown = found.lines.iter().map(|line| (line.compared, analysis.best_of(line.compared), limit(line)));
    Legend::of_compared(analysis, shown)
}

/// `stability_limit` is 2/η.
fn table(analysis: &Analysis, found: &Sharpness) -> Table {
    let titles = ["epoch", "step", "metric"].into_iter().chain(SPREAD).chain(["stability_limit"]);
    let mut table = Table::of_compared(analysis, titles);
    for line in &found.lines {
        for (epoch, step, values) in &line.points {
            let mut row = first_cells(analysis, line.compared);
            table.push(row.count(*epoch).count(*step).text("sharpness").seeds(values).number(line.limit));
        }
    }
    table
}
