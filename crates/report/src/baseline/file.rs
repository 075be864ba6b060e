//! Reads and writes a baseline as text: comment lines `# key: value`, then a CSV table with one row for each run.
//!
//! Equal baselines have equal bytes. Each number is the shortest text that reads back to the same bits. Lists in a cell
//! are separated by spaces; `-` marks a missing measurement.

use super::row::Row;
use super::{BASELINE_VERSION, Baseline, ClaimConclusion, Conclusions, Provenance, Ranked};
use crate::analysis::{FINALS, Part};
use crate::number::exact;
use crate::text::one_line;
use chainrule_record::{RunId, RunMetric, StopReason};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::str::FromStr;

/// The start of every baseline file, in any version.
const MARK: &str = "# chainrule baseline";
const TITLE: &str = "# chainrule baseline: `chainrule bless` writes it, `chainrule check` compares with it";

/// The columns before the settings that vary.
const HEAD: [&str; 2] = ["run_id", "runs"];

/// The columns after them, except for the metrics, which follow `steps_run`.
const BEFORE_METRICS: [&str; 4] = ["seed", "stop_reason", "epochs_run", "steps_run"];
const AFTER_METRICS: [&str; 10] = [
    "target_epoch",
    "divergence",
    "failure",
    "check_as_expected",
    "weights_digest",
    "layer_digests",
    "record_digest",
    "part_digests",
    "curve_digests",
    "curve",
];

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

/// All columns.
fn titles(varying: &[String]) -> Vec<&str> {
    let varying = varying.iter().map(String::as_str);
    let finals = FINALS.map(RunMetric::name);
    HEAD.into_iter().chain(varying).chain(BEFORE_METRICS).chain(finals).chain(AFTER_METRICS).collect()
}

impl Baseline {
    /// Whether the content of a file starts like a baseline. It may still be damaged.
    pub fn begins(content: &[u8]) -> bool {
        content.starts_with(MARK.as_bytes())
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut text = header(self);
        let mut table = csv::Writer::from_writer(Vec::new());
        // Writing to memory cannot fail, and every row has one cell for each title.
        let mut write = |cells: Vec<String>| table.write_record(cells).unwrap_or_default();
        write(titles(&self.varying).into_iter().map(str::to_owned).collect());
        self.rows.iter().for_each(|row| write(cells(row)));
        text += &String::from_utf8(table.into_inner().unwrap_or_default()).unwrap_or_default();
        text
    }

    /// The line of a row in [`Baseline::to_text`], counted from 1.
    pub(super) fn line_of(&self, row: usize) -> u64 {
        (header(self).lines().count() + 2 + row) as u64
    }

    /// The line of an entry above the table; the title line if there is no such entry.
    pub(super) fn line_of_entry(&self, key: &str) -> u64 {
        let (text, key) = (header(self), format!("# {key}:"));
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
        if let Some(line) = (1..).zip(text.lines()).find_map(|(line, text)| is_conflict(text).then_some(line))
        {
            return wrong(
                line,
                "this is a merge conflict: keep the lines of one side, or make it anew with `chainrule bless`",
            );
        }
        let header = Header::read(text)?;
        if !text.ends_with('\n') {
            return wrong(text.lines().count() as u64, "the last line has no end: the file is cut short");
        }
        let body_line = header.lines;
        let body: String = text.split_inclusive('\n').skip(body_line as usize).collect();
        let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(body.as_bytes());
        let mut records = table.records().map(|record| {
            record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                BaselineError { line: body_line + line, problem: csv_problem(&error) }
            })
        });
        let titles = match records.next() {
            Some(titles) => titles?,
            None => return wrong(body_line + 1, "the table is missing: is the file cut short?"),
        };
        let varying = varying(&titles, body_line + 1)?;
        let mut rows = Vec::new();
        for record in records {
            let record = record?;
            let line = body_line + record.position().map_or(0, csv::Position::line);
            rows.push(row(&record, varying.len(), line)?);
        }
        header.check_rows(&rows, text)?;
        header.into_baseline(varying, rows)
    }
}

/// The conflict markers of git. No row or comment starts like them.
fn is_conflict(line: &str) -> bool {
    line == "=======" || ["<<<<<<< ", ">>>>>>> ", "||||||| "].iter().any(|mark| line.starts_with(mark))
}

fn csv_problem(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("the row has {len} cells and the table {expected_len} columns: is the file cut short?")
        }
        _ => "this is no row of a table".to_owned(),
    }
}

