//! From the smallest to the largest singular value of each layer.

use super::{Figure, look};
use crate::analysis::{Analysis, LayerSpread, weights};
use crate::number::rounded_or;
use plotly::common::{DashType, HoverInfo, Mode};
use plotly::layout::{Axis, AxisType};
use plotly::{Layout, Plot, Scatter};

/// The share of the distance between layers in which compared values stand side by side.
const USED: f64 = 0.7;

/// A bar a layer and compared value.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let layers = weights(analysis);
    if layers.is_empty() {
        return Vec::new();
    }
    let mut plot = Plot::new();
    for compared in 0..analysis.compared.len() {
        let ours: Vec<&LayerSpread> = layers.iter().filter(|layer| layer.compared == compared).collect();
        plot.add_trace(bars(analysis, compared, &ours));
    }
    let x = Axis::new().title("layer").dtick(1.0).zero_line(false);
    plot.set_layout(
        Layout::new().x_axis(x).y_axis(Axis::new().title("singular values").type_(AxisType::Log)),
    );
    vec![Figure {
        signs: vec![
            "a bar: from the smallest to the largest singular value, medians over the seeds".to_owned(),
        ],
        logarithmic: Some(true),
        ..Figure::new("singular_values", "Singular values of the weights, by layer", plot)
    }]
}

/// A gap follows each bar.
fn bars(analysis: &Analysis, compared: usize, layers: &[&LayerSpread]) -> Box<Scatter<f64, Option<f64>>> {
    let count = analysis.compared.len() as f64;
    let beside = USED * ((compared as f64 + 0.5) / count - 0.5);
    let ends = layers.iter().flat_map(|layer| {
        let x = layer.layer as f64 + beside;
        [(x, layer.smallest.median), (x, layer.largest.median), (x, None)]
    });
    let told = layers.iter().flat_map(|layer| vec![told(layer); 3]);
    let (x, y) = ends.unzip();
    Scatter::new(x, y)
        .mode(Mode::LinesMarkers)
        .line(look::line(compared).width(5.0).dash(DashType::Solid))
        .marker(look::marker(compared))
        .name(look::label(&analysis.compared[compared].label))
        .hover_info(HoverInfo::Text)
        .hover_text_array(told.collect())
        .legend_group(look::group(compared))
}

fn told(layer: &LayerSpread) -> String {
    let number = |value: Option<f64>, absent: &str| rounded_or(value, 3, absent);
    format!(
        "layer {}, {} → {}<br>{} to {}<br>condition number {}",
        layer.layer,
        layer.n_in,
        layer.n_out,
        number(layer.smallest.median, "–"),
        number(layer.largest.median, "–"),
        number(layer.condition.median, "∞")
    )
}
