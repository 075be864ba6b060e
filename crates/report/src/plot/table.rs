//! The table beside a plot.

use crate::analysis::{Analysis, Spread};
use crate::table::Row;

/// `values`: number of seeds with a value; `lost`: number of seeds that diverged or failed.
pub(super) const SPREAD: [&str; 7] =
    ["values", "lost", "median", "min", "lower_quartile", "upper_quartile", "max"];

/// A CSV file of exactly the data that a plot draws.
#[derive(Debug)]
pub(crate) struct Table {
    /// The end of its name, after the name of the plot; mostly empty.
    pub(super) suffix: &'static str,
    csv: csv::Writer<Vec<u8>>,
}

impl Table {
    /// An empty table.
    pub(crate) fn new<'a>(titles: impl IntoIterator<Item = &'a str>) -> Self {
        let mut table = Self { suffix: "", csv: csv::Writer::from_writer(Vec::new()) };
        table.push(&Row::titles(titles));
        table
    }

    /// An empty table whose rows begin with [`first_cells`].
    pub(super) fn of_compared<'a>(analysis: &'a Analysis, titles: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new([analysis.compared_name(), "configuration"].into_iter().chain(titles))
    }

    /// The same table with an end of its name.
    pub(super) fn with_suffix(self, suffix: &'static str) -> Self {
        Self { suffix, ..self }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &Row) {
        // Writing to memory cannot fail; only rows of different lengths could be rejected.
        let written = row.write(&mut self.csv);
        debug_assert!(written.is_ok(), "{written:?}");
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&mut self) -> &[u8] {
        let flushed = self.csv.flush();
        debug_assert!(flushed.is_ok(), "{flushed:?}");
        self.csv.get_ref()
    }
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

impl Row {
    /// Adds the cells of [`SPREAD`].
    pub(super) fn seeds(&mut self, spread: &Spread) -> &mut Self {
        self.count(spread.values as u64).count(spread.worst as u64).spread(spread)
    }
}
