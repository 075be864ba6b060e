use super::features::{Collector, reserve_exact};
use super::labels::{self, TASKS};
use super::{DataFile, DatasetSource, Samples, Targets};
use crate::error::DataError;
use crate::registry::Domain;
use ::csv::{ReaderBuilder, StringRecord, StringRecordsIntoIter};
use ndarray::Array2;

crate::item! {
    /// A table of your own: a text file with one row per sample, columns of numbers, and one target column.
    ///
    /// - Features: every column but the target, in the order of the file; all of them numbers
    /// - Targets: the classes of the target column, one per different value, or its numbers
    /// - Source: your own file, in UTF-8, in the format of RFC 4180
    Csv = "csv", owned {
        /// Path of the file: in the data folder, or absolute. It may be compressed, with `.gz` after its name.
        path: String = String::new(), Domain::Text;
        /// The target column: its name, its number counted from 1, or `last`.
        target: String = "last".to_owned(), Domain::Text;
        /// The kind of target: classes, or numbers for regression.
        task: String = "classes".to_owned(), Domain::Words(TASKS);
        /// The separator between columns.
        delimiter: String = "comma".to_owned(), Domain::Words(&["comma", "semicolon", "tab"]);
        /// Whether the first row contains the column names.
        header: bool = true, Domain::Flag;
    }
}

impl DatasetSource for Csv {
    fn samples(&self, files: &[Vec<u8>]) -> Result<Samples, DataError> {
        let bytes = files.first().map_or(&[][..], Vec::as_slice);
        let problem = |problem: String| DataError::Format { file: self.path.clone(), problem };
        self.read(bytes).map_err(problem)
    }

    fn files(&self) -> Vec<DataFile> {
        vec![DataFile { path: self.path.clone(), source: super::OWN_FILE }]
    }

    fn feature_name(&self, files: &[Vec<u8>], feature: usize) -> Option<String> {
        let (names, _) = self.open(files.first()?).ok()?;
        let table = Rows::new(names, 0);
        let names = table.names.as_ref()?;
        let target = table.target_column(names.len(), &self.target).ok()?;
        let column = if feature < target { feature } else { feature + 1 };
        names.get(column).map(|name| name.trim().to_owned())
    }

    fn citation(&self) -> &'static str {
        "the user's file"
    }

    fn licence(&self) -> &'static str {
        "known to the user"
    }
}

impl Csv {
    fn read(&self, bytes: &[u8]) -> Result<Samples, String> {
        let (names, rows) = self.open(bytes)?;
        let mut table = Rows::new(names, lines(bytes));
        for row in rows {
            table.add(&row.map_err(|error| error.to_string())?, &self.target)?;
        }
        table.samples(&self.task)
    }

    /// The column names, if the file has them, and the rows below.
    fn open<'b>(
        &self,
        bytes: &'b [u8],
    ) -> Result<(Option<StringRecord>, StringRecordsIntoIter<&'b [u8]>), String> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let delimiter = match self.delimiter.as_str() {
            "semicolon" => b';',
            "tab" => b'\t',
            _ => b',',
        };
        let reader =
            ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
        let mut rows = reader.into_records();
        let names =
            if self.header { rows.next().transpose().map_err(|error| error.to_string())? } else { None };
        Ok((names, rows))
    }
}

