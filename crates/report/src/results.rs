//! What a report is made from.

use chainrule_record::{ExperimentInfo, Manifest, RunRecord};
use std::path::PathBuf;

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
    /// What they are called in a comparison.
    pub(crate) fn label(&self) -> &str {
        self.sources.first().map_or(self.info.name.as_str(), |source| &source.label)
    }
}

/// Where results come from.
#[derive(Debug, Clone)]
pub struct Source {
    /// What they are called where there are several.
    pub label: String,
    /// The experiment file.
    pub file: String,
    /// The results folder.
    pub folder: PathBuf,
    /// With what, when and on what machine they were made.
    pub manifest: Manifest,
}
