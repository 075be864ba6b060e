//! What probes measured of each layer over training.

use super::{Figure, look, panels};
use crate::analysis::{Analysis, LayerMap, MapPanel, is_by_epoch, layer_probes};
use crate::chart::{probe, wording};
use crate::number::rounded;
use plotly::common::HoverInfo;
use plotly::layout::Axis;
use plotly::{HeatMap, Plot};

/// A figure for each number that was measured, with a map for each of the best compared values.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let names = layer_probes(analysis).into_iter();
    // Asked once: it looks at every run.
    let by_epoch = is_by_epoch(analysis);
    names.filter_map(|name| Some(figure(analysis, &LayerMap::new(analysis, name)?, by_epoch))).collect()
}

fn figure(analysis: &Analysis, map: &LayerMap, by_epoch: bool) -> Figure {
    let medians =
        map.panels.iter().flat_map(|panel| panel.cells.iter().flatten()).filter_map(|cell| cell.median);
    let medians: Vec<f64> = medians.collect();
    let color = Color::new(map.probe, &medians);
    let mut plot = Plot::new();
    let shown = map.panels.len().min(panels::MOST);
    for (index, panel) in map.panels.iter().take(shown).enumerate() {
        plot.add_trace(cells(panel, index, map.probe, &color, by_epoch));
    }
    let axes = map.panels.iter().take(shown).enumerate().map(|(index, panel)| {
        let when = if by_epoch { "epoch" } else { "step" };
        let x = Axis::new().zero_line(false).show_grid(false);
        let x = if index + 1 == shown { x.title(when) } else { x };
        let y = Axis::new().title("layer").dtick(1.0).zero_line(false).show_grid(false);
        (look::label(&analysis.compared[panel.compared].label), x, y)
    });
    plot.set_layout(panels::apart(axes.collect()));
    let mut signs = vec![format!("a cell: {}", wording::over_seeds(analysis))];
    signs.extend(probe::deepest(analysis));
    if shown < analysis.compared_ranking.len() {
        signs.push(format!("the best {shown} of {}", analysis.compared_ranking.len()));
    }
    Figure {
        signs,
        height: 120 + 190 * shown,
        ..Figure::new(
            format!("map_{}", map.probe),
            format!("{} by layer over training", probe::title(map.probe)),
            plot,
        )
    }
}

/// How numbers become colours: the same for all panels.
struct Color {
    least: f64,
    most: f64,
    logarithmic: bool,
}

/// From the largest value down to this share of it.
const NEGLIGIBLE: f64 = 1e-8;

impl Color {
    fn new(name: &str, medians: &[f64]) -> Self {
        let is_size = probe::is_size(name);
        let most = medians.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let seen = medians.iter().copied().filter(|value| !is_size || *value > NEGLIGIBLE * most);
        Self { least: seen.fold(f64::INFINITY, f64::min), most, logarithmic: is_size && most > 0.0 }
    }

    fn height(&self, value: f64) -> f64 {
        if self.logarithmic { libm::log10(value.max(self.least)) } else { value }
    }
}

fn cells(
    panel: &MapPanel,
    index: usize,
    name: &str,
    color: &Color,
    by_epoch: bool,
) -> Box<HeatMap<f64, f64, Vec<Option<f64>>>> {
    let layers = 0..panel.layers as usize;
    let number = |layer: usize, column: usize| panel.cells[column][layer].median;
    let columns = || 0..panel.when.len();
    let row =
        |layer| columns().map(|column| number(layer, column).map(|value| color.height(value))).collect();
    let told = |layer: usize| {
        let told = |column: usize| {
            let (epoch, step) = panel.when[column];
            let value = number(layer, column).map_or("–".to_owned(), |value| rounded(value, 3));
            format!("layer {}, epoch {epoch}, step {step}: {value}", layer + 1)
        };
        columns().map(told).collect::<Vec<String>>()
    };
    let when = |(epoch, step): &(u64, u64)| if by_epoch { *epoch as f64 } else { *step as f64 };
    let bar = look::color_bar(probe::title(name).as_str());
    let bar = if color.logarithmic { look::decades(bar, color.least, color.most) } else { bar };
    HeatMap::new(
        panel.when.iter().map(when).collect(),
        layers.clone().map(|layer| layer as f64 + 1.0).collect(),
        layers.clone().map(row).collect(),
    )
    .color_scale(look::color_scale(false))
    .color_bar(bar)
    .show_scale(index == 0)
    .zmin(color.height(color.least))
    .zmax(color.height(color.most))
    .hover_info(HoverInfo::Text)
    .hover_text_matrix(layers.map(told).collect::<Vec<_>>())
    .x_axis(panels::axis('x', index))
    .y_axis(panels::axis('y', index))
}