fn header(baseline: &Baseline) -> String {
    let Baseline { provenance, conclusions, settings, rows, .. } = baseline;
    let mut text = format!("{TITLE}\n");
    let mut line =
        |key: &str, value: &str| writeln!(text, "# {key}: {}", one_line(value)).unwrap_or_default();
    line("baseline_version", &BASELINE_VERSION.to_string());
    line("runs", &rows.len().to_string());
    for (key, value) in [
        ("name", &provenance.name),
        ("kind", &provenance.kind),
        ("metric", &provenance.metric),
        ("results_version", &provenance.results_version.to_string()),
        ("record_version", &provenance.record_version.to_string()),
        ("chainrule_version", &provenance.chainrule_version),
        ("git_commit", &provenance.git_commit),
        ("compiler", &provenance.compiler),
        ("cpu", &provenance.cpu),
        ("simd", &provenance.simd),
        ("platform", &provenance.platform),
    ] {
        line(key, value);
    }
    let json = |value: &dyn Fn() -> serde_json::Result<String>| value().unwrap_or_default();
    for ranked in &conclusions.ranking {
        line("ranked", &json(&|| serde_json::to_string(ranked)));
    }
    for claim in &conclusions.claims {
        line("claim", &json(&|| serde_json::to_string(claim)));
    }
    for (name, value) in settings {
        line(&format!("setting {name}"), &value.to_string());
    }
    text
}

fn cells(row: &Row) -> Vec<String> {
    let count = |count: Option<u64>| count.map(|count| count.to_string()).unwrap_or_default();
    let number = |number: &Option<f64>| number.map(exact).unwrap_or_default();
    let joined = |items: Vec<String>| items.join(" ");
    let mut cells = vec![row.run_id.to_string(), row.part.name().to_owned()];
    cells.extend(row.settings.iter().cloned());
    cells.extend([row.seed.to_string(), row.stop.name().to_owned(), count(row.epochs), count(row.steps)]);
    cells.extend(row.metrics.iter().map(number));
    cells.extend([
        count(row.target_epoch),
        row.divergence.clone(),
        row.failure.clone(),
        row.check_as_expected.map(|flag| flag.to_string()).unwrap_or_default(),
        row.weights_digest.clone(),
        row.layer_digests.join(" "),
        row.record_digest.clone(),
        joined(row.part_digests.iter().map(|(name, digest)| format!("{name}:{digest}")).collect()),
        joined(row.curve_digests.iter().map(|(epoch, digest)| format!("{epoch}:{digest}")).collect()),
        joined(row.curve.iter().map(|value| value.map_or_else(|| "-".to_owned(), exact)).collect()),
    ]);
    cells
}

/// The settings that vary, read from the titles.
fn varying(titles: &csv::StringRecord, line: u64) -> Result<Vec<String>, BaselineError> {
    let found: Vec<&str> = titles.iter().collect();
    let fixed = self::titles(&[]).len();
    let varying: Vec<String> = match found.len().checked_sub(fixed) {
        Some(n) => found[HEAD.len()..HEAD.len() + n].iter().map(|name| (*name).to_owned()).collect(),
        None => Vec::new(),
    };
    if self::titles(&varying) != found {
        let columns = "the columns are not those of a baseline: make it anew with `chainrule bless`";
        return wrong(line, columns);
    }
    Ok(varying)
}

/// The cells of a row, in order.
struct Cells<'a> {
    record: &'a csv::StringRecord,
    next: usize,
    line: u64,
}

