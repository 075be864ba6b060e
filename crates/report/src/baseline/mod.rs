//! The regression check: the results of an experiment's runs are kept in a file, and later runs are compared with it.
//!
//! | file | purpose |
//! |---|---|
//! | `row.rs` | the kept values of a run, and digests of everything else |
//! | `cell.rs` | the columns of the table, and each value as text |
//! | `file.rs` | reads and writes a baseline as text |
//! | `compare.rs` | compares two baselines: which runs are in both, and which layer decides |
//! | `damage.rs` | checks that each row agrees with its run's id and digests |
//! | `bits.rs` | layer 1: exact comparison, bit by bit |
//! | `similar.rs` | layer 2: whether anything became worse beyond its tolerance and beyond chance |
//! | `beginnings.rs` | layer 2: whether training starts from the same loss and makes the same first progress |
//! | `conclusions.rs` | the ranking and the claims |
//! | `format/` | findings as text, Markdown, JSON and annotations |
//!
//! A comparison always has two [`Baseline`]s: the kept one, and one of the present runs. No code here opens a file.

mod beginnings;
mod bits;
mod cell;
mod compare;
mod conclusions;
mod damage;
mod file;
mod finding;
mod format;
mod row;
mod similar;
#[cfg(test)]
mod tests;

pub use crate::analysis::{FINALS, Part};
pub use compare::{Changes, Comparison, Counts, Layer, compare};
pub use conclusions::{ClaimConclusion, Conclusions, Ranked};
pub use damage::damage;
pub use file::BaselineError;
pub use finding::{Finding, FoundRun, Kind, Severity};
pub use format::{Files, Format};
pub use row::Row;
pub use similar::Tolerances;

use crate::analysis::Analysis;
use crate::text::one_line;
use chainrule_record::{Axis, ExperimentInfo, Manifest, RunRecord};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Version of the file format.
pub const BASELINE_VERSION: u32 = 1;

/// The results of an experiment's runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// The origin of the runs.
    pub provenance: Provenance,
    /// The conclusions from the runs.
    pub conclusions: Conclusions,
    /// The settings with the same value in every run, including the digest of the data.
    pub settings: BTreeMap<String, Value>,
    /// The settings that vary; first the settings of the grid, in its order.
    pub varying: Vec<String>,
    /// The runs, sorted by settings and seed.
    pub rows: Vec<Row>,
}

/// The origin of runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provenance {
    /// The experiment's name.
    pub name: String,
    /// The experiment's kind.
    pub kind: String,
    /// The deciding metric.
    pub metric: String,
    /// Version of the engine's results.
    pub results_version: u32,
    /// Version of the records. Digests of whole records are comparable only within one version.
    pub record_version: u32,
    /// Version of the program.
    pub chainrule_version: String,
    /// The program's git commit.
    pub git_commit: String,
    /// The compiler that built it.
    pub compiler: String,
    /// The processor's name.
    pub cpu: String,
    /// Its vector class.
    pub simd: String,
    /// Operating system and architecture.
    pub platform: String,
}

impl Provenance {
    fn of(info: &ExperimentInfo, manifest: &Manifest) -> Self {
        Self {
            name: one_line(&info.name),
            kind: info.kind.name().to_owned(),
            metric: info.metric.name().to_owned(),
            results_version: manifest.results_version,
            record_version: manifest.format_version,
            chainrule_version: manifest.chainrule_version.clone(),
            git_commit: manifest.git_commit.clone(),
            compiler: manifest.compiler.clone(),
            cpu: manifest.machine.cpu.clone(),
            simd: manifest.machine.simd.clone(),
            platform: manifest.machine.platform.clone(),
        }
    }

    /// Whether both processors should produce the same bits.
    pub fn is_same_class(&self, other: &Self) -> bool {
        (&self.simd, &self.platform) == (&other.simd, &other.platform)
    }
}

