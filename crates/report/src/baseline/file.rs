//! Reads and writes a baseline as text: comment lines `# key: value`, then a CSV table with one row for each run.
//!
//! Equal baselines have equal bytes. Each number is the shortest text that reads back to the same bits. Lists in a cell
//! are separated by spaces; `-` marks a missing measurement.

use super::cell::{Cell, Columns};
use super::row::Row;
use super::{BASELINE_VERSION, Baseline, Conclusions, Provenance};
use crate::analysis::Part;
use crate::text::one_line;
use chainrule_record::{RunId, StopReason};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashSet;

/// The start of every baseline file, in any version.
const MARK: &str = "# chainrule baseline";
const TITLE: &str = "# chainrule baseline: `chainrule bless` writes it, `chainrule check` compares with it";

/// A file that is not a baseline, or has another version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct BaselineError {
    /// The line, counted from 1.
    pub line: u64,
    /// Its error.
    pub problem: String,
}

fn wrong<T>(line: u64, problem: impl Into<String>) -> Result<T, BaselineError> {
    Err(BaselineError { line, problem: problem.into() })
}

impl Provenance {
    /// The keys above the table, each with its value.
    fn entries(&mut self) -> Columns<'static, '_> {
        vec![
            ("name", &mut self.name),
            ("kind", &mut self.kind),
            ("metric", &mut self.metric),
            ("results_version", &mut self.results_version),
            ("record_version", &mut self.record_version),
            ("chainrule_version", &mut self.chainrule_version),
            ("git_commit", &mut self.git_commit),
            ("compiler", &mut self.compiler),
            ("cpu", &mut self.cpu),
            ("simd", &mut self.simd),
            ("platform", &mut self.platform),
        ]
    }
}