impl<'a> Cells<'a> {
    fn text(&mut self) -> &'a str {
        self.next += 1;
        self.record.get(self.next - 1).unwrap_or_default()
    }

    /// Parses a cell; `expected` describes a valid one.
    fn parsed<T>(&mut self, expected: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, BaselineError> {
        let text = self.text();
        let cut: String = text.chars().take(40).collect();
        parse(text).map_or_else(
            || {
                wrong(
                    self.line,
                    format!("column {}: expected {expected}, found `{}`", self.next, one_line(&cut)),
                )
            },
            Ok,
        )
    }

    fn optional<T: FromStr>(&mut self, expected: &str) -> Result<Option<T>, BaselineError> {
        self.parsed(expected, |text| match text {
            "" => Some(None),
            text => text.parse().ok().map(Some),
        })
    }

    fn list<T>(
        &mut self,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, BaselineError> {
        self.parsed(expected, |text| text.split_ascii_whitespace().map(&parse).collect())
    }
}

fn row(record: &csv::StringRecord, varying: usize, line: u64) -> Result<Row, BaselineError> {
    let mut cells = Cells { record, next: 0, line };
    let run_id = cells.parsed("64 hexadecimal digits", RunId::from_hex)?;
    let part = cells
        .parsed("`planned` or `fresh`", |text| Part::ALL.into_iter().find(|part| part.name() == text))?;
    let settings = (0..varying).map(|_| cells.text().to_owned()).collect();
    let seed = cells.parsed("a seed", |text| text.parse().ok())?;
    let stop = cells.parsed("a reason to stop", stop_reason)?;
    let (epochs, steps) = (cells.optional("a count")?, cells.optional("a count")?);
    let mut metrics = [None; FINALS.len()];
    for metric in &mut metrics {
        *metric = cells.optional("a number")?;
    }
    let target_epoch = cells.optional("an epoch")?;
    let (divergence, failure) = (cells.text().to_owned(), cells.text().to_owned());
    let check_as_expected = cells.optional("`true` or `false`")?;
    let weights_digest = cells.text().to_owned();
    let layer_digests = cells.list("digests", |text| Some(text.to_owned()))?;
    let record_digest = cells.text().to_owned();
    let part_digests = cells.list("`name:digest`", |text| {
        text.rsplit_once(':').map(|(name, digest)| (name.to_owned(), digest.to_owned()))
    })?;
    let curve_digests = cells.list("`epoch:digest`", |text| {
        let (epoch, digest) = text.split_once(':')?;
        Some((epoch.parse().ok()?, digest.to_owned()))
    })?;
    let curve = cells.list("numbers", |text| match text {
        "-" => Some(None),
        text => text.parse().ok().map(Some),
    })?;
    if curve.len() != curve_digests.len() {
        let (numbers, digests) = (curve.len(), curve_digests.len());
        return wrong(line, format!("`curve` has {numbers} numbers, and `curve_digests` {digests}"));
    }
    Ok(Row {
        run_id,
        part,
        settings,
        seed,
        stop,
        epochs,
        steps,
        metrics,
        target_epoch,
        divergence,
        failure,
        check_as_expected,
        weights_digest,
        layer_digests,
        curve,
        curve_digests,
        part_digests,
        record_digest,
    })
}

fn stop_reason(name: &str) -> Option<StopReason> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
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
            return wrong(1, "this is no baseline: `chainrule bless` writes one");
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
        match header.parsed::<u32>("baseline_version")? {
            BASELINE_VERSION => Ok(header),
            other => wrong(
                2,
                format!(
                    "the baseline has version {other}, and this program reads version {BASELINE_VERSION}: make it \
                     anew with `chainrule bless`"
                ),
            ),
        }
    }

    fn entry(&self, wanted: &str) -> Result<(u64, &'a str), BaselineError> {
        let entry = self.entries.iter().find(|(_, key, _)| *key == wanted);
        match entry {
            Some((line, _, value)) => Ok((*line, value)),
            None => wrong(self.lines + 1, format!("there is no `# {wanted}:` above the table")),
        }
    }

    fn text(&self, key: &str) -> Result<String, BaselineError> {
        self.entry(key).map(|(_, value)| value.to_owned())
    }

    fn parsed<T: FromStr>(&self, key: &str) -> Result<T, BaselineError> {
        let (line, value) = self.entry(key)?;
        value.parse().or_else(|_| wrong(line, format!("`{key}` is no number")))
    }

    /// All entries with a key, parsed from JSON.
    fn all<T: DeserializeOwned>(&self, wanted: &str) -> Result<Vec<T>, BaselineError> {
        let ours = self.entries.iter().filter(|(_, key, _)| *key == wanted);
        ours.map(|(line, _, value)| {
            serde_json::from_str(value).or_else(|error| wrong(*line, format!("`{wanted}`: {error}")))
        })
        .collect()
    }

    fn settings(&self) -> Result<BTreeMap<String, Value>, BaselineError> {
        let ours = self
            .entries
            .iter()
            .filter_map(|(line, key, value)| key.strip_prefix("setting ").map(|name| (line, name, value)));
        ours.map(|(line, name, value)| match serde_json::from_str(value) {
            Ok(value) => Ok((name.to_owned(), value)),
            Err(error) => wrong(*line, format!("`setting {name}`: {error}")),
        })
        .collect()
    }

    /// A file that was truncated, or merged from two, is invalid.
    fn check_rows(&self, rows: &[Row], text: &str) -> Result<(), BaselineError> {
        let end = text.lines().count() as u64;
        let (line, expected) = (self.entry("runs")?.0, self.parsed::<usize>("runs")?);
        if rows.len() != expected {
            let found = rows.len();
            return wrong(line, format!("`runs` is {expected}, and the table has {found} rows"));
        }
        let mut seen = HashSet::new();
        match rows.iter().find(|row| !seen.insert(row.run_id)) {
            Some(row) => wrong(end, format!("run {} stands in the table twice", row.run_id.short())),
            None => Ok(()),
        }
    }

    fn into_baseline(self, varying: Vec<String>, rows: Vec<Row>) -> Result<Baseline, BaselineError> {
        let provenance = Provenance {
            name: self.text("name")?,
            kind: self.text("kind")?,
            metric: self.text("metric")?,
            results_version: self.parsed("results_version")?,
            record_version: self.parsed("record_version")?,
            chainrule_version: self.text("chainrule_version")?,
            git_commit: self.text("git_commit")?,
            compiler: self.text("compiler")?,
            cpu: self.text("cpu")?,
            simd: self.text("simd")?,
            platform: self.text("platform")?,
        };
        let ranking: Vec<Ranked> = self.all("ranked")?;
        let claims: Vec<ClaimConclusion> = self.all("claim")?;
        let settings = self.settings()?;
        Ok(Baseline { provenance, conclusions: Conclusions { ranking, claims }, settings, varying, rows })
    }
}
