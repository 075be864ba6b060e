//! The sharpness during training.

use super::rows::{SPREAD, first_cells, first_titles, spread};
use super::spreads::{MAX_BANDS, band, drawn, median_over, medians};
use super::{
    Axis, Ink, Legend, Mark, Markers, Panel, Plot, Point, Scale, Stroke, Symbol, Table, Ticks, words,
};
use crate::analysis::{Analysis, Configuration, Sharpness, SharpnessLine, Spread};
use crate::number::rounded;
use chainrule_record::XAxis;

const CAPTION: &str = "How sharply the cost rises in its steepest direction. Gradient descent with learning rate η overshoots along a direction whose curvature is above 2/η, so training tends towards a sharpness of about 2/η.";

/// The scale reaches down to this fraction of the largest value: in flat regions of the cost, the sharpness is 0
/// apart from rounding.
const NEGLIGIBLE: f64 = 1e-8;

/// A line for each compared value, and 2/η if it is a limit.
pub(super) fn plots(analysis: &Analysis) -> Vec<Plot> {
    let Some(found) = Sharpness::new(analysis) else { return Vec::new() };
    let over = words::over(axis(&found));
    vec![Plot {
        notes: notes(analysis, &found),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: vec![panel(analysis, &found)],
        legend: legend(analysis, &found),
        can_switch: true,
        tables: vec![table(analysis, &found)],
        ..Plot::new("sharpness", format!("Sharpness over {over}{}", words::each(analysis)))
    }]
}

fn axis(found: &Sharpness) -> XAxis {
    if found.by_epoch { XAxis::Epochs } else { XAxis::Steps }
}

/// All drawn values.
fn values(found: &Sharpness) -> Vec<f64> {
    let spreads = found.lines.iter().flat_map(|line| &line.points).flat_map(|(.., spread)| drawn(spread));
    spreads.chain(found.lines.iter().filter_map(|line| line.limit)).collect()
}

fn scale(found: &Sharpness) -> Scale {
    let values = values(found);
    let largest = values.iter().copied().fold(0.0, f64::max);
    let (seen, rest): (Vec<f64>, Vec<f64>) = values.iter().partition(|value| **value >= NEGLIGIBLE * largest);
    let is_wide = seen.iter().any(|value| 10.0 * value < largest);
    if is_wide || !rest.is_empty() { Scale::decades(seen) } else { Scale::linear(values) }
}

fn notes(analysis: &Analysis, found: &Sharpness) -> Vec<String> {
    let mut notes = vec![format!("line: {}", words::over_seeds(analysis))];
    if found.lines.len() <= MAX_BANDS && analysis.info.seeds.len() > 1 {
        notes.push(words::band(analysis));
    }
    if found.lines.iter().any(|line| line.limit.is_some()) {
        notes.push("dashed: 2/η, above which gradient descent is not stable".to_owned());
    }
    if scale(found).leaves_out(&values(found)) {
        notes.push(words::EDGE.to_owned());
    }
    notes.extend(words::left_out(analysis));
    notes
}

fn panel(analysis: &Analysis, found: &Sharpness) -> Panel {
    let points = |line| points(found, line).map(|(x, _)| x);
    let furthest = found.lines.iter().flat_map(points).fold(1.0, f64::max);
    let x = Axis::new(words::x_axis(axis(found)), Scale::exactly(0.0, 1.02 * furthest)).with(Ticks::Counts);
    let y = Axis::new("sharpness (largest eigenvalue of the Hessian)", scale(found));
    let bands = found.lines.iter().filter(|_| found.lines.len() <= MAX_BANDS);
    let bands = bands.map(|line| band(line.compared, self::points(found, line)));
    let limits = found.lines.iter().filter_map(|line| Some((line, line.limit?)));
    let limits = limits.map(|(line, limit)| {
        let hover = format!("2/η = {}", rounded(limit, 4));
        let ends = [0.0, 1.02 * furthest].map(|x| Point::new(x, limit).saying(&hover));
        Mark::line(Ink::Series(line.compared), Stroke::dashed(2.0), ends.to_vec())
    });
    let lines = found
        .lines
        .iter()
        .enumerate()
        .flat_map(|(order, line)| marks(analysis, found, line, order as f64 / found.lines.len() as f64));
    Panel::new(x, y, bands.chain(limits).chain(lines).collect())
}

fn points<'a>(
    found: &Sharpness,
    line: &'a SharpnessLine,
) -> impl Iterator<Item = (f64, &'a Spread)> + use<'a> {
    let by_epoch = found.by_epoch;
    line.points
        .iter()
        .map(move |(epoch, step, spread)| (if by_epoch { *epoch } else { *step } as f64, spread))
}

/// If half or more of the runs were lost, the line ends with the last measurement of the runs that lasted longest.
fn marks(analysis: &Analysis, found: &Sharpness, line: &SharpnessLine, shift: f64) -> Vec<Mark> {
    let when = if found.by_epoch { "epoch" } else { "step" };
    let points = medians(points(found, line), |x, spread| format!("{}\n{when} {x}", median_over(spread)));
    let is_lost = analysis.best_of(line.compared).is_some_and(Configuration::is_mostly_lost);
    let end = points.last().cloned().filter(|_| is_lost);
    let cross = end.map(|end| Mark::points(Ink::Series(line.compared), Symbol::Cross, 13.0, vec![end]));
    [Mark::series(line.compared, Markers::Some(shift), points)].into_iter().chain(cross).collect()
}

fn legend(analysis: &Analysis, found: &Sharpness) -> Legend {
    let shown = found.lines.iter().filter_map(|line| {
        let limit = line.limit.map(|limit| format!("2/η = {}", rounded(limit, 3)));
        Some((line.compared, analysis.best_of(line.compared)?, limit.into_iter().collect()))
    });
    Legend::of_compared(analysis, shown)
}

/// `stability_limit` is 2/η.
fn table(analysis: &Analysis, found: &Sharpness) -> Table {
    let titles = first_titles(analysis).into_iter().chain(["epoch", "step", "metric"]);
    let mut table = Table::new("sharpness", titles.chain(SPREAD).chain(["stability_limit"]));
    for line in &found.lines {
        for (epoch, step, values) in &line.points {
            let mut row = first_cells(analysis, line.compared);
            row.count(*epoch).count(*step).text("sharpness");
            table.push(spread(&mut row, values).number(line.limit));
        }
    }
    table
}
