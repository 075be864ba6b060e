//! The table beside a plot.

use crate::table::Row;

/// A CSV file of exactly the data that a plot draws.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its path relative to the folder of the report.
    pub(crate) file: String,
    csv: csv::Writer<Vec<u8>>,
}

impl Table {
    /// An empty table `plots/NAME.csv`.
    pub(crate) fn new<'a>(name: &str, titles: impl IntoIterator<Item = &'a str>) -> Self {
        let mut table = Self { file: format!("plots/{name}.csv"), csv: csv::Writer::from_writer(Vec::new()) };
        table.push(&Row::titles(titles));
        table
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &Row) {
        // Writing to memory cannot fail; only rows of different lengths could be rejected.
        let written = row.write(&mut self.csv);
        debug_assert!(written.is_ok(), "{}: {written:?}", self.file);
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&mut self) -> &[u8] {
        let flushed = self.csv.flush();
        debug_assert!(flushed.is_ok(), "{}: {flushed:?}", self.file);
        self.csv.get_ref()
    }
}
