//! A quantity measured in each layer, by layer and time: a map for each compared value.

use super::rows::{SPREAD, first_cells_of, first_titles, spread};
use super::spreads::median_over;
use super::{Axis, Cell, ColorBar, Fill, Mark, Name, Panel, Plot, Scale, Table, Ticks, probe, words};
use crate::analysis::{Analysis, LayerMap, MapPanel, Spread, is_by_epoch};

const CAPTION: &str = "The same over training: a row is a layer, a column is a measurement, brighter is larger. A vertical edge is a change in all layers at once; a slanted edge moves through the layers.";

/// The plot of a quantity, if it was measured in several layers at several times.
pub(super) fn plot(analysis: &Analysis, probe: &str) -> Option<Plot> {
    LayerMap::new(analysis, probe).map(|map| drawn_map(analysis, &map, is_by_epoch(analysis)))
}

fn drawn_map(analysis: &Analysis, map: &LayerMap, by_epoch: bool) -> Plot {
    let values: Vec<f64> = medians(map).collect();
    let color_bar = ColorBar {
        label: probe::label(map.probe).to_owned(),
        scale: probe::scale(map.probe, &values),
        is_reversed: false,
        brightest: 1.0,
        is_axis: false,
    };
    Plot {
        notes: notes(analysis, map, &color_bar),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: map.panels.iter().map(|one| panel(analysis, one, &color_bar, by_epoch)).collect(),
        columns: if map.panels.len() > 3 { 2 } else { 1 },
        color_bar: Some(color_bar),
        tables: vec![table(analysis, map)],
        ..Plot::new(
            format!("map_{}", map.probe),
            format!("{} by layer over training", probe::title(map.probe)),
        )
    }
}

fn medians(map: &LayerMap) -> impl Iterator<Item = f64> {
    let cells = map.panels.iter().flat_map(|panel| panel.cells.iter().flatten());
    cells.filter_map(|cell| cell.median)
}

fn notes(analysis: &Analysis, map: &LayerMap, bar: &ColorBar) -> Vec<String> {
    let mut notes = vec![format!("a cell: {}", words::over_seeds(analysis))];
    notes.extend(probe::deepest(analysis));
    if map.panels.len() < analysis.compared_ranking.len() {
        notes.push(format!("the best {} of {}", map.panels.len(), analysis.compared_ranking.len()));
    }
    if bar.scale.leaves_out(&medians(map).collect::<Vec<_>>()) {
        notes.push("darkest: 0, or below the scale".to_owned());
    }
    notes
}

fn panel(analysis: &Analysis, panel: &MapPanel, bar: &ColorBar, by_epoch: bool) -> Panel {
    let when = |(epoch, step): &(u64, u64)| Name::new(if by_epoch { epoch } else { step }.to_string());
    let label = if by_epoch { "epoch" } else { "step (not to scale)" };
    let x = Axis::names(label, panel.when.iter().map(when).collect());
    let layers = (1..=panel.layers).map(|layer| layer as f64).collect();
    let y = Axis::new("layer", Scale::exactly(0.5, panel.layers as f64 + 0.5)).with(Ticks::At(layers));
    let column = |column: usize| {
        let measured = (1..).zip(&panel.cells[column]).filter(|(_, spread)| spread.median.is_some());
        measured.map(move |(layer, spread)| cell(panel, bar, (column, layer), spread))
    };
    let cells = (0..panel.when.len()).flat_map(column).collect();
    let details = words::details(analysis, &analysis.configurations[panel.configuration]).join(", ");
    Panel {
        title: [analysis.compared[panel.compared].short.as_str(), &details].join("   ").trim_end().to_owned(),
        ..Panel::new(x, y, vec![Mark::cells(cells)])
    }
}

fn cell(panel: &MapPanel, bar: &ColorBar, (column, layer): (usize, u32), spread: &Spread) -> Cell {
    let (epoch, step) = panel.when[column];
    Cell {
        at: (column as f64, f64::from(layer)),
        fill: Fill::Share(bar.share(spread.median.unwrap_or(f64::NAN))),
        texts: Vec::new(),
        text_ink: None,
        frame: None,
        hover: format!("layer {layer}, epoch {epoch}, step {step}\n{}", median_over(spread)),
    }
}

fn table(analysis: &Analysis, map: &LayerMap) -> Table {
    let titles = first_titles(analysis).into_iter().chain(["epoch", "step", "layer", "metric"]);
    let mut table = Table::new(&format!("map_{}", map.probe), titles.chain(SPREAD));
    for panel in &map.panels {
        for ((epoch, step), layers) in panel.when.iter().zip(&panel.cells) {
            for (layer, values) in (1u64..).zip(layers) {
                let mut row = first_cells_of(analysis, panel.compared, panel.configuration);
                row.count(*epoch).count(*step).count(layer).text(map.probe);
                table.push(spread(&mut row, values));
            }
        }
    }
    table
}
