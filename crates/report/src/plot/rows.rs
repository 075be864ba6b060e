//! Cells shared by the tables of several plots.

use crate::analysis::{Analysis, Spread};
use crate::table::Row;

/// `values`: number of seeds with a value; `lost`: number of seeds that diverged or failed.
pub(super) const SPREAD: [&str; 7] =
    ["values", "lost", "median", "min", "lower_quartile", "upper_quartile", "max"];

/// The titles of [`first_cells`].
pub(super) fn first_titles<'a>(analysis: &'a Analysis) -> [&'a str; 2] {
    [analysis.compared_name(), "configuration"]
}

/// The compared value and the other settings of its best configuration.
pub(super) fn first_cells(analysis: &Analysis, compared: usize) -> Row {
    let best = analysis.compared[compared].best;
    first_cells_of(analysis, compared, best.unwrap_or(analysis.configurations.len()))
}

/// The compared value and the other settings of one of its configurations.
pub(super) fn first_cells_of(analysis: &Analysis, compared: usize, configuration: usize) -> Row {
    let known = analysis.configurations.get(configuration);
    let settings = known.map(|known| analysis.other_settings(known)).unwrap_or_default();
    let text: Vec<String> = settings.iter().map(|(name, label)| format!("{name} {label}")).collect();
    let mut row = Row::default();
    row.text(&analysis.compared[compared].label).text(&text.join("; "));
    row
}

/// The cells of [`SPREAD`].
pub(super) fn spread<'a>(row: &'a mut Row, spread: &Spread) -> &'a mut Row {
    row.count(spread.values as u64).count(spread.worst as u64).spread(spread)
}