impl Baseline {
    /// Whether the content of a file starts like a baseline. It may still be damaged.
    pub fn begins(content: &[u8]) -> bool {
        content.starts_with(MARK.as_bytes())
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut table = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail, and every row has one cell for each title.
        table.write_record(titles(&self.varying)).unwrap_or_default();
        for mut row in self.rows.iter().cloned() {
            let cells = row.columns(&self.varying).into_iter().map(|(_, cell)| cell.text());
            table.write_record(cells.collect::<Vec<_>>()).unwrap_or_default();
        }
        self.header() + &String::from_utf8(table.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    fn header(&self) -> String {
        let Self { conclusions, settings, rows, .. } = self;
        let named = |key: &str, value: String| format!("# {key}: {}\n", one_line(&value));
        let mut text = format!("{TITLE}\n");
        text += &named("baseline_version", BASELINE_VERSION.to_string());
        text += &named("runs", rows.len().to_string());
        for (key, value) in self.provenance.clone().entries() {
            text += &named(key, value.text());
        }
        for ranked in &conclusions.ranking {
            text += &named("ranked", json(ranked));
        }
        for claim in &conclusions.claims {
            text += &named("claim", json(claim));
        }
        text + &settings
            .iter()
            .map(|(name, value)| named(&format!("setting {name}"), value.to_string()))
            .collect::<String>()
    }

    /// The line of a row in [`Baseline::to_text`], counted from 1.
    pub(super) fn line_of(&self, row: usize) -> u64 {
        (self.header().lines().count() + 2 + row) as u64
    }

    /// The line of an entry above the table; the title line if there is no such entry.
    pub(super) fn line_of_entry(&self, key: &str) -> u64 {
        let (text, key) = (self.header(), format!("# {key}:"));
        let line = text.lines().position(|line| line.starts_with(&key));
        line.unwrap_or(text.lines().count()) as u64 + 1
    }

    /// Parses a file's text.
    ///
    /// # Errors
    /// The first line that [`Baseline::to_text`] would write differently.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        // Some editors write a byte order mark at the start of a file.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some((line, _)) = (1..).zip(text.lines()).find(|(_, text)| is_conflict(text)) {
            return wrong(
                line,
                "this is a merge conflict: keep the lines of one side, or create a new baseline with \
                 `chainrule bless`",
            );
        }
        let header = Header::read(text)?;
        if !text.ends_with('\n') {
            return wrong(text.lines().count() as u64, "the last line has no end: the file is cut short");
        }
        let (varying, rows) = table(text, header.lines)?;
        header.check_rows(&rows, text)?;
        let mut provenance = Provenance::default();
        provenance.entries().into_iter().try_for_each(|(key, value)| header.read_to(key, value))?;
        let conclusions = Conclusions {
            ranking: header.all("ranked")?.into_iter().map(|(_, ranked)| ranked).collect(),
            claims: header.all("claim")?.into_iter().map(|(_, claim)| claim).collect(),
        };
        let settings = header.all("setting")?.into_iter().collect();
        Ok(Self { provenance, conclusions, settings, varying, rows })
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The conflict markers of git. No row or comment starts like them.
fn is_conflict(line: &str) -> bool {
    line == "=======" || ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|mark| line.starts_with(mark))
}

/// The titles of all columns.
fn titles(varying: &[String]) -> Vec<&str> {
    let mut blank = blank(varying);
    blank.columns(varying).into_iter().map(|(title, _)| title).collect()
}

/// A row to read values into.
fn blank(varying: &[String]) -> Row {
    Row {
        run_id: RunId::of_bytes([0; 32]),
        part: Part::Planned,
        settings: vec![String::new(); varying.len()],
        seed: 0,
        stop: StopReason::NotTrained,
        epochs: None,
        steps: None,
        metrics: Default::default(),
        target_epoch: None,
        divergence: String::new(),
        failure: String::new(),
        check_as_expected: None,
        weights_digest: String::new(),
        layer_digests: Vec::new(),
        curve: Vec::new(),
        curve_digests: Vec::new(),
        part_digests: Vec::new(),
        record_digest: String::new(),
    }
}

/// The settings that vary, and the rows, of the table below this number of lines.
fn table(text: &str, above: u64) -> Result<(Vec<String>, Vec<Row>), BaselineError> {
    let body: String = text.split_inclusive('\n').skip(above as usize).collect();
    let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(body.as_bytes());
    let line = |position: Option<&csv::Position>| above + position.map_or(0, csv::Position::line);
    let mut records = table.records().map(|record| match record {
        Ok(record) => Ok((line(record.position()), record)),
        Err(error) => wrong(line(error.position()), csv_problem(&error)),
    });
    let Some(titles) = records.next() else {
        return wrong(above + 1, "the table is missing: is the file cut short?");
    };
    let varying = varying(&titles?.1, above + 1)?;
    let rows = records.map(|record| record.and_then(|(line, cells)| row(&varying, &cells, line)));
    let rows = rows.collect::<Result<_, _>>()?;
    Ok((varying, rows))
}

fn csv_problem(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} cells and the table {expected_len} columns: is the file cut short?")
        }
        _ => "not a row of the table".to_owned(),
    }
}

/// The settings that vary, read from the titles.
fn varying(found: &csv::StringRecord, line: u64) -> Result<Vec<String>, BaselineError> {
    let before = titles(&[]).iter().position(|title| *title == "seed").unwrap_or(0);
    let n = found.len().saturating_sub(titles(&[]).len());
    let varying: Vec<String> = found.iter().skip(before).take(n).map(str::to_owned).collect();
    if titles(&varying) != found.iter().collect::<Vec<_>>() {
        return wrong(
            line,
            "these are not the columns of a baseline: create a new one with `chainrule bless`",
        );
    }
    Ok(varying)
}

