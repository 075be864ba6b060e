//! The final metric by setting.

use super::Analysis;
use super::grid::Grid;
use indexmap::IndexSet;
use std::collections::BTreeMap;

/// Losses further from the best than this factor are drawn at this distance. Otherwise a loss on its way to infinity
/// would make all others look alike.
pub(crate) const FURTHEST: f64 = 1000.0;

/// More rows are unreadable in a plot.
const MOST_ROWS: usize = 24;

/// A table of configurations: columns are the values of one factor, rows the combinations of others.
pub(crate) struct HeatMap {
    /// The factor of the columns.
    pub(crate) column_factor: usize,
    /// The factors of the rows.
    pub(crate) row_factors: Vec<usize>,
    /// The factors that are reduced to their best level in each cell.
    pub(crate) reduced: Vec<usize>,
    /// The levels of the columns, in drawing order.
    pub(crate) columns: Vec<usize>,
    /// The levels of the rows, one per row factor, in drawing order.
    pub(crate) rows: Vec<Vec<usize>>,
    /// The cells with recorded runs.
    pub(crate) cells: Vec<Cell>,
}

/// One cell.
#[derive(Debug, PartialEq)]
pub(crate) struct Cell {
    /// Index into the rows.
    pub(crate) row: usize,
    /// Index into the columns.
    pub(crate) column: usize,
    /// The shown configuration: the best one in this cell.
    pub(crate) configuration: usize,
}

impl HeatMap {
    /// `None` if all runs were lost, or without both rows and columns: another plot already shows the seeds of each
    /// value of a single setting.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        if analysis.is_all_lost() {
            return None;
        }
        let grid = &analysis.grid;
        let column_factor = column_factor(grid)?;
        let row_factors = row_factors(grid, column_factor);
        let varies = |factor: &usize| grid.factors[*factor].levels.len() > 1;
        if !varies(&column_factor) || !row_factors.iter().any(varies) {
            return None;
        }
        let reduced = grid.others(&[&row_factors[..], &[column_factor]].concat()).collect();
        let mut best: BTreeMap<(Vec<usize>, usize), usize> = BTreeMap::new();
        let (drawn, compare) = (analysis.drawn(), grid.compare.filter(|factor| row_factors.contains(factor)));
        for index in analysis.ranking.iter().copied() {
            let levels = &analysis.configurations[index].levels;
            if compare.is_some_and(|compare| !drawn.contains(&levels[compare])) {
                continue;
            }
            let row = row_factors.iter().map(|factor| grid.place(*factor, levels[*factor])).collect();
            best.entry((row, grid.place(column_factor, levels[column_factor]))).or_insert(index);
        }
        let found: IndexSet<&Vec<usize>> = best.keys().map(|(row, _)| row).collect();
        let cell = |((row, column), configuration): (&(Vec<usize>, usize), &usize)| {
            Some(Cell { row: found.get_index_of(row)?, column: *column, configuration: *configuration })
        };
        let cells = best.iter().filter_map(cell).collect();
        let order = |factor: usize| grid.factors[factor].drawing_order();
        let orders: Vec<Vec<usize>> = row_factors.iter().copied().map(order).collect();
        let levels = |row: &Vec<usize>| orders.iter().zip(row).map(|(order, place)| order[*place]).collect();
        let rows = found.into_iter().map(levels).collect();
        let columns = order(column_factor);
        let heat_map = Self { column_factor, reduced, columns, rows, cells, row_factors };
        (!heat_map.cells.is_empty()).then_some(heat_map)
    }

    /// The labels of a row, one per row factor.
    pub(crate) fn row_labels(&self, grid: &Grid, row: usize) -> Vec<String> {
        self.row_factors
            .iter()
            .zip(&self.rows[row])
            .map(|(factor, level)| grid.short_label(*factor, *level))
            .collect()
    }
}

/// The learning rate; otherwise the numeric factor with most values; otherwise the factor with most values. The
/// compared factor is used only if it is the only one.
fn column_factor(grid: &Grid) -> Option<usize> {
    let free: Vec<usize> = grid.others(grid.compare.as_slice()).collect();
    let most = |factors: &mut dyn Iterator<Item = usize>| {
        // `max_by_key` returns the last of equal factors; reverse the order to get the first in the file.
        factors.collect::<Vec<_>>().into_iter().rev().max_by_key(|factor| grid.factors[*factor].levels.len())
    };
    grid.learning_rate
        .filter(|factor| grid.factors[*factor].levels.len() >= 2)
        .or_else(|| most(&mut free.iter().copied().filter(|factor| grid.factors[*factor].is_numeric())))
        .or_else(|| most(&mut free.iter().copied()))
        .or(grid.compare)
}

/// The compared factor first, then the others in the order of the file, as long as the number of rows stays readable.
fn row_factors(grid: &Grid, column: usize) -> Vec<usize> {
    let compare = grid.compare.filter(|factor| *factor != column);
    let mut chosen: Vec<usize> = compare.into_iter().collect();
    let mut rows: usize = chosen.iter().map(|factor| grid.factors[*factor].levels.len()).product();
    let taken = [chosen.as_slice(), &[column]].concat();
    for factor in grid.others(&taken) {
        let levels = grid.factors[factor].levels.len();
        if rows.saturating_mul(levels) <= MOST_ROWS {
            rows *= levels;
            chosen.push(factor);
        }
    }
    chosen
}
