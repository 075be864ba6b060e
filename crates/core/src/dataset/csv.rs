use super::labels::TASKS;
use super::table::{self, Header, Keys, Names};
use super::{DataFile, DatasetSource, Reading, Samples};
use crate::error::DataError;
use crate::registry::Domain;
use std::collections::BTreeMap;

crate::item! {
    /// A table of your own: a text file with a row for each sample and a target column. CSV and ARFF files are read as they
    /// are. `chainrule plan` shows every decision about the table, and the keys override it.
    ///
    /// - Features: a column of numbers is one feature. A column of texts is one-hot encoded: a feature of 0 and 1 for each
    ///   of its different texts. Row counters, ids, dates, free text and constant columns are left out
    /// - Missing cells: empty, `NA`, `NaN`, `null`, `?`, `-`, and similar words. The median of the training set
    ///   replaces a missing number; a missing text is a level of its own. Rows without a target are left out
    /// - Targets: classes if the target holds texts or at most 20 different whole numbers, and regression otherwise
    /// - Source: your own file, in UTF-8, UTF-16 with a byte-order mark, latin-1 or another `encoding`
    Csv = "csv", owned {
        /// Path of the file, from the folder of the experiment file or the data folder, or absolute. It may be compressed,
        /// and a file in an archive is `archive.zip/table.csv`.
        path: String = String::new(), Domain::Text;
        /// The target column: its name, its number counted from 1, or `last`. A list of several columns is for regression.
        target: Names = Names::One("last".to_owned()), Domain::Columns;
        /// The task. `auto` infers it from the target column.
        task: String = "auto".to_owned(), Domain::Words(TASKS);
        /// The separator between two columns.
        delimiter: String = "auto".to_owned(), Domain::Words(table::DELIMITERS);
        /// The quotation mark around texts.
        quote: String = "auto".to_owned(), Domain::Words(table::QUOTES);
        /// The encoding of the text: a name of the web's encodings, such as `utf-8`, `latin-1` or `shift_jis`.
        encoding: String = "auto".to_owned(), Domain::Text;
        /// Whether the first row holds the names of the columns; or the names, for a file without a header.
        header: Header = Header::Word("auto".to_owned()), Domain::Header;
        /// The treatment of missing cells. `median`: the median of the training set for numbers, and a level of its own for
        /// texts. `indicator`: the same, and a feature that is 1 where a number is missing. `drop`: leave out the rows.
        /// `error`: refuse the file.
        missing: String = "median".to_owned(), Domain::Words(table::MISSING);
        /// Columns to leave out.
        ignore: Vec<String> = Vec::new(), Domain::Texts;
        /// Columns to keep although they would be left out.
        keep: Vec<String> = Vec::new(), Domain::Texts;
        /// The types of columns, as in `{ zip = "category", day = "date" }`. `number` also reads thousands separators,
        /// percent signs and currencies; other texts count as missing. `decimal_comma` reads `1.234,5`. `date` gives year, day
        /// of the year and weekday. `ignore` leaves the column out.
        columns: BTreeMap<String, String> = BTreeMap::new(), Domain::WordOfEach(table::COLUMNS);
        /// The column of groups, such as patients: no split divides rows with the same value. It is not a feature.
        group: String = "none".to_owned(), Domain::Text;
    }
}

impl DatasetSource for Csv {
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError> {
        self.read(files).map(|(samples, _)| samples)
    }

    fn read(&self, files: &[Vec<u8>]) -> Result<(Samples, Option<Reading>), DataError> {
        let bytes = files.first().map_or(&[][..], Vec::as_slice);
        let read = table::read(bytes, &self.keys());
        let (samples, reading) =
            read.map_err(|problems| DataError::Table { file: self.path.clone(), problems: problems.all() })?;
        Ok((samples, Some(Reading { file: self.path.clone(), ..reading })))
    }

    fn files(&self) -> Vec<DataFile> {
        vec![DataFile { path: self.path.clone(), source: super::OWN_FILE }]
    }

    fn citation(&self) -> &'static str {
        "the user's file"
    }

    fn licence(&self) -> &'static str {
        "known to the user"
    }
}

impl Csv {
    fn keys(&self) -> Keys<'_> {
        Keys {
            target: &self.target,
            task: &self.task,
            delimiter: &self.delimiter,
            quote: &self.quote,
            encoding: &self.encoding,
            header: &self.header,
            missing: &self.missing,
            ignore: &self.ignore,
            keep: &self.keep,
            columns: &self.columns,
            group: (self.group != "none").then_some(&self.group),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Targets;
    use ndarray::array;

    /// Every key reaches the reader. The tests of `table/` cover their effects.
    #[test]
    fn a_table_is_read() {
        let text = "\u{feff}who;a;kind;b\nx;1,5;u;2\r\ny; 3,5 ;v;NA\r\nx;5;u;6\n";
        let csv = Csv {
            path: "my.csv".to_owned(),
            target: Names::One("kind".to_owned()),
            missing: "indicator".to_owned(),
            columns: [("a".to_owned(), "decimal_comma".to_owned())].into(),
            group: "who".to_owned(),
            ..Csv::default()
        };
        let (samples, reading) = csv.read(&[text.as_bytes().to_vec()]).unwrap();
        assert_eq!(samples.features.to_array().column(0), array![1.5, 3.5, 5.0]);
        assert_eq!(samples.features.to_array().column(2), array![0.0, 1.0, 0.0]);
        assert_eq!(samples.targets, Targets::Classes { labels: vec![0, 1, 0], count: 2 });
        assert_eq!(samples.groups, [0, 1, 0]);
        assert_eq!(reading.unwrap().file, "my.csv");
        let unknown = Csv { target: Names::One("kin".to_owned()), ..csv.clone() };
        let error = unknown.samples(&[text.as_bytes().to_vec()]).unwrap_err().to_string();
        assert!(error.starts_with("my.csv: `target` names the unknown column `kin`; did you mean `kind`?"));
        let dropped = Csv { missing: "drop".to_owned(), ..csv };
        assert_eq!(dropped.samples(&[text.as_bytes().to_vec()]).unwrap().groups, [0, 0]);
    }
}
