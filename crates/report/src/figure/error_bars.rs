//! Errors of gradients, from the median to the largest.

use super::{Figure, look};
use crate::analysis::{
    Analysis, Bar, Bars, Checks, by_layer as analyse_layers, by_precision as analyse_precisions,
};
use crate::number::{count, rounded};
use plotly::common::{DashType, HoverInfo, Line, Marker, MarkerSymbol, Mode};
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// The share of a column's width that bars stand in.
const USED: f64 = 0.7;

/// By layer and compared value.
pub(super) fn by_layer(analysis: &Analysis, checks: &Checks) -> Vec<Figure> {
    let title = format!("Error of the gradients, by layer and {}", analysis.compared_name());
    analyse_layers(analysis, checks).map(|bars| figure(&bars, "error_by_layer", &title)).into_iter().collect()
}

/// By precision and scheme, where no fault varies.
pub(super) fn by_precision(analysis: &Analysis, checks: &Checks) -> Vec<Figure> {
    if analysis.grid.factors.iter().any(|factor| factor.setting == "fault") {
        return Vec::new();
    }
    let bars = analyse_precisions(analysis, checks);
    bars.map(|bars| figure(&bars, "error_by_precision", "Error of the gradients, by precision"))
        .into_iter()
        .collect()
}

fn figure(bars: &Bars, name: &str, title: &str) -> Figure {
    let mut plot = Plot::new();
    for (series, label) in bars.series.iter().enumerate() {
        let ours: Vec<&Bar> = bars.bars.iter().filter(|bar| bar.series == series).collect();
        plot.add_trace(errors(bars, series, label, &ours));
    }
    plot.add_trace(tolerances(bars));
    let x = Axis::new()
        .title(look::label(&bars.column_name))
        .tick_values((0..bars.columns.len()).map(|column| column as f64).collect())
        .tick_text(bars.columns.iter().map(|name| look::label(name)).collect())
        .range(vec![-0.5, bars.columns.len() as f64 - 0.5])
        .zero_line(false);
    plot.set_layout(Layout::new().x_axis(x).y_axis(Axis::new().title("relative error").type_(AxisType::Log)));
    Figure {
        signs: vec![
            "a bar: from the median of the errors to the largest".to_owned(),
            "short lines: the tolerance".to_owned(),
        ],
        logarithmic: Some(true),
        ..Figure::new(name, title, plot)
    }
}

fn place(bars: &Bars, bar: &Bar) -> f64 {
    bar.column as f64 + USED * ((bar.series as f64 + 0.5) / bars.series.len().max(1) as f64 - 0.5)
}

/// A gap follows each bar.
fn errors(bars: &Bars, series: usize, label: &str, ours: &[&Bar]) -> Box<Scatter<f64, Option<f64>>> {
    let ends = ours.iter().flat_map(|bar| {
        let x = place(bars, bar);
        [(x, Some(bar.median)), (x, Some(bar.largest)), (x, None)]
    });
    let told = ours.iter().flat_map(|bar| {
        let text = format!(
            "largest {}, median {}<br>{}",
            rounded(bar.largest, 3),
            rounded(bar.median, 3),
            count(bar.checks, "check")
        );
        vec![text; 3]
    });
    let (x, y) = ends.unzip();
    Scatter::new(x, y)
        .mode(Mode::LinesMarkers)
        .line(look::line(series).width(4.0).dash(DashType::Solid))
        .marker(look::marker(series))
        .name(look::label(label))
        .hover_info(HoverInfo::Text)
        .hover_text_array(told.collect())
        .legend_group(look::group(series))
}

fn tolerances(bars: &Bars) -> Box<Scatter<f64, f64>> {
    let (x, y) = bars.bars.iter().map(|bar| (place(bars, bar), bar.tolerance)).unzip();
    let told = bars.bars.iter().map(|bar| format!("{} is allowed", rounded(bar.tolerance, 3)));
    let color = look::color(look::BLACK);
    let sign = Marker::new().symbol(MarkerSymbol::LineEWOpen).size(16).color(color.clone());
    Scatter::new(x, y)
        .mode(Mode::Markers)
        .marker(sign.line(Line::new().color(color).width(2.0)))
        .hover_info(HoverInfo::Text)
        .hover_text_array(told.collect())
}