/// Lines of a table: an upper bound on its rows.
fn lines(bytes: &[u8]) -> usize {
    1 + bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// The rows read so far.
struct Rows {
    names: Option<StringRecord>,
    /// The number of columns, known after the first row, and the index of the target column.
    shape: Option<(usize, usize)>,
    features: Collector,
    targets: Vec<String>,
    /// Lines of the targets.
    lines: Vec<u64>,
    /// The maximum number of rows.
    most: usize,
}

impl Rows {
    fn new(names: Option<StringRecord>, most: usize) -> Self {
        Self { names, shape: None, features: Collector::new(0), targets: Vec::new(), lines: Vec::new(), most }
    }

    /// Allocates room for all rows once the first row shows the number of columns.
    fn make_room(&mut self, width: usize) -> Result<(), String> {
        self.features = Collector::new(self.most.saturating_mul(width - 1));
        let targets = reserve_exact(&mut self.targets, self.most);
        targets.and_then(|()| reserve_exact(&mut self.lines, self.most)).map_err(|no_room| no_room.text())
    }

    fn add(&mut self, row: &StringRecord, target: &str) -> Result<(), String> {
        let line = row.position().map_or(0, ::csv::Position::line);
        let width = self.names.as_ref().map_or(row.len(), StringRecord::len);
        let (width, target) = match self.shape {
            Some(shape) => shape,
            None => {
                let shape = *self.shape.insert((width, self.target_column(width, target)?));
                self.make_room(width)?;
                shape
            }
        };
        if row.len() != width {
            let expected = if self.names.is_some() { "the header" } else { "the first row" };
            return Err(format!("line {line}: {} columns, but {expected} has {width}", row.len()));
        }
        for (column, text) in row.iter().enumerate() {
            if column == target {
                self.targets.push(text.trim().to_owned());
                self.lines.push(line);
            } else {
                let number = number(text).map_err(|problem| self.at(line, column, &problem))?;
                self.features.push(number).map_err(|no_room| no_room.text())?;
            }
        }
        if self.targets.last().is_some_and(String::is_empty) {
            return Err(self.at(line, target, "is empty"));
        }
        Ok(())
    }

    fn target_column(&self, width: usize, target: &str) -> Result<usize, String> {
        if width < 2 {
            let advice = "for another delimiter, set delimiter = \"semicolon\" or \"tab\"";
            return Err(format!("it has one column, but needs features and a target; {advice}"));
        }
        let named = self.names.as_ref().and_then(|names| names.iter().position(|name| name.trim() == target));
        let numbered =
            || target.parse::<usize>().ok().filter(|number| (1..=width).contains(number)).map(|n| n - 1);
        let last = || (target == "last").then_some(width - 1);
        named.or_else(last).or_else(numbered).ok_or_else(|| {
            let names = self.names.as_ref().map(|names| names.iter().collect::<Vec<_>>().join("`, `"));
            let known = names.map_or_else(
                || format!("it has {width} columns"),
                |names| format!("its columns are `{names}`"),
            );
            format!("it has no column `{target}` for the target; {known}")
        })
    }

    fn at(&self, line: u64, column: usize, problem: &str) -> String {
        let name = self.names.as_ref().and_then(|names| names.get(column));
        let name = name.map_or_else(String::new, |name| format!(" (`{}`)", name.trim()));
        format!("line {line}, column {}{name}: {problem}", column + 1)
    }

    fn samples(self, task: &str) -> Result<Samples, String> {
        let Some((width, target)) = self.shape else { return Err("it has no rows of data".to_owned()) };
        let targets = if task == "classes" {
            labels::of_texts(&self.targets)?
        } else {
            let read = |(text, &line): (&String, &u64)| {
                number(text).map_err(|problem| self.at(line, target, &problem))
            };
            let values: Result<Vec<f64>, String> = self.targets.iter().zip(&self.lines).map(read).collect();
            let column = Array2::from_shape_vec((self.targets.len(), 1), values?);
            Targets::Values(column.map_err(|error| error.to_string())?)
        };
        let features = self.features.finish(self.targets.len(), width - 1);
        let features = features.ok_or_else(|| "its rows differ in length".to_owned())?;
        Ok(Samples::new(features, targets))
    }
}

/// A finite number.
fn number(text: &str) -> Result<f64, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("is empty: remove such rows, or fill in the value".to_owned());
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("`{}` is not a finite number; write categories as numbers", short(text))),
    }
}

