//! The sharpness over training.

use super::{Figure, look};
use crate::analysis::{Analysis, Sharpness, SharpnessLine, Spread};
use crate::chart::wording;
use crate::number::{count, rounded, rounded_or};
use plotly::common::{DashType, Fill, HoverInfo, Mode};
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// A line a compared value, and 2/η where that is a limit.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let Some(sharpness) = Sharpness::new(analysis) else { return Vec::new() };
    let x = |epoch: u64, step: u64| if sharpness.by_epoch { epoch as f64 } else { step as f64 };
    let mut plot = Plot::new();
    for line in &sharpness.lines {
        plot.add_trace(band(line, x));
        plot.add_trace(median(analysis, line, x));
        plot.add_trace(limit(line, x));
    }
    let name = if sharpness.by_epoch { "epochs" } else { "steps" };
    plot.set_layout(
        Layout::new()
            .x_axis(Axis::new().title(name))
            .y_axis(Axis::new().title("sharpness (largest eigenvalue of the Hessian)").type_(AxisType::Log)),
    );
    let mut signs = vec![format!("line: {}", wording::over_seeds(analysis)), wording::band(analysis)];
    if sharpness.lines.iter().any(|line| line.limit.is_some()) {
        signs.push("dashed: 2/η, above which gradient descent is not stable".to_owned());
    }
    let title = format!("Sharpness over training{}", wording::each(analysis));
    vec![Figure { signs, logarithmic: Some(true), ..Figure::new("sharpness", title, plot) }]
}

fn band(line: &SharpnessLine, x: impl Fn(u64, u64) -> f64) -> Box<Scatter<f64, f64>> {
    let banded = |(epoch, step, spread): &(u64, u64, Spread)| {
        spread.band().map(|(low, high)| (x(*epoch, *step), low, high))
    };
    let banded: Vec<(f64, f64, f64)> = line.points.iter().filter_map(banded).collect();
    let there = banded.iter().map(|(x, _, high)| (*x, *high));
    let (x, y) = there.chain(banded.iter().rev().map(|(x, low, _)| (*x, *low))).unzip();
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::no_line())
        .fill(Fill::ToSelf)
        .fill_color(look::shade(line.compared))
        .hover_info(HoverInfo::Skip)
        .legend_group(look::group(line.compared))
}

fn median(
    analysis: &Analysis,
    line: &SharpnessLine,
    place: impl Fn(u64, u64) -> f64,
) -> Box<Scatter<f64, Option<f64>>> {
    let told = |(epoch, step, spread): &(u64, u64, Spread)| {
        let number = rounded_or(spread.median, 4, "–");
        format!("{number} over {}<br>epoch {epoch}, step {step}", count(spread.values, "seed"))
    };
    let (x, y) =
        line.points.iter().map(|(epoch, step, spread)| (place(*epoch, *step), spread.median)).unzip();
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::line(line.compared))
        .name(look::label(&analysis.compared[line.compared].label))
        .hover_info(HoverInfo::Text)
        .hover_text_array(line.points.iter().map(told).collect())
        .legend_group(look::group(line.compared))
}

fn limit(line: &SharpnessLine, place: impl Fn(u64, u64) -> f64) -> Box<Scatter<f64, f64>> {
    let ends = || line.points.first().into_iter().chain(line.points.last());
    let limited = line.limit.into_iter().flat_map(|limit| ends().map(move |end| (end, limit)));
    let (x, y) = limited.map(|((epoch, step, _), limit)| (place(*epoch, *step), limit)).unzip();
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::line(line.compared).width(1.5).dash(DashType::Dash))
        .hover_info(HoverInfo::Text)
        .hover_text(line.limit.map_or_else(String::new, |limit| format!("2/η = {}", rounded(limit, 4))))
        .legend_group(look::group(line.compared))
}
