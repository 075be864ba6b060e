use super::table::{self, Header, Keys, Names};
use super::{DataFile, DatasetSource, Reading, Samples};
use crate::error::DataError;
use crate::registry::Domain;
use std::collections::BTreeMap;

crate::item! {
    /// A table of your own: a text file with a row for each sample, and one column that is to be learnt. CSV and ARFF are
    /// understood as they are; `chainrule plan` shows how the table was read, and the keys change it.
    ///
    /// - Features: a column of numbers is one feature; a column of texts is one for each of its different texts, 1 in the
    ///   rows that have it and 0 in others. Row counters, ids, dates, free texts and constant columns are left out
    /// - Missing cells: empty, `NA`, `NaN`, `null`, `?`, `-`, and spellings of them. The median of the training set
    ///   replaces a missing number; a missing text is a text of its own. Rows without a target are left out
    /// - Targets: classes, if the target holds texts or at most 20 different whole numbers; numbers to fit otherwise
    /// - Source: a file of yours, in UTF-8, UTF-16 with a byte-order mark, latin-1 or another `encoding`
    Csv = "csv", owned {
        /// Path of the file: in the data folder, or absolute. It may be compressed, with `.gz` after its name.
        path: String = String::new(), Domain::Text;
        /// The column that is to be learnt: its name, its number counted from 1, or `last`. A list of several is for
        /// regression.
        target: Names = Names::One("last".to_owned()), Domain::Columns;
        /// The kind of target: classes, or numbers to fit. `auto` decides by the column.
        task: String = "auto".to_owned(), Domain::Words(table::TASKS);
        /// The separator between two columns.
        delimiter: String = "auto".to_owned(), Domain::Words(table::DELIMITERS);
        /// The quotation mark around texts.
        quote: String = "auto".to_owned(), Domain::Words(table::QUOTES);
        /// The encoding of the text: a name of the web's encodings, such as `utf-8`, `latin-1` or `shift_jis`.
        encoding: String = "auto".to_owned(), Domain::Text;
        /// Whether the first row holds the names of the columns; or the names, for a file without a header.
        header: Header = Header::Word("auto".to_owned()), Domain::Header;
        /// What becomes of missing cells: the `median` of the training set for numbers and a level of its own for texts;
        /// the same and an `indicator`, a feature that is 1 where a number is missing; `drop`, which leaves out the rows;
        /// or an `error`.
        missing: String = "median".to_owned(), Domain::Words(table::MISSING);
        /// Columns that are no features.
        ignore: Vec<String> = Vec::new(), Domain::Texts;
        /// Columns that are features although they would be left out.
        keep: Vec<String> = Vec::new(), Domain::Texts;
        /// Columns that are read in another way, as in `{ zip = "category", day = "date" }`. `number` also reads numbers
        /// with separated thousands, percent signs or currencies, and takes other texts as missing; `decimal_comma` reads
        /// `1.234,5`; `date` makes year, day of the year and weekday of a date; `ignore` leaves the column out.
        columns: BTreeMap<String, String> = BTreeMap::new(), Domain::WordOfEach(table::COLUMNS);
        /// The column whose equal values belong together: no split divides such a group. It is no feature.
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