/// The beginning of a possibly very long text.
fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn read(text: &str, change: impl Fn(&mut Csv)) -> Result<Samples, String> {
        let mut csv = Csv { path: "my.csv".to_owned(), ..Csv::default() };
        change(&mut csv);
        csv.samples(&[text.as_bytes().to_vec()]).map_err(|error| error.to_string())
    }

    fn refused(text: &str, change: impl Fn(&mut Csv)) -> String {
        read(text, change).unwrap_err()
    }

    #[test]
    fn a_table_is_read() {
        let text = "\u{feff}a,kind,b\n1,x,2\r\n 3.5 ,y,-4e1\n5,x,6\n";
        let samples = read(text, |csv| csv.target = "kind".to_owned()).unwrap();
        assert_eq!(samples.features.to_array(), array![[1.0, 2.0], [3.5, -40.0], [5.0, 6.0]]);
        assert_eq!(samples.targets, Targets::Classes { labels: vec![0, 1, 0], count: 2 });
        let numbers = read("1;2;0.5\n3;4;1.5\n", |csv| {
            csv.header = false;
            csv.delimiter = "semicolon".to_owned();
            csv.task = "regression".to_owned();
        });
        let numbers = numbers.unwrap();
        assert_eq!(numbers.features.to_array(), array![[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!(numbers.targets, Targets::Values(array![[0.5], [1.5]]));
        let first = read("k,a\n0,7\n1,8\n", |csv| csv.target = "1".to_owned()).unwrap();
        assert_eq!(first.features.to_array(), array![[7.0], [8.0]]);
    }

    #[test]
    fn features_have_the_names_of_their_columns() {
        let csv = Csv { path: "my.csv".to_owned(), target: "k".to_owned(), ..Csv::default() };
        let name = |feature| csv.feature_name(&[b"a, k ,b\n1,0,2\n".to_vec()], feature);
        assert_eq!([name(0), name(1), name(2)], [Some("a".to_owned()), Some("b".to_owned()), None]);
        let bare = Csv { header: false, ..csv.clone() };
        assert_eq!(bare.feature_name(&[b"1,0\n".to_vec()], 0), None);
    }

    #[test]
    fn what_is_wrong_has_a_line_and_a_column() {
        let same = |_: &mut Csv| ();
        assert_eq!(
            refused("a,b,k\n1,2,0\n1,two,1\n", same),
            "my.csv: line 3, column 2 (`b`): `two` is not a finite number; write categories as numbers"
        );
        assert!(refused("a,k\n1,0\nnan,1\n", same).contains("line 3, column 1 (`a`): `nan`"));
        assert!(refused("a,k\n,0\n", same).contains("line 2, column 1 (`a`): is empty"));
        assert!(refused("a,k\n1,\n", same).contains("line 2, column 2 (`k`): is empty"));
        assert!(refused("a,k\n1,0,9\n", same).contains("line 2: 3 columns, but the header has 2"));
        assert!(
            refused("a,k\n1,0\n", |csv| csv.target = "c".to_owned()).contains("its columns are `a`, `k`")
        );
        assert!(
            refused("1,0\n", |csv| {
                csv.header = false;
                csv.target = "3".to_owned();
            })
            .contains("it has 2 columns")
        );
        assert!(refused("a;k\n1;0\n", same).contains("delimiter = \"semicolon\""));
        assert!(refused("a,k\n", same).contains("no rows of data"));
        assert!(refused("", same).contains("no rows of data"));
        let numbers = |csv: &mut Csv| csv.task = "regression".to_owned();
        assert!(
            refused("a,k\n1,0\n2,x\n", numbers)
                .contains("line 3, column 2 (`k`): `x` is not a finite number")
        );
        let mut latin1 = b"a,k\n1,".to_vec();
        latin1.extend([0xe9, b'\n']);
        let csv = Csv { path: "my.csv".to_owned(), ..Csv::default() };
        assert!(csv.samples(&[latin1]).unwrap_err().to_string().contains("UTF-8"));
    }
}
