//! Metrics over epochs, steps, samples or cost.

use super::canvas::{Canvas, Drawn, HEIGHT, Point};
use super::page::{Entry, Frame, LEGEND, heading, legend, nothing};
use super::palette::{bar, cross, look};
use super::scale::Scale;
use super::wording;
use crate::analysis::{Analysis, Convergence, CurveLine, CurvePanel, CurvePoint, LineEnd, Spread};
use crate::number::count;
use chainrule_record::XAxis;

/// With more lines than this, bands would hide one another.
const MOST_BANDS: usize = 6;
/// How many markers a line carries at most.
const MARKERS: usize = 8;
/// How far apart they are at least, in pixels: a line that ends early would be nothing but markers.
const APART: f64 = 36.0;

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
        draw_panel(canvas, analysis, panel, &frame, plot.x_axis, index + 1 == plot.panels.len())?;
    }
    legend(canvas, top, bottom + 70.0, analysis.compared_name(), &entries(analysis, plot))
}

fn title(analysis: &Analysis, plot: &Convergence) -> String {
    let metric = plot.panels.first().map_or(analysis.info.metric, |panel| panel.metric);
    format!("{} over {}{}", wording::title(metric), wording::over(plot.x_axis), wording::each(analysis))
}

/// The x at which the longest line ends; 1 where all end at the start.
fn furthest(plot: &Convergence) -> f64 {
    let points = plot.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.points);
    let furthest = points.map(|point| point.x).fold(0.0, f64::max);
    if furthest > 0.0 { furthest } else { 1.0 }
}

fn has_bands(plot: &Convergence) -> bool {
    plot.panels.iter().all(|panel| panel.lines.len() <= MOST_BANDS)
}

