//! What a report is made from.

use chainrule_record::{ExperimentInfo, Manifest, RunId, RunRecord, RunSpec};
use serde_json::Value;
use std::collections::HashSet;

/// The results of an experiment, or of two that are compared.
#[derive(Debug, Clone)]
pub struct Results {
    /// The experiment.
    pub info: ExperimentInfo,
    /// Its planned runs on record, in plan order; runs may be missing.
    pub records: Vec<RunRecord>,
    /// The runs of [`confirmation_runs`](crate::confirmation_runs) on record.
    pub confirmation: Vec<RunRecord>,
    /// Where they come from: one, or the two that are compared.
    pub sources: Vec<Source>,
    /// What the reader must know of how they came here, the gravest first.
    pub warnings: Vec<String>,
}

impl Results {
    /// The planned runs that are not on record, in plan order.
    pub fn missing(&self) -> Vec<RunId> {
        missing(&self.info, &self.records)
    }

    /// What they are called in a comparison.
    pub(crate) fn label(&self) -> &str {
        self.sources.first().map_or(self.info.name.as_str(), |source| &source.label)
    }
}

/// The planned runs that are not among `records`, in plan order.
pub(crate) fn missing(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    let recorded: HashSet<RunId> = records.iter().map(|run| run.run_id).collect();
    info.run_ids.iter().copied().filter(|id| !recorded.contains(id)).collect()
}

/// The runs of a specification with other values of some settings, one for each seed. Runs that are missing have no settings on
/// record: they are told by those that are there.
pub(crate) fn moved(
    spec: &RunSpec,
    to: impl IntoIterator<Item = (String, Value)>,
    seeds: impl IntoIterator<Item = u64>,
) -> Vec<RunId> {
    let mut spec = spec.clone();
    spec.0.extend(to);
    seeds.into_iter().map(|seed| spec.clone().with_seed(seed).run_id()).collect()
}

/// Where results come from.
#[derive(Debug, Clone)]
pub struct Source {
    /// What they are called where there are several.
    pub label: String,
    /// The experiment file, as a report may show it.
    pub file: String,
    /// The results folder, as a report may show it.
    pub folder: String,
    /// With what, when and on what machine they were made.
    pub manifest: Manifest,
}
