//! What probes measured of each layer, before training and after.

use super::{Figure, look, panels};
use crate::analysis::{Analysis, LayerProfile, ProfileLine, layer_probes};
use crate::chart::{probe, wording};
use crate::number::{count, rounded_or};
use plotly::common::{DashType, HoverInfo, Mode};
use plotly::layout::{Axis, AxisType};
use plotly::{Plot, Scatter};

/// A figure for each number that was measured. Singular values have a figure of their own.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let names = layer_probes(analysis).into_iter();
    names.filter_map(|name| Some(figure(analysis, &LayerProfile::new(analysis, name)?))).collect()
}

fn figure(analysis: &Analysis, profile: &LayerProfile) -> Figure {
    let moments = [("before training", &profile.start), ("after training", &profile.end)];
    let moments: Vec<_> = moments.into_iter().filter(|(_, lines)| !lines.is_empty()).collect();
    let mut plot = Plot::new();
    for (panel, (_, lines)) in moments.iter().enumerate() {
        for line in lines.iter() {
            plot.add_trace(median(analysis, line, panel));
            plot.add_trace(expected(line, panel));
        }
    }
    let x = moments.iter().map(|(when, _)| Axis::new().title(*when).dtick(1.0));
    let is_share = !probe::is_size(profile.probe);
    let scale = if is_share { AxisType::Linear } else { AxisType::Log };
    let y = Axis::new().title(probe::label(profile.probe)).type_(scale);
    plot.set_layout(panels::side_by_side(x.collect(), y));
    let mut signs = vec![format!("line: {}", wording::over_seeds(analysis))];
    if profile.lines().any(|line| !line.expected.is_empty()) {
        signs.push("dotted: what variance propagation expects".to_owned());
    }
    signs.extend(probe::deepest(analysis));
    let title = format!("{} by layer", probe::title(profile.probe));
    Figure {
        signs,
        logarithmic: Some(!is_share),
        ..Figure::new(format!("layers_{}", profile.probe), title, plot)
    }
}

fn median(analysis: &Analysis, line: &ProfileLine, panel: usize) -> Box<Scatter<f64, Option<f64>>> {
    let (x, y) = line.points.iter().map(|(layer, spread)| (*layer as f64, spread.median)).unzip();
    let told = line.points.iter().map(|(layer, spread)| {
        let number = rounded_or(spread.median, 4, "–");
        format!("layer {layer}: {number} over {}", count(spread.values, "seed"))
    });
    Scatter::new(x, y)
        .mode(Mode::LinesMarkers)
        .line(look::line(line.compared))
        .marker(look::marker(line.compared))
        .name(look::label(&analysis.compared[line.compared].label))
        .hover_info(HoverInfo::Text)
        .hover_text_array(told.collect())
        .legend_group(look::group(line.compared))
        .x_axis(panels::axis('x', panel))
}

fn expected(line: &ProfileLine, panel: usize) -> Box<Scatter<f64, f64>> {
    let (x, y): (Vec<f64>, Vec<f64>) =
        line.expected.iter().map(|(layer, value)| (*layer as f64, *value)).unzip();
    let told = line
        .expected
        .iter()
        .map(|(layer, value)| format!("layer {layer}: {} expected", crate::number::rounded(*value, 4)));
    Scatter::new(x, y)
        .mode(Mode::Lines)
        .line(look::line(line.compared).width(1.5).dash(DashType::Dot))
        .hover_info(HoverInfo::Text)
        .hover_text_array(told.collect())
        .legend_group(look::group(line.compared))
        .x_axis(panels::axis('x', panel))
}
