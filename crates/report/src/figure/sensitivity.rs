//! The final metric against the learning rate.

use super::{Figure, look};
use crate::analysis::{Analysis, RatePoint, Sensitivity, Spread};
use crate::chart::wording;
use crate::number::{count, rounded_or};
use plotly::common::{Fill, HoverInfo, Mode};
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// Significant digits beside the pointer.
const DIGITS: usize = 4;

/// A line a compared value.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let Some(lines) = Sensitivity::new(analysis) else { return Vec::new() };
    let metric = analysis.info.metric;
    let mut plot = Plot::new();
    lines.lines.iter().for_each(|(compared, points)| plot.add_trace(band(analysis, *compared, points)));
    lines
        .lines
        .iter()
        .for_each(|(compared, points)| plot.add_trace(median(analysis, &lines, *compared, points)));
    lines.lines.iter().for_each(|(compared, points)| plot.add_trace(lost(analysis, *compared, points)));
    let scale = if metric.is_loss() { AxisType::Log } else { AxisType::Linear };
    plot.set_layout(
        Layout::new()
            .x_axis(Axis::new().title("learning_rate").type_(AxisType::Log))
            .y_axis(Axis::new().title(wording::metric(analysis.info, metric)).type_(scale))
            .y_axis2(Axis::new().overlaying("y").range(vec![0.0, 1.0]).visible(false)),
    );
    let title = format!("Final {} against learning_rate", metric.label());
    vec![Figure {
        signs: signs(analysis, &lines),
        caption: "How much depends on the learning rate: a wide, flat valley forgives a wrong rate, a narrow one does not. Crosses mark rates at which half or more of the seeds diverged or failed.",
        logarithmic: Some(metric.is_loss()),
        ..Figure::new("learning_rate_sensitivity", title, plot)
    }]
}

fn spread<'a>(analysis: &'a Analysis, point: &RatePoint) -> &'a Spread {
    analysis.configurations[point.configuration].final_metric(analysis.info.metric)
}

fn band(analysis: &Analysis, compared: usize, points: &[RatePoint]) -> Box<Scatter<f64, f64>> {
    let banded = points.iter().filter_map(|point| {
        let spread = spread(analysis, point);
        spread.median.and(spread.band()).map(|(low, high)| (point.rate, low, high))
    });
    let banded: Vec<(f64, f64, f64)> = banded.collect();
    let there = banded.iter().map(|(rate, _, high)| (*rate, *high));
    let (x, y) = there.chain(banded.iter().rev().map(|(rate, low, _)| (*rate, *low))).unzip();
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::no_line())
        .fill(Fill::ToSelf)
        .fill_color(look::shade(compared))
        .hover_info(HoverInfo::Skip)
        .legend_group(look::group(compared))
}

/// A rate without a median leaves a gap.
fn median(
    analysis: &Analysis,
    lines: &Sensitivity,
    compared: usize,
    points: &[RatePoint],
) -> Box<Scatter<f64, Option<f64>>> {
    let (x, y) = points.iter().map(|point| (point.rate, spread(analysis, point).median)).unzip();
    let one_line = analysis.grid.compare.is_none_or(|compare| compare == lines.factor);
    let name = if one_line { analysis.info.metric.label() } else { &analysis.compared[compared].label };
    Scatter::new(x, y)
        .mode(Mode::LinesMarkers)
        .line(look::line(compared))
        .marker(look::marker(compared))
        .name(look::label(name))
        .hover_info(HoverInfo::Text)
        .hover_text_array(points.iter().map(|point| told(analysis, point)).collect())
        .legend_group(look::group(compared))
}

/// A cross at the upper edge where half or more of the runs are lost; those of different lines one below another.
fn lost(analysis: &Analysis, compared: usize, points: &[RatePoint]) -> Box<Scatter<f64, f64>> {
    let is_lost = |point: &&RatePoint| analysis.configurations[point.configuration].is_mostly_lost();
    let lost: Vec<&RatePoint> = points.iter().filter(is_lost).collect();
    let height = 0.98 - 0.03 * (compared % 12) as f64;
    Scatter::new(lost.iter().map(|point| point.rate).collect(), vec![height; lost.len()])
        .mode(Mode::Markers)
        .marker(look::cross(compared))
        .hover_info(HoverInfo::Text)
        .hover_text_array(lost.iter().map(|point| told(analysis, point)).collect())
        .legend_group(look::group(compared))
        .y_axis("y2")
}

/// The configuration and what its seeds have, beside the pointer.
fn told(analysis: &Analysis, point: &RatePoint) -> String {
    let configuration = &analysis.configurations[point.configuration];
    let spread = spread(analysis, point);
    let settings = analysis.settings(configuration, &[]);
    let settings: Vec<String> =
        settings.iter().map(|(name, value)| format!("{name} {}", look::label(value))).collect();
    format!(
        "median {} over {}<br>{}",
        rounded_or(spread.median, DIGITS, configuration.absence()),
        count(configuration.runs.len(), "seed"),
        settings.join("<br>")
    )
}

fn signs(analysis: &Analysis, lines: &Sensitivity) -> Vec<String> {
    let mut signs = vec![format!("line: {}", wording::over_seeds(analysis))];
    if analysis.info.seeds.len() > 1 {
        signs.push(wording::band(analysis));
    }
    let points = || lines.lines.iter().flat_map(|(_, points)| points);
    if points().any(|point| spread(analysis, point).median.is_none()) {
        signs.push("×: half or more of the seeds diverged or failed".to_owned());
    }
    signs
}
