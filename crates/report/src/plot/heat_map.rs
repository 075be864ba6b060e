//! The final metric by setting.

use super::table::SPREAD;
use super::{Axis, Cell, ColorBar, Fill, Ink, Mark, Name, Panel, Plot, Scale, Stroke, Table, spreads, words};
use crate::analysis::{self, Analysis, Configuration, FURTHEST, HeatMap, Spread};
use crate::number::rounded;
use crate::table::Row;
use chainrule_record::Better;

const CAPTION: &str = "Where the good configurations are: brighter is better. If the brightest cell is at the edge of the map, try values beyond it. Cells with × have no median, because half or more of the seeds diverged or failed.";

/// The largest height of a row, in pixels.
const HIGHEST: f64 = 340.0;

/// A cell for each configuration, or for the best of several configurations in the same cell.
pub(super) fn plot(analysis: &Analysis) -> Option<Plot> {
    let map = HeatMap::new(analysis)?;
    let metric = analysis.info.metric;
    let by = names(analysis, &[map.row_factors.as_slice(), &[map.column_factor]].concat(), ", ");
    let is_drawn =
        map.cells.iter().any(|cell| spread_of(analysis, cell).is_measured() || is_lost(analysis, cell));
    let color_bar = color_bar(analysis, &map);
    Some(Plot {
        title: format!("Final {} by {by}", metric.label()),
        notes: notes(analysis, &map, &color_bar),
        settings: words::fixed(analysis.info),
        caption: CAPTION,
        panels: is_drawn.then(|| panel(analysis, &map, &color_bar)).into_iter().collect(),
        nothing: format!("No run measured {metric}."),
        color_bar: Some(color_bar),
        tables: vec![table(analysis, &map)],
        ..Plot::default()
    })
}

fn names(analysis: &Analysis, factors: &[usize], between: &str) -> String {
    let names = factors.iter().map(|factor| analysis.grid.factors[*factor].setting.as_str());
    names.collect::<Vec<_>>().join(between)
}

fn configuration<'a>(analysis: &'a Analysis, cell: &analysis::Cell) -> &'a Configuration<'a> {
    &analysis.configurations[cell.configuration]
}

fn spread_of<'a>(analysis: &'a Analysis, cell: &analysis::Cell) -> &'a Spread {
    configuration(analysis, cell).final_metric(analysis.info.metric)
}

/// Whether any run of a cell was lost.
fn is_lost(analysis: &Analysis, cell: &analysis::Cell) -> bool {
    let outcomes = configuration(analysis, cell).outcomes;
    outcomes.diverged + outcomes.failed > 0
}

fn medians(analysis: &Analysis, map: &HeatMap) -> Vec<f64> {
    map.cells.iter().filter_map(|cell| spread_of(analysis, cell).median).collect()
}

/// Losses cover at most a factor of [`FURTHEST`].
fn color_bar(analysis: &Analysis, map: &HeatMap) -> ColorBar {
    let (metric, medians) = (analysis.info.metric, medians(analysis, map));
    let best = medians.iter().copied().filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
    let shown: Vec<f64> = medians.iter().map(|value| value.min(FURTHEST * best)).collect();
    let scale = if metric.is_loss() { Scale::logarithmic_if_wide(&shown) } else { Scale::linear(medians) };
    let label = format!("{}, brighter is better", words::metric(analysis.info, metric));
    ColorBar { is_reversed: metric.better() == Better::Lower, ..ColorBar::new(label, scale) }
}

fn notes(analysis: &Analysis, map: &HeatMap, bar: &ColorBar) -> Vec<String> {
    let has_lost = |has_median: bool| {
        let mut lost = map.cells.iter().filter(|cell| is_lost(analysis, cell));
        lost.any(|cell| spread_of(analysis, cell).median.is_some() == has_median)
    };
    let is_beyond = bar.scale.leaves_out(&medians(analysis, map));
    let notes = [
        Some(format!("a cell: {}", words::over_seeds(analysis))),
        (!map.reduced.is_empty()).then(|| format!("the best over {}", names(analysis, &map.reduced, ", "))),
        has_lost(true).then_some("* some seeds diverged or failed".into()),
        words::mostly_lost(has_lost(false)),
        is_beyond.then_some("darkest: more than 1000 times the best".into()),
        words::kept(analysis),
        words::left_out(analysis),
    ];
    notes.into_iter().flatten().collect()
}

fn panel(analysis: &Analysis, map: &HeatMap, bar: &ColorBar) -> Panel {
    let grid = &analysis.grid;
    let column = |level: &usize| Name::new(grid.short_label(map.column_factor, *level));
    let row = |row: usize| Name::new(map.row_labels(grid, row).join(" · "));
    let x = Axis::names(&grid.factors[map.column_factor].setting, map.columns.iter().map(column).collect());
    let rows = (0..map.rows.len()).map(row).collect();
    let y = Axis::names_downwards(names(analysis, &map.row_factors, " · "), rows);
    let cells = map.cells.iter().map(|one| cell(analysis, bar, one)).collect();
    // A line separates the values of the rows' first factor.
    let is_new =
        |row: &usize| map.row_factors.len() > 1 && map.rows[*row].first() != map.rows[row - 1].first();
    let groups = (1..map.rows.len()).filter(is_new).flat_map(|row| {
        [(Ink::Paper, 7.0), (Ink::Muted, 1.0)]
            .map(|(ink, width)| Mark::level(ink, row as f64 - 0.5, Stroke::solid(width)))
    });
    Panel {
        highest: HIGHEST * map.rows.len() as f64,
        ..Panel::new(x, y, [Mark::cells(cells)].into_iter().chain(groups).collect())
    }
}

fn cell(analysis: &Analysis, bar: &ColorBar, cell: &analysis::Cell) -> Cell {
    let is_lost = is_lost(analysis, cell);
    let star = if is_lost { "*" } else { "" };
    let (at, hover) = ((cell.column as f64, cell.row as f64), configuration(analysis, cell));
    let drawn = Cell { at, hover: spreads::configuration(analysis, hover), ..Cell::default() };
    match spread_of(analysis, cell).median {
        Some(value) => {
            let texts = [3, 1].map(|digits| format!("{}{star}", rounded(value, digits))).to_vec();
            Cell { fill: Fill::Share(bar.share(value)), texts, ..drawn }
        }
        None if is_lost => {
            Cell { fill: Fill::Lost, texts: vec!["×".to_owned()], text_ink: Some(Ink::Text), ..drawn }
        }
        None => drawn,
    }
}

fn table(analysis: &Analysis, map: &HeatMap) -> Table {
    let names = analysis.grid.factors.iter().map(|factor| factor.setting.as_str());
    let titles = ["row", "column"].into_iter().chain(names).chain(["metric"]).chain(SPREAD);
    let mut table = Table::new(titles);
    for cell in &map.cells {
        let mut row = Row::default();
        row.count(cell.row as u64).count(cell.column as u64);
        let settings = analysis.settings(configuration(analysis, cell), &[]);
        row.texts(settings.into_iter().map(|(_, label)| label)).text(analysis.info.metric.name());
        table.push(row.seeds(spread_of(analysis, cell)));
    }
    table
}