impl Baseline {
    /// The baseline of an experiment's present runs: `records` are the planned runs, `confirmation` the runs of chosen
    /// configurations on fresh seeds.
    pub fn of(
        info: &ExperimentInfo,
        records: &[RunRecord],
        confirmation: &[RunRecord],
        manifest: &Manifest,
    ) -> Self {
        let analysis = Analysis::with_confirmation(info, records, confirmation);
        let all = || records.iter().chain(confirmation);
        let (settings, varying) = divided(&info.axes, &all().collect::<Vec<_>>());
        let row = |part| {
            let (analysis, varying) = (&analysis, &varying);
            move |record| Row::of(analysis, varying, part, record)
        };
        let mut rows: Vec<Row> = records.iter().map(row(Part::Planned)).collect();
        rows.extend(confirmation.iter().map(row(Part::Fresh)));
        rows.sort_by(order);
        let conclusions = Conclusions::of(&analysis);
        Self { provenance: Provenance::of(info, manifest), conclusions, settings, varying, rows }
    }

    /// The values of a setting in all runs, as text; empty if no run has the setting.
    fn values(&self, setting: &str) -> BTreeSet<String> {
        let column = self.varying.iter().position(|name| name == setting);
        match (setting, column) {
            ("seed", _) => self
                .rows
                .iter()
                .filter(|row| row.part == Part::Planned)
                .map(|row| row.seed.to_string())
                .collect(),
            (_, Some(column)) => self.rows.iter().map(|row| row.settings[column].clone()).collect(),
            (_, None) => self.settings.get(setting).map(value_text).into_iter().collect(),
        }
    }

    /// A finding about a run: `optimizer adam, seed 3: ` and `words`.
    fn finding(&self, severity: Severity, kind: Kind, row: &Row, words: &str) -> Finding {
        let settings = self.varying.iter().cloned().zip(row.settings.iter().cloned()).collect::<Vec<_>>();
        let name: String = settings.iter().map(|(name, value)| format!("{name} {value}, ")).collect();
        let message = format!("{name}seed {}: {words}", row.seed);
        let run = FoundRun { run_id: row.run_id, settings, seed: row.seed };
        Finding { run: Some(run), ..Finding::new(severity, kind, message) }
    }
}

/// A value as the text of a cell.
fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or_else(String::new, crate::number::exact)
        }
        other => other.to_string(),
    }
}

/// The settings that are the same in every run, and the names of the others. A setting is left out if every run behaves
/// as before this setting existed. So a baseline that is older than a setting stays valid.
fn divided(axes: &[Axis], records: &[&RunRecord]) -> (BTreeMap<String, Value>, Vec<String>) {
    let names: BTreeSet<&String> =
        records.iter().flat_map(|run| run.spec.0.canonical().map(|(name, _)| name)).collect();
    let first = |name: &str| records.first().and_then(|run| run.spec.get(name));
    let varies = |name: &str| records.iter().any(|run| run.spec.get(name) != first(name));
    let (others, same): (Vec<&String>, Vec<&String>) =
        names.into_iter().filter(|name| *name != "seed").partition(|name| varies(name));
    let of_axes = axes.iter().map(|axis| &axis.setting).filter(|name| others.contains(name));
    let mut varying: Vec<String> = of_axes.cloned().collect();
    varying.extend(
        others.iter().filter(|name| !varying.contains(name)).map(|name| (*name).clone()).collect::<Vec<_>>(),
    );
    let value = |name: &String| {
        let mut settings = records.first()?.spec.0.canonical();
        settings.find(|(known, _)| *known == name).map(|(_, value)| (name.clone(), value.into_owned()))
    };
    (same.into_iter().filter_map(value).collect(), varying)
}

/// Sorts by settings and seed. Numbers are ordered by size and texts by their letters, so the order of values in the
/// experiment file does not matter.
fn order(a: &Row, b: &Row) -> Ordering {
    let settings = a.settings.iter().zip(&b.settings).map(|(a, b)| natural(a, b));
    a.part.cmp(&b.part).then(settings.fold(Ordering::Equal, Ordering::then)).then(a.seed.cmp(&b.seed))
}

/// All numbers come before all texts. If numbers compared with texts as text, `16-8` would be between 16 and 8,
/// although 8 comes before 16.
fn natural(a: &str, b: &str) -> Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(x), Ok(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}
