//! The error of a check against the step of its differences.

use super::{Figure, look};
use crate::analysis::{Analysis, Checks, Slope, StepLine, Steps};
use crate::number::rounded;
use plotly::common::{DashType, HoverInfo, Line, Mode};
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// A line a scheme and precision, and the orders that theory knows.
pub(super) fn figures(analysis: &Analysis, checks: &Checks) -> Vec<Figure> {
    let Some(steps) = Steps::new(analysis, checks) else { return Vec::new() };
    let mut plot = Plot::new();
    steps.lines.iter().enumerate().for_each(|(index, found)| plot.add_trace(line(found, index)));
    steps.slopes.iter().for_each(|slope| plot.add_trace(order(slope)));
    plot.set_layout(
        Layout::new()
            .x_axis(Axis::new().title("step h").type_(AxisType::Log))
            .y_axis(Axis::new().title("relative error (median)").type_(AxisType::Log)),
    );
    let signs = [
        "to the right the error of the differences, of the order of a power of h",
        "to the left that of rounding, of the order of 1/h",
        "dashed: what these orders look like",
    ];
    vec![Figure {
        signs: signs.map(str::to_owned).to_vec(),
        logarithmic: Some(true),
        ..Figure::new("error_by_step", "Error of the gradients against the step of the differences", plot)
    }]
}

fn line(line: &StepLine, index: usize) -> Box<Scatter<f64, f64>> {
    let (x, y) = line.points.iter().map(|point| (point.step, point.error)).unzip();
    let told = line
        .points
        .iter()
        .map(|point| format!("h = {}: {}", rounded(point.step, 3), rounded(point.error, 3)));
    Scatter::new(x, y)
        .mode(Mode::LinesMarkers)
        .line(look::line(index))
        .marker(look::marker(index))
        .name(look::label(&format!("{}, {}", line.scheme, line.precision)))
        .hover_info(HoverInfo::Text)
        .hover_text_array(told.collect())
        .legend_group(look::group(index))
}

fn order(slope: &Slope) -> Box<Scatter<f64, f64>> {
    Scatter::new(vec![slope.from.0, slope.to.0], vec![slope.from.1, slope.to.1])
        .mode(Mode::Lines)
        .line(Line::new().color(look::color(look::BLACK)).width(1.5).dash(DashType::Dash))
        .hover_info(HoverInfo::Text)
        .hover_text(format!("h to the power of {}", slope.power))
}
