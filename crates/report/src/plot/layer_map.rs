//! A quantity measured in each layer, by layer and time: a map for each compared value.

use super::spreads::median_over;
use super::table::{SPREAD, first_cells_of};
use super::{Axis, Cell, ColorBar, Fill, Mark, Name, Panel, Plot, Scale, Table, Ticks, probe, words};
use crate::analysis::{Analysis, LayerMap, MapPanel, Spread, is_by_epoch};

const CAPTION: &str = "The same over training: a row is a layer, a column is a measurement, brighter is larger. A vertical edge is a change in all layers at once; a slanted edge moves through the layers.";

/// The plot of a quantity, if it was measured in several layers at several times.
pub(super) fn plot(analysis: &Analysis, probe: &str) -> Option<Plot> {
    let map = &LayerMap::new(analysis, probe)?;
    let cells = map.panels.iter().flat_map(|panel| panel.cells.iter().flatten());
    let medians: Vec<f64> = cells.filter_map(|cell| cell.median).collect();
    let color_bar = ColorBar::new(probe::label(probe), probe::scale(probe, &medians));
    let (drawn, all) = (map.panels.len(), analysis.compared_ranking.len());
    let notes = [
        Some(format!("a cell: {}", words::over_seeds(analysis))),
        probe::deepest(analysis),
        (drawn < all).then(|| format!("the best {drawn} of {all}")),
        color_bar.scale.leaves_out(&medians).then_some("darkest: 0, or below the scale".into()),
    ];
    let by_epoch = is_by_epoch(analysis);
    Some(Plot {
        title: format!("{} by layer over training", probe::title(probe)),
        notes: notes.into_iter().flatten().collect(),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: map.panels.iter().map(|one| panel(analysis, one, &color_bar, by_epoch)).collect(),
        columns: if map.panels.len() > 3 { 2 } else { 1 },
        color_bar: Some(color_bar),
        tables: vec![table(analysis, map)],
        ..Plot::default()
    })
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
        hover: format!("layer {layer}, epoch {epoch}, step {step}\n{}", median_over(spread)),
        ..Cell::default()
    }
}

fn table(analysis: &Analysis, map: &LayerMap) -> Table {
    let titles = ["epoch", "step", "layer", "metric"].into_iter().chain(SPREAD);
    let mut table = Table::of_compared(analysis, titles);
    for panel in &map.panels {
        for ((epoch, step), layers) in panel.when.iter().zip(&panel.cells) {
            for (layer, values) in (1u64..).zip(layers) {
                let mut row = first_cells_of(analysis, panel.compared, panel.configuration);
                table.push(row.count(*epoch).count(*step).count(layer).text(map.probe).seeds(values));
            }
        }
    }
    table
}