fn row(varying: &[String], cells: &csv::StringRecord, line: u64) -> Result<Row, BaselineError> {
    let mut row = blank(varying);
    let columns = row.columns(varying).into_iter().zip(cells).enumerate();
    for (index, ((_, value), text)) in columns {
        read(value, text, line, &format!("column {}", index + 1))?;
    }
    let (numbers, digests) = (row.curve.len(), row.curve_digests.len());
    if numbers != digests {
        return wrong(line, format!("`curve` has {numbers} numbers, and `curve_digests` {digests}"));
    }
    Ok(row)
}

/// Reads a value at a place: a column or a key.
fn read(value: &mut dyn Cell, text: &str, line: u64, place: &str) -> Result<(), BaselineError> {
    let Some(()) = value.read(text) else {
        let cut: String = text.chars().take(40).collect();
        return wrong(line, format!("{place}: expected {}, found `{}`", value.expected(), one_line(&cut)));
    };
    Ok(())
}

/// The comment lines.
struct Header<'a> {
    /// The number of comment lines.
    lines: u64,
    /// Each with its line number.
    entries: Vec<(u64, &'a str, &'a str)>,
}

impl<'a> Header<'a> {
    fn read(text: &'a str) -> Result<Self, BaselineError> {
        let mut lines = text.lines();
        if lines.next() != Some(TITLE) {
            return wrong(1, "this is not a baseline: `chainrule bless` writes one");
        }
        let mut entries = Vec::new();
        for (line, text) in (2..).zip(lines) {
            let Some(entry) = text.strip_prefix("# ") else { break };
            match entry.split_once(": ").or_else(|| entry.strip_suffix(':').map(|key| (key, ""))) {
                Some((key, value)) => entries.push((line, key, value)),
                None => return wrong(line, "expected `# key: value`"),
            }
        }
        let header = Self { lines: 1 + entries.len() as u64, entries };
        match header.value::<u32>("baseline_version")? {
            BASELINE_VERSION => Ok(header),
            other => wrong(
                2,
                format!(
                    "the baseline has version {other}, and this program reads version {BASELINE_VERSION}: create \
                     a new one with `chainrule bless`"
                ),
            ),
        }
    }

    fn read_to(&self, wanted: &str, value: &mut dyn Cell) -> Result<(), BaselineError> {
        match self.entries.iter().find(|(_, key, _)| *key == wanted) {
            Some((line, key, text)) => read(value, text, *line, &format!("`{key}`")),
            None => wrong(self.lines + 1, format!("there is no `# {wanted}:` above the table")),
        }
    }

    fn value<T: Cell + Default>(&self, key: &str) -> Result<T, BaselineError> {
        let mut value = T::default();
        self.read_to(key, &mut value).map(|()| value)
    }

    /// All entries `kind` or `kind NAME`, each with its name, parsed from JSON.
    fn all<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<(String, T)>, BaselineError> {
        let parsed = |(line, key, value): &(u64, &str, &str)| {
            let (found, name) = key.split_once(' ').unwrap_or((key, ""));
            let value = (found == kind).then(|| serde_json::from_str(value))?;
            Some(match value {
                Ok(value) => Ok((name.to_owned(), value)),
                Err(error) => wrong(*line, format!("`{key}`: {error}")),
            })
        };
        self.entries.iter().filter_map(parsed).collect()
    }

    /// A file that was truncated, or merged from two, is invalid.
    fn check_rows(&self, rows: &[Row], text: &str) -> Result<(), BaselineError> {
        let (expected, found) = (self.value::<u64>("runs")?, rows.len());
        if found as u64 != expected {
            let line = self.entries.iter().find(|(_, key, _)| *key == "runs").map_or(0, |(line, ..)| *line);
            return wrong(line, format!("`runs` is {expected}, and the table has {found} rows"));
        }
        let mut seen = HashSet::new();
        match rows.iter().find(|row| !seen.insert(row.run_id)) {
            Some(row) => wrong(
                text.lines().count() as u64,
                format!("run {} is in the table twice", row.run_id.short()),
            ),
            None => Ok(()),
        }
    }
}
