//! The kept values of a run.
//!
//! Deciding numbers are kept exactly. Everything else has a digest, so that any difference is found and located. Times
//! are left out, because they differ between executions.

use crate::analysis::{Analysis, FINALS, Part, final_value};
use crate::table::{harmless, setting};
use crate::text::one_line;
use chainrule_record::{
    Curve, Digest, DigestBuilder, EpochRow, ExperimentInfo, FunctionCurve, GradientCheck, Outcomes, RunId,
    RunRecord, StopReason,
};
use serde::Serialize;

/// Digits of a digest that only locates a difference; the digest of the whole record is kept too.
const DIGITS: usize = 8;

/// A run.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its identity.
    pub run_id: RunId,
    /// The reason it was made.
    pub part: Part,
    /// The settings that vary, as text.
    pub settings: Vec<String>,
    /// The replicate seed.
    pub seed: u64,
    /// The reason it ended.
    pub stop: StopReason,
    /// Its last evaluated epoch, and the steps until then.
    pub epochs: Option<u64>,
    /// Parameter updates until then.
    pub steps: Option<u64>,
    /// [`FINALS`].
    pub metrics: [Option<f64>; FINALS.len()],
    /// When it first reached the target.
    pub target_epoch: Option<u64>,
    /// Where it diverged.
    pub divergence: String,
    /// The reason it failed.
    pub failure: String,
    /// For a gradient check: whether the outcome was as expected.
    pub check_as_expected: Option<bool>,
    /// The digest of its trained parameters; empty if there are none.
    pub weights_digest: String,
    /// A short digest for each layer.
    pub layer_digests: Vec<String>,
    /// The deciding metric at every evaluated epoch.
    pub curve: Vec<Option<f64>>,
    /// The evaluated epochs, each with a digest of all its metrics.
    pub curve_digests: Vec<(u64, String)>,
    /// All other measurements, each with a digest: probes, gradient check, trace, function.
    pub part_digests: Vec<(String, String)>,
    /// The digest of the whole record.
    pub record_digest: String,
}

/// The value of a setting that varies; the label if the value is a table or a list.
fn labelled(info: &ExperimentInfo, name: &str, record: &RunRecord) -> String {
    setting(record.spec.get(name), |value| Some(info.label(name, value)))
}

impl Row {
    pub(super) fn of(analysis: &Analysis, varying: &[String], part: Part, record: &RunRecord) -> Self {
        Self {
            run_id: record.run_id,
            part,
            settings: varying.iter().map(|name| cell(&labelled(analysis.info, name, record))).collect(),
            seed: record.spec.seed(),
            stop: record.stop,
            epochs: record.curve.epoch.last().copied(),
            steps: record.curve.steps.last().copied(),
            metrics: FINALS.map(|metric| final_value(record, metric)),
            target_epoch: record.target_reached.map(|target| target.epoch),
            divergence: cell(&record.divergence.as_ref().map(ToString::to_string).unwrap_or_default()),
            failure: cell(record.failure.as_deref().unwrap_or_default()),
            check_as_expected: record.gradient_check.as_ref().map(|check| check.as_expected),
            weights_digest: record.weights_digest.map(|digest| digest.to_string()).unwrap_or_default(),
            layer_digests: record.layer_digests.iter().map(Digest::short).collect(),
            curve: record.curve.column(analysis.info.metric).to_vec(),
            curve_digests: record.curve.rows().map(|row| (row.epoch, of_epoch(row))).collect(),
            part_digests: parts(record),
            record_digest: whole(record),
        }
    }

    /// Whether it ended without a final value.
    pub(super) fn is_lost(&self) -> bool {
        self.stop.is_lost()
    }
}

/// The text of a cell in the file.
fn cell(text: &str) -> String {
    harmless(&one_line(text))
}

fn short(digest: &Digest) -> String {
    digest.to_string()[..DIGITS].to_owned()
}

/// The bits of every metric of an epoch, each after a byte that is 1 if the metric was measured.
fn of_epoch(row: EpochRow) -> String {
    let mut digest = DigestBuilder::default();
    for count in [row.epoch, row.steps, row.samples, row.cost_units] {
        digest.update(&count.to_le_bytes());
    }
    for metric in [
        row.learning_rate,
        row.train_loss,
        row.train_accuracy,
        row.validation_loss,
        row.validation_accuracy,
        row.gradient_norm,
        row.weight_norm,
        row.penalty_value,
    ] {
        match metric {
            Some(value) => digest.update(&[1]).update(&value.to_bits().to_le_bytes()),
            None => digest.update(&[0]),
        };
    }
    short(&digest.finish())
}

/// A short digest of the record without times and without the version of the engine's results. Outcomes are left out
/// too: they follow from weights and data, and records of earlier versions have none.
fn whole(record: &RunRecord) -> String {
    let curve = Curve { seconds: Vec::new(), ..record.curve.clone() };
    let outcomes = Outcomes::default();
    let bare = RunRecord { wall_seconds: 0.0, results_version: 0, curve, outcomes, ..record.clone() };
    json(&bare).short()
}

/// JSON has the shortest text of each number that reads back to the same bits.
fn json(value: &impl Serialize) -> Digest {
    Digest::of(&serde_json::to_vec(value).unwrap_or_default())
}

fn parts(record: &RunRecord) -> Vec<(String, String)> {
    let probes = &record.probes;
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut add = |name: String, digest: Digest| parts.push((name, short(&digest)));
    for series in &probes.series {
        add(format!("probe.{}.{}", series.probe, series.layer), json(series));
    }
    if !probes.spectra.is_empty() {
        add("probe.spectra".to_owned(), json(&probes.spectra));
    }
    record.trace.iter().for_each(|step| add(format!("trace.{}", step.step), json(step)));
    if let Some(GradientCheck { rows, .. }) = &record.gradient_check {
        rows.iter().for_each(|row| add(format!("check.{}.{}", row.layer, row.tensor), json(row)));
    }
    if let Some(FunctionCurve { value, derivative, .. }) = &record.function {
        add("function.value".to_owned(), json(value));
        add("function.derivative".to_owned(), json(derivative));
    }
    parts
}
