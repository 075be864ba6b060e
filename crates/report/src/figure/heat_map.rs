//! The final metric by setting.

use super::{Figure, look};
use crate::analysis::{Analysis, Cell, FURTHEST, HeatMap, Spread};
use crate::chart::wording;
use crate::number::{count, rounded_or};
use chainrule_record::Better;
use plotly::common::{HoverInfo, Mode};
use plotly::layout::Axis;
use plotly::{HeatMap as Map, Layout, Plot, Scatter};

/// Significant digits beside the pointer.
const DIGITS: usize = 4;

/// A cell a configuration.
pub(super) fn figures(analysis: &Analysis) -> Vec<Figure> {
    let Some(map) = HeatMap::new(analysis) else { return Vec::new() };
    let mut plot = Plot::new();
    plot.add_trace(cells(analysis, &map));
    plot.add_trace(lost(analysis, &map));
    plot.set_layout(layout(analysis, &map));
    let names = |factors: &[usize]| {
        let names: Vec<&str> =
            factors.iter().map(|factor| analysis.grid.factors[*factor].setting.as_str()).collect();
        names.join(", ")
    };
    let by = names(&[map.row_factors.as_slice(), &[map.column_factor]].concat());
    let mut signs = vec![format!("a cell: {}", wording::over_seeds(analysis))];
    if !map.reduced.is_empty() {
        signs.push(format!("the best over {}", names(&map.reduced)));
    }
    signs.push("×: half or more of the seeds diverged or failed".to_owned());
    vec![Figure {
        signs,
        caption: "Where the good configurations lie: brighter is better. A bright cell at the edge of the map suggests to look beyond it.",
        least_width: 620,
        height: 130 + (34 * map.rows.len()).clamp(180, 800),
        ..Figure::new("final_metric", format!("Final {} by {by}", analysis.info.metric.label()), plot)
    }]
}

fn spread<'a>(analysis: &'a Analysis, cell: &Cell) -> &'a Spread {
    analysis.configurations[cell.configuration].final_metric(analysis.info.metric)
}

/// Whether colours go by the logarithm.
fn is_logarithmic(analysis: &Analysis, map: &HeatMap) -> bool {
    let medians = || map.cells.iter().filter_map(|cell| spread(analysis, cell).median);
    analysis.info.metric.is_loss() && medians().all(|median| median > 0.0)
}

fn cells(analysis: &Analysis, map: &HeatMap) -> Box<Map<f64, f64, Vec<Option<f64>>>> {
    let logarithmic = is_logarithmic(analysis, map);
    let height = |value: f64| if logarithmic { libm::log10(value) } else { value };
    let mut z = vec![vec![None; map.columns.len()]; map.rows.len()];
    let mut texts = vec![vec![String::new(); map.columns.len()]; map.rows.len()];
    for cell in &map.cells {
        z[cell.row][cell.column] = spread(analysis, cell).median.map(height);
        texts[cell.row][cell.column] = told(analysis, cell);
    }
    let medians = map.cells.iter().filter_map(|cell| spread(analysis, cell).median);
    let best = medians.clone().fold(f64::INFINITY, f64::min);
    let worst = medians.fold(f64::NEG_INFINITY, f64::max);
    let worst = if logarithmic { worst.min(FURTHEST * best) } else { worst };
    let bar = look::color_bar(analysis.info.metric.label());
    let bar = if logarithmic { look::decades(bar, best, worst) } else { bar };
    let places = |count: usize| (0..count).map(|index| index as f64).collect();
    Map::new(places(map.columns.len()), places(map.rows.len()), z)
        .color_scale(look::color_scale(analysis.info.metric.better() == Better::Lower))
        .color_bar(bar)
        .zmin(height(best))
        .zmax(height(worst))
        .hover_on_gaps(false)
        .hover_info(HoverInfo::Text)
        .hover_text_matrix(texts)
        .x_gap(2)
        .y_gap(2)
}

/// Crosses where there is no median.
fn lost(analysis: &Analysis, map: &HeatMap) -> Box<Scatter<f64, f64>> {
    let is_lost = |cell: &&Cell| analysis.configurations[cell.configuration].is_mostly_lost();
    let lost: Vec<&Cell> = map.cells.iter().filter(is_lost).collect();
    let (x, y) = lost.iter().map(|cell| (cell.column as f64, cell.row as f64)).unzip();
    Scatter::new(x, y)
        .mode(Mode::Markers)
        .marker(look::cross(look::BLACK))
        .hover_info(HoverInfo::Text)
        .hover_text_array(lost.iter().map(|cell| told(analysis, cell)).collect())
}

fn told(analysis: &Analysis, cell: &Cell) -> String {
    let configuration = &analysis.configurations[cell.configuration];
    let settings = analysis.settings(configuration, &[]);
    let settings: Vec<String> =
        settings.iter().map(|(name, value)| format!("{name} {}", look::label(value))).collect();
    format!(
        "median {} over {}<br>{}",
        rounded_or(spread(analysis, cell).median, DIGITS, configuration.absence()),
        count(configuration.runs.len(), "seed"),
        settings.join("<br>")
    )
}

fn layout(analysis: &Analysis, map: &HeatMap) -> Layout {
    let grid = &analysis.grid;
    let columns = map.columns.iter().map(|level| grid.short_label(map.column_factor, *level));
    let rows = (0..map.rows.len()).map(|row| map.row_labels(grid, row).join(" · "));
    let places = |count: usize| (0..count).map(|index| index as f64).collect::<Vec<f64>>();
    let axis = |labels: Vec<String>| {
        Axis::new()
            .tick_values(places(labels.len()))
            .tick_text(labels.iter().map(|text| look::label(text)).collect())
            .show_grid(false)
            .zero_line(false)
    };
    let x = axis(columns.collect()).title(look::label(&grid.factors[map.column_factor].setting));
    // The first row on top.
    let y = axis(rows.collect()).range(vec![map.rows.len() as f64 - 0.5, -0.5]);
    Layout::new().x_axis(x).y_axis(y)
}
