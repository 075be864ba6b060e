//! Metrics over epochs, steps, samples or cost.

use super::canvas::{Canvas, Drawn, HEIGHT};
use super::page::{Entry, Frame, LEGEND, heading, legend, nothing};
use super::palette::{bar, cross, look};
use super::scale::Scale;
use super::wording;
use crate::analysis::{Analysis, Convergence, CurveLine, CurvePanel, CurvePoint, LineEnd, Spread};
use crate::number::count;

/// With more lines than this, bands would hide one another.
const MOST_BANDS: usize = 6;
/// How many markers a line carries at most.
const MARKERS: usize = 8;

pub(super) fn draw(canvas: &mut Canvas, analysis: &Analysis, plot: &Convergence) -> Drawn {
    let top = heading(canvas, &title(analysis, plot), &subtitle(analysis, plot))? + 14.0;
    if plot.panels.is_empty() {
        return nothing(canvas, "No loss was measured.");
    }
    let bottom = f64::from(HEIGHT) - 90.0;
    let gap = 34.0;
    let height = (bottom - top - gap * (plot.panels.len() - 1) as f64) / plot.panels.len() as f64;
    let x = Scale::exactly(0.0, 1.02 * furthest(plot));
    for (index, panel) in plot.panels.iter().enumerate() {
        let top = top + index as f64 * (height + gap);
        let frame =
            Frame { left: 190.0, top, right: LEGEND - 45.0, bottom: top + height, x, y: scale(panel) };
        let last = index + 1 == plot.panels.len();
        draw_panel(canvas, analysis, panel, &frame, if last { wording::x_axis(plot.x_axis) } else { "" })?;
    }
    legend(canvas, top, bottom + 70.0, analysis.compared_name(), &entries(analysis, plot))
}

fn title(analysis: &Analysis, plot: &Convergence) -> String {
    let metric = plot.panels.first().map_or(analysis.info.metric, |panel| panel.metric);
    format!("{} over {}{}", wording::title(metric), wording::over(plot.x_axis), wording::each(analysis))
}

/// The x at which the longest line ends.
fn furthest(plot: &Convergence) -> f64 {
    let points = plot.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.points);
    points.map(|point| point.x).fold(1.0, f64::max)
}

fn has_bands(plot: &Convergence) -> bool {
    plot.panels.iter().all(|panel| panel.lines.len() <= MOST_BANDS)
}

fn subtitle(analysis: &Analysis, plot: &Convergence) -> Vec<Vec<String>> {
    let mut how = vec![format!("line: {}", wording::over_seeds(analysis.info))];
    if has_bands(plot) && analysis.info.seeds.len() > 1 {
        how.push(wording::band(analysis.info));
    }
    if plot.panels.iter().any(|panel| !panel.metric.is_loss()) {
        how.push("accuracy: from the first trained epoch on".to_owned());
    }
    let lines = || plot.panels.iter().flat_map(|panel| &panel.lines);
    if lines().any(|line| line.x_differs) {
        how.push("x: median over the seeds, which differ".to_owned());
    }
    how.extend(cut_short(plot));
    if lines().any(|line| line.end == LineEnd::Diverged) {
        how.push("× half or more of the seeds have diverged".to_owned());
    }
    if plot.panels.iter().any(|panel| values(panel).iter().any(|value| scale(panel).is_outside(*value))) {
        how.push(wording::EDGE.to_owned());
    }
    vec![how, wording::fixed(analysis.info)]
}

/// How many lines end although some of their runs go on, and how many such runs there are.
fn cut_short(plot: &Convergence) -> Option<String> {
    let lines = plot.panels.first().map(|panel| panel.lines.as_slice()).unwrap_or_default();
    let beyond = lines.iter().filter_map(|line| match line.end {
        LineEnd::FirstEnded { went_on, .. } => Some(went_on),
        LineEnd::Complete | LineEnd::Diverged => None,
    });
    let beyond: Vec<usize> = beyond.collect();
    (!beyond.is_empty()).then(|| {
        let runs = count(beyond.iter().sum(), "run");
        format!(
            "| a line ends where its first seed ended: {} of {}, {runs} went on",
            beyond.len(),
            count(lines.len(), "line")
        )
    })
}