fn subtitle(analysis: &Analysis, plot: &Convergence) -> Vec<Vec<String>> {
    let mut how = vec![format!("line: {}", wording::over_shown(analysis))];
    if has_bands(plot) {
        how.extend(wording::band_shown(analysis));
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
    if plot.panels.iter().any(|panel| scale(panel).leaves_out(&values(panel))) {
        how.push(wording::EDGE.to_owned());
    }
    how.extend(wording::left_out(analysis));
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
        let best = analysis.shown(line.compared)?;
        let label = analysis.compared[line.compared].short.clone();
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
    over: XAxis,
    is_last: bool,
) -> Drawn {
    let x_name = if is_last { wording::x_axis(over) } else { "" };
    frame.draw_y_axis(canvas, &wording::metric(analysis.info, panel.metric))?;
    match over {
        XAxis::Seconds => frame.draw_x_axis(canvas, x_name)?,
        _ => frame.draw_counting_axis(canvas, x_name)?,
    }
    let bands = panel.lines.len() <= MOST_BANDS;
    panel.lines.iter().filter(|_| bands).try_for_each(|line| draw_band(canvas, frame, line))?;
    frame.draw_border(canvas)?;
    let lines = panel.lines.len();
    panel
        .lines
        .iter()
        .enumerate()
        .try_for_each(|(order, line)| draw_line(canvas, frame, line, order as f64 / lines as f64))
}

fn draw_band(canvas: &mut Canvas, frame: &Frame, line: &CurveLine) -> Drawn {
    let range = |point: &CurvePoint| point.spread.band().map(|(low, high)| (point.x, low, high));
    let ranges: Vec<_> = line.points.iter().filter_map(range).collect();
    let x: Vec<f64> = ranges.iter().map(|(x, ..)| frame.x(*x)).collect();
    let top: Vec<f64> = ranges.iter().map(|(_, _, max)| frame.y(*max)).collect();
    let bottom: Vec<f64> = ranges.iter().map(|(_, min, _)| frame.y(*min)).collect();
    canvas.band(&x, &top, &bottom, look(line.compared).color)
}

/// Markers begin after `shift`, a share of their distance: those of different lines stand at different epochs, so that
/// lines that run together stay apart.
fn draw_line(canvas: &mut Canvas, frame: &Frame, line: &CurveLine, shift: f64) -> Drawn {
    let look = look(line.compared);
    let points: Vec<_> =
        line.points.iter().filter_map(|point| Some(frame.at(point.x, point.spread.median?))).collect();
    canvas.line(&points, look.stroke, look.color)?;
    let every = points.len().div_ceil(MARKERS).max(spaced(&points)).max(1);
    let marked = points.iter().skip((shift * every as f64) as usize).step_by(every);
    marked.into_iter().try_for_each(|point| look.mark(canvas, *point, 9.0))?;
    match (points.last(), line.end) {
        (Some(end), LineEnd::Diverged) => cross(canvas, *end, 13.0, look.color),
        (Some(end), LineEnd::FirstEnded { .. }) => bar(canvas, *end, 17.0, look.color),
        _ => Ok(()),
    }
}

/// From which point to which markers are apart.
fn spaced(points: &[Point]) -> usize {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return 1 };
    let step = (last.0 - first.0) / points.len() as f64;
    // At least one marker stands on every line.
    ((APART / step).ceil() as usize).min(points.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{Synthetic, axis, run};
    use chainrule_record::{ExperimentInfo, RunRecord, StopReason, XAxis};
    use serde_json::json;

    fn experiment(rates: &[f64]) -> ExperimentInfo {
        let rates: Vec<_> = rates.iter().map(|rate| json!(rate)).collect();
        let axes = vec![("optimizer", axis(&[json!("sgd"), json!("adam")])), ("learning_rate", axis(&rates))];
        Synthetic { axes, compare: Some("optimizer"), seeds: 3, ..Synthetic::default() }.info()
    }

    /// Three seeds of each optimizer that end after these epochs.
    fn records(epochs: [[usize; 3]; 2]) -> Vec<RunRecord> {
        let one = |optimizer: &str, seed: usize, epochs: usize| {
            let settings = json!({"optimizer": optimizer, "learning_rate": 0.1, "seed": seed});
            run(settings, &[4.0, 3.0, 2.0, 1.0][..=epochs], StopReason::EarlyStopping)
        };
        let seeds = |(optimizer, epochs): (&str, [usize; 3])| {
            epochs
                .into_iter()
                .enumerate()
                .map(|(seed, epochs)| one(optimizer, seed, epochs))
                .collect::<Vec<_>>()
        };
        ["sgd", "adam"].into_iter().zip(epochs).flat_map(seeds).collect()
    }

    #[test]
    fn titles_say_over_what_and_whether_anything_was_chosen() {
        let records = records([[3, 3, 3], [3, 3, 3]]);
        let shown = |rates: &[f64], x_axis| {
            let info = ExperimentInfo { x_axis, ..experiment(rates) };
            let analysis = Analysis::new(&info, &records);
            title(&analysis, &Convergence::new(&analysis))
        };
        assert_eq!(
            shown(&[0.1, 0.2], XAxis::CostUnits),
            "Validation loss over cost units: each optimizer at its best"
        );
        assert_eq!(shown(&[0.1], XAxis::Epochs), "Validation loss over epochs, by optimizer");
    }

    #[test]
    fn lines_that_end_before_their_runs_are_counted() {
        let info = experiment(&[0.1]);
        let told = |epochs: [[usize; 3]; 2]| {
            let records = records(epochs);
            let analysis = Analysis::new(&info, &records);
            let plot = Convergence::new(&analysis);
            let notes: Vec<_> = entries(&analysis, &plot).into_iter().map(|entry| entry.notes).collect();
            (cut_short(&plot), notes)
        };
        assert_eq!(told([[3, 3, 3], [2, 2, 2]]), (None, vec![vec![], vec![]]));
        let (subtitle, notes) = told([[3, 2, 3], [2, 2, 2]]);
        let expected = "| a line ends where its first seed ended: 1 of 2 lines, 2 runs went on";
        assert_eq!(subtitle.as_deref(), Some(expected));
        assert_eq!(notes, [vec!["1 of 3 seeds ended at epoch 2".to_owned()], vec![]]);
    }

    #[test]
    fn short_lines_have_fewer_markers() {
        let line = |step: f64| (0..9).map(|index| (step * f64::from(index), 0.0)).collect::<Vec<Point>>();
        // 8 · 45 pixels over 9 points: 40 a point. 8 · 9 pixels: 8 a point, so every fifth.
        assert_eq!((spaced(&line(45.0)), spaced(&line(9.0)), spaced(&line(0.0))), (1, 5, 9));
        assert_eq!((spaced(&[]), spaced(&[(1.0, 1.0)])), (1, 1));
    }
}
