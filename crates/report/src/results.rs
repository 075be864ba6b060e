//! The input of a report.

use chainrule_record::{ExperimentInfo, Manifest, RunId, RunRecord, RunSpec};
use serde_json::Value;
use std::collections::HashSet;

/// The results of one experiment, or of two that are compared.
#[derive(Debug, Clone)]
pub struct Results {
    /// The experiment.
    pub info: ExperimentInfo,
    /// Its planned runs on record, in plan order. Runs may be missing.
    pub records: Vec<RunRecord>,
    /// The runs of [`confirmation_runs`](crate::confirmation_runs) on record.
    pub confirmation: Vec<RunRecord>,
    /// The sources of the results: one, or two that are compared.
    pub sources: Vec<Source>,
    /// Warnings about the origin of the results, most severe first.
    pub warnings: Vec<String>,
}

impl Results {
    /// The planned runs that are not on record, in plan order.
    pub fn missing(&self) -> Vec<RunId> {
        missing(&self.info, &self.records)
    }

    /// The label of these results in a comparison.
    pub(crate) fn label(&self) -> &str {
        self.sources.first().map_or(self.info.name.as_str(), |source| &source.label)
    }
}

/// The ids of the planned runs that are not among `records`, in plan order.
pub(crate) fn missing(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    let recorded: HashSet<RunId> = records.iter().map(|run| run.run_id).collect();
    info.run_ids.iter().copied().filter(|id| !recorded.contains(id)).collect()
}

/// The ids of the runs of a specification with other values of some settings, one for each seed. Missing runs have no
/// recorded settings, so their ids are derived from recorded runs.
pub(crate) fn moved(
    spec: &RunSpec,
    to: impl IntoIterator<Item = (String, Value)>,
    seeds: impl IntoIterator<Item = u64>,
) -> Vec<RunId> {
    let mut spec = spec.clone();
    spec.0.extend(to);
    seeds.into_iter().map(|seed| spec.clone().with_seed(seed).run_id()).collect()
}

/// A source of results.
#[derive(Debug, Clone)]
pub struct Source {
    /// The label of this source, if there are several.
    pub label: String,
    /// The path of the experiment file, as shown in a report.
    pub file: String,
    /// The path of the results folder, as shown in a report.
    pub folder: String,
    /// The program, time and machine that made the results.
    pub manifest: Manifest,
}