/// What is drawn of a point.
fn drawn(spread: &Spread) -> impl Iterator<Item = f64> + use<> {
    spread.median.into_iter().chain(spread.band().into_iter().flat_map(|(low, high)| [low, high]))
}

/// Everything that is drawn of a panel.
fn values(panel: &CurvePanel) -> Vec<f64> {
    let points = panel.lines.iter().flat_map(|line| &line.points);
    points.flat_map(|point| drawn(&point.spread)).collect()
}

fn scale(panel: &CurvePanel) -> Scale {
    let values = values(panel);
    if panel.metric.is_loss() { Scale::logarithmic(values) } else { Scale::linear(values) }
}

fn entries(analysis: &Analysis, plot: &Convergence) -> Vec<Entry> {
    let lines = plot.panels.first().map(|panel| panel.lines.as_slice()).unwrap_or_default();
    let entry = |line: &CurveLine| {
        let best = analysis.best_of(line.compared)?;
        let label = analysis.compared[line.compared].label.clone();
        let details = wording::details(analysis, best);
        let ended = match line.end {
            LineEnd::FirstEnded { epoch, ended, .. } => {
                Some(format!("{ended} of {} ended at epoch {epoch}", count(best.runs.len(), "seed")))
            }
            LineEnd::Complete | LineEnd::Diverged => None,
        };
        let notes = ended.into_iter().chain(wording::lost(best)).collect();
        Some(Entry { look: look(line.compared), label, details, notes })
    };
    lines.iter().filter_map(entry).collect()
}

fn draw_panel(
    canvas: &mut Canvas,
    analysis: &Analysis,
    panel: &CurvePanel,
    frame: &Frame,
    x_name: &str,
) -> Drawn {
    frame.draw_y_axis(canvas, &wording::metric(analysis.info, panel.metric))?;
    frame.draw_counting_axis(canvas, x_name)?;
    let bands = panel.lines.len() <= MOST_BANDS;
    panel.lines.iter().filter(|_| bands).try_for_each(|line| draw_band(canvas, frame, line))?;
    frame.draw_border(canvas)?;
    panel.lines.iter().try_for_each(|line| draw_line(canvas, frame, line))
}

fn draw_band(canvas: &mut Canvas, frame: &Frame, line: &CurveLine) -> Drawn {
    let range = |point: &CurvePoint| point.spread.band().map(|(low, high)| (point.x, low, high));
    let ranges: Vec<_> = line.points.iter().filter_map(range).collect();
    let x: Vec<f64> = ranges.iter().map(|(x, ..)| frame.x(*x)).collect();
    let top: Vec<f64> = ranges.iter().map(|(_, _, max)| frame.y(*max)).collect();
    let bottom: Vec<f64> = ranges.iter().map(|(_, min, _)| frame.y(*min)).collect();
    canvas.band(&x, &top, &bottom, look(line.compared).color)
}

fn draw_line(canvas: &mut Canvas, frame: &Frame, line: &CurveLine) -> Drawn {
    let look = look(line.compared);
    let points: Vec<_> =
        line.points.iter().filter_map(|point| Some(frame.at(point.x, point.spread.median?))).collect();
    canvas.line(&points, look.stroke, look.color)?;
    // Markers of different lines stand at different epochs, so that lines that run together stay apart.
    let every = points.len().div_ceil(MARKERS).max(1);
    let marked = points.iter().skip(line.compared % every).step_by(every);
    marked.into_iter().try_for_each(|point| look.mark(canvas, *point, 9.0))?;
    match (points.last(), line.end) {
        (Some(end), LineEnd::Diverged) => cross(canvas, *end, 13.0, look.color),
        (Some(end), LineEnd::FirstEnded { .. }) => bar(canvas, *end, 17.0, look.color),
        _ => Ok(()),
    }
}
