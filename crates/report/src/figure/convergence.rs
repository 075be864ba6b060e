//! Metrics over epochs, steps, samples, cost, operations or time.

use super::{Axis, Figure, look, panels};
use crate::analysis::{Analysis, Convergence, CurveLine, CurvePanel, CurvePoint, LineEnd};
use crate::chart::wording;
use crate::number::{count, rounded};
use plotly::common::{AxisSide, Fill, HoverInfo, Mode};
use plotly::layout::{Axis as PlotAxis, AxisType};
use plotly::{Plot, Scatter};

/// Significant digits beside the pointer.
const DIGITS: usize = 4;

/// The figure of training.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let curves = Convergence::over_all(analysis);
    let has_lines = |first: &&Convergence| !first.panels.is_empty() && !first.is_pointless(analysis);
    let Some(first) = curves.first().filter(has_lines) else { return Vec::new() };
    let mut plot = Plot::new();
    for (index, panel) in first.panels.iter().enumerate() {
        panel.lines.iter().for_each(|line| plot.add_trace(band(line, index)));
        panel.lines.iter().for_each(|line| plot.add_trace(median(analysis, line, index)));
    }
    let x = PlotAxis::new().title(wording::x_axis(first.x_axis));
    plot.set_layout(panels::stacked(x, first.panels.iter().map(|panel| y_axis(analysis, panel)).collect()));
    let metric = first.panels[0].metric;
    let title = format!("{}{}", wording::title(metric), wording::each(analysis));
    vec![Figure {
        signs: signs(analysis, first),
        table: "plots/convergence_axes.csv".to_owned(),
        axes: curves.iter().map(axis).collect(),
        height: 300 + 200 * first.panels.len(),
        logarithmic: Some(metric.is_loss()),
        ..Figure::new("convergence", title, plot)
    }]
}

/// The same of gradient checks, where something was trained.
pub(super) fn of_checks(analysis: &Analysis) -> Vec<Figure> {
    if analysis.is_trained() { figures(analysis) } else { Vec::new() }
}

fn y_axis(analysis: &Analysis, panel: &CurvePanel) -> PlotAxis {
    let scale = if panel.metric.is_loss() { AxisType::Log } else { AxisType::Linear };
    PlotAxis::new().title(wording::metric(analysis.info, panel.metric)).type_(scale).side(AxisSide::Left)
}

/// The points of a line that have a band.
fn banded(line: &CurveLine) -> impl DoubleEndedIterator<Item = (&CurvePoint, f64, f64)> {
    line.points.iter().filter_map(|point| point.spread.band().map(|(low, high)| (point, low, high)))
}

/// There along the upper edge, and back along the lower one.
fn outline(line: &CurveLine) -> (Vec<f64>, Vec<f64>) {
    let there = banded(line).map(|(point, _, high)| (point.x, high));
    there.chain(banded(line).rev().map(|(point, low, _)| (point.x, low))).unzip()
}

fn band(line: &CurveLine, panel: usize) -> Box<Scatter<f64, f64>> {
    let (x, y) = outline(line);
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::no_line())
        .fill(Fill::ToSelf)
        .fill_color(look::shade(line.compared))
        .hover_info(HoverInfo::Skip)
        .legend_group(look::group(line.compared))
        .y_axis(panels::axis('y', panel))
}

fn median(analysis: &Analysis, line: &CurveLine, panel: usize) -> Box<Scatter<f64, f64>> {
    let points = line.points.iter().filter_map(|point| Some((point.x, point.spread.median?)));
    let (x, y): (Vec<f64>, Vec<f64>) = points.unzip();
    let compared = &analysis.compared[line.compared];
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::line(line.compared))
        .name(look::label(&compared.label))
        .text_array(line.points.iter().map(told).collect())
        .hover_template("%{y:.4g} at %{x:,}<br>%{text}")
        .legend_group(look::group(line.compared))
        .y_axis(panels::axis('y', panel))
}

/// `0.058 to 0.071 over 5 seeds`, beside the pointer.
fn told(point: &CurvePoint) -> String {
    let spread = &point.spread;
    let range = spread.min.zip(spread.max).map_or_else(String::new, |(min, max)| {
        format!("{} to {} over ", rounded(min, DIGITS), rounded(max, DIGITS))
    });
    let lost = if spread.worst > 0 { format!(", {} diverged", spread.worst) } else { String::new() };
    format!("{range}{}{lost}; epoch {}", count(spread.values, "seed"), point.epoch)
}

/// The x of every trace, in the order of the traces.
fn axis(curves: &Convergence) -> Axis {
    let of_panel = |panel: &CurvePanel| {
        let bands = panel.lines.iter().map(|line| outline(line).0);
        let lines = panel.lines.iter().map(|line| line.points.iter().map(|point| point.x).collect());
        bands.chain(lines).collect::<Vec<Vec<f64>>>()
    };
    Axis {
        name: wording::over(curves.x_axis),
        title: wording::x_axis(curves.x_axis),
        x: curves.panels.iter().flat_map(of_panel).collect(),
    }
}

fn signs(analysis: &Analysis, curves: &Convergence) -> Vec<String> {
    let mut signs = vec![format!("line: {}", wording::over_shown(analysis))];
    signs.extend(wording::band_shown(analysis));
    let lines = || curves.panels.iter().flat_map(|panel| &panel.lines);
    if lines().any(|line| line.x_differs) {
        signs.push("x: median over the seeds, which differ".to_owned());
    }
    if lines().any(|line| matches!(line.end, LineEnd::FirstEnded { .. })) {
        signs.push("a line ends where its first seed ended, though others went on".to_owned());
    }
    if lines().any(|line| line.end == LineEnd::Diverged) {
        signs.push("a line ends where half or more of its seeds have diverged".to_owned());
    }
    signs
}
