//! The sharpness over training.

use super::canvas::{Canvas, Drawn, HEIGHT};
use super::page::{Entry, Frame, LEGEND, heading, legend};
use super::palette::{cross, look};
use super::scale::Scale;
use super::stroke::Stroke;
use super::wording;
use crate::analysis::{Analysis, Configuration, Sharpness, SharpnessLine};
use crate::number::rounded;
use chainrule_record::XAxis;

/// With more lines than this, bands would hide one another.
const MOST_BANDS: usize = 6;
/// How many markers a line carries at most.
const MARKERS: usize = 8;
/// The limit of stability is drawn thin.
const LIMIT: Stroke = Stroke { width: 2.0, dashes: &[14.0, 7.0] };

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &Sharpness) -> Drawn {
    let over = wording::over(axis(plot));
    let title = format!("Sharpness over {over}{}", wording::each(analysis));
    let top = heading(canvas, &title, &subtitle(analysis, plot))? + 14.0;
    let points = || plot.lines.iter().flat_map(|line| &line.points);
    let x_of = |epoch: u64, step: u64| if plot.by_epoch { epoch as f64 } else { step as f64 };
    let furthest = points().map(|(epoch, step, _)| x_of(*epoch, *step)).fold(1.0, f64::max);
    let frame = Frame {
        left: 190.0,
        top,
        right: LEGEND - 45.0,
        bottom: f64::from(HEIGHT) - 90.0,
        x: Scale::exactly(0.0, 1.02 * furthest),
        y: scale(plot),
    };
    frame.draw_y_axis(canvas, "sharpness (largest eigenvalue of the Hessian)")?;
    frame.draw_counting_axis(canvas, wording::x_axis(axis(plot)))?;
    if plot.lines.len() <= MOST_BANDS {
        plot.lines.iter().try_for_each(|line| draw_band(canvas, &frame, line, x_of))?;
    }
    frame.draw_border(canvas)?;
    for line in &plot.lines {
        if let Some(limit) = line.limit {
            let y = frame.y(limit);
            canvas.line(&[(frame.left, y), (frame.right, y)], LIMIT, look(line.compared).color)?;
        }
    }
    let lines = plot.lines.len();
    for (order, line) in plot.lines.iter().enumerate() {
        draw_line(canvas, analysis, &frame, line, order as f64 / lines as f64, x_of)?;
    }
    let entries: Vec<Entry> = plot.lines.iter().filter_map(|line| entry(analysis, line)).collect();
    legend(canvas, top, f64::from(HEIGHT) - 20.0, analysis.compared_name(), &entries)
}

fn axis(plot: &Sharpness) -> XAxis {
    if plot.by_epoch { XAxis::Epochs } else { XAxis::Steps }
}

fn subtitle(analysis: &Analysis, plot: &Sharpness) -> Vec<Vec<String>> {
    let mut how = vec![format!("line: {}", wording::over_seeds(analysis))];
    if plot.lines.len() <= MOST_BANDS && analysis.info.seeds.len() > 1 {
        how.push(wording::band(analysis));
    }
    if plot.lines.iter().any(|line| line.limit.is_some()) {
        how.push("dashed: 2/η, above which gradient descent is not stable".to_owned());
    }
    if scale(plot).leaves_out(&values(plot)) {
        how.push(wording::EDGE.to_owned());
    }
    how.extend(wording::left_out(analysis));
    vec![how, wording::fixed(analysis.info)]
}

fn entry(analysis: &Analysis, line: &SharpnessLine) -> Option<Entry> {
    let best = analysis.best_of(line.compared)?;
    let limit = line.limit.map(|limit| format!("2/η = {}", rounded(limit, 3)));
    Some(Entry {
        look: look(line.compared),
        label: analysis.compared[line.compared].short.clone(),
        details: wording::details(analysis, best),
        notes: limit.into_iter().chain(wording::lost(best)).collect(),
    })
}

/// From the largest value down to this share of it: where a cost has become flat, the sharpness is 0 but for rounding.
const NEGLIGIBLE: f64 = 1e-8;

fn scale(plot: &Sharpness) -> Scale {
    let values = values(plot);
    let largest = values.iter().copied().fold(0.0, f64::max);
    let (seen, rest): (Vec<f64>, Vec<f64>) = values.iter().partition(|value| **value >= NEGLIGIBLE * largest);
    let is_wide = seen.iter().any(|value| 10.0 * value < largest);
    if is_wide || !rest.is_empty() { Scale::decades(seen) } else { Scale::linear(values) }
}

/// Everything that is drawn.
fn values(plot: &Sharpness) -> Vec<f64> {
    let spreads = plot.lines.iter().flat_map(|line| &line.points).map(|(.., spread)| spread);
    let drawn = spreads.flat_map(|spread| {
        spread.median.into_iter().chain(spread.band().into_iter().flat_map(|(low, high)| [low, high]))
    });
    drawn.chain(plot.lines.iter().filter_map(|line| line.limit)).collect()
}

fn draw_band(
    canvas: &mut Canvas,
    frame: &Frame,
    line: &SharpnessLine,
    x_of: impl Fn(u64, u64) -> f64,
) -> Drawn {
    let ranges: Vec<_> = line
        .points
        .iter()
        .filter_map(|(epoch, step, spread)| Some((frame.x(x_of(*epoch, *step)), spread.band()?)))
        .collect();
    let x: Vec<f64> = ranges.iter().map(|(x, _)| *x).collect();
    let top: Vec<f64> = ranges.iter().map(|(_, (_, high))| frame.y(*high)).collect();
    let bottom: Vec<f64> = ranges.iter().map(|(_, (low, _))| frame.y(*low)).collect();
    canvas.band(&x, &top, &bottom, look(line.compared).color)
}

/// Markers of different lines stand at different places, so that lines that run together stay apart.
fn draw_line(
    canvas: &mut Canvas,
    analysis: &Analysis,
    frame: &Frame,
    line: &SharpnessLine,
    shift: f64,
    x_of: impl Fn(u64, u64) -> f64,
) -> Drawn {
    let look = look(line.compared);
    let points: Vec<_> = line
        .points
        .iter()
        .filter_map(|(epoch, step, spread)| Some(frame.at(x_of(*epoch, *step), spread.median?)))
        .collect();
    canvas.line(&points, look.stroke, look.color)?;
    let every = points.len().div_ceil(MARKERS).max(1);
    let marked = points.iter().skip((shift * every as f64) as usize).step_by(every);
    marked.into_iter().try_for_each(|point| look.mark(canvas, *point, 9.0))?;
    // Where half or more of the runs were lost, the line ends with the last measurement of those that came furthest.
    let is_lost = analysis.best_of(line.compared).is_some_and(Configuration::is_mostly_lost);
    match points.last() {
        Some(end) if is_lost => cross(canvas, *end, 13.0, look.color),
        _ => Ok(()),
    }
}
