//! What the report needs to know of an experiment.

use crate::named::named;
use crate::{Claim, Digest, ExperimentKind, Metric, RunId, without_folders};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// An experiment as it was planned: with its records, everything a report is made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentInfo {
    /// Its name: that of its results folder, and the title of its report.
    pub name: String,
    /// The path of its file: relative, or the last part of it alone. Older programs recorded it as typed.
    pub file: String,
    /// What its runs do.
    pub kind: ExperimentKind,
    /// The question it answers.
    pub question: String,
    /// The settings that vary, in the order of the file, each with all the values it takes. Seeds are not an axis.
    pub axes: Vec<Axis>,
    /// The settings that do not vary, with their labels.
    pub fixed: BTreeMap<String, AxisPoint>,
    /// The axis whose values the plots compare: one line each. `None` where no setting varies.
    pub compare: Option<String>,
    /// The metric that decides.
    pub metric: Metric,
    /// What curves are drawn over.
    pub x_axis: XAxis,
    /// The replicate seeds.
    pub seeds: Vec<u64>,
    /// The data sets used.
    pub datasets: Vec<DatasetInfo>,
    /// The planned runs, in plan order.
    pub run_ids: Vec<RunId>,
    /// Combinations of the grid that are not run, with the reason.
    pub skipped: Vec<SkippedCombination>,
    /// The settings whose best value is chosen by the median of `metric`, for each combination of the others.
    pub tune: Vec<String>,
    /// The settings that make a problem, in the order of the file: what does better than what is asked on each of their
    /// combinations by itself, and then over all.
    pub problems: Vec<String>,
    /// The difference in `metric` that does not matter, if one is declared.
    #[serde(with = "crate::exact")]
    pub margin: Option<f64>,
    /// How many fresh seeds the chosen configurations are run again on; 0 for none.
    pub confirm_seeds: u64,
    /// The statements that the runs are to support or refute.
    pub claims: Vec<Claim>,
    /// Settings that do not do what their values suggest, in words.
    #[serde(default)]
    pub warnings: Vec<String>,
}

impl ExperimentInfo {
    /// The seeds that the chosen configurations are run again on: those that follow the largest of `seeds`.
    pub fn confirmation_seeds(&self) -> Vec<u64> {
        let first = self.seeds.iter().max().map_or(0, |largest| largest.saturating_add(1));
        (0..self.confirm_seeds).map(|index| first.saturating_add(index)).collect()
    }

    /// The label of a setting's value: as an axis names it, or else the value itself.
    pub fn label(&self, setting: &str, value: &Value) -> String {
        let axis = self.axes.iter().find(|axis| axis.setting == setting);
        let point = axis.and_then(|axis| axis.points.iter().find(|point| point.value == *value));
        let fixed = self.fixed.get(setting).filter(|point| point.value == *value);
        point.or(fixed).map_or_else(|| without_folders(value).to_string(), |point| point.label.clone())
    }

    /// The combinations that are not run, put together by their reason, in the order of the plan.
    pub fn skipped_by_reason(&self) -> Vec<(&str, Vec<&str>)> {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for SkippedCombination { combination, reason } in &self.skipped {
            match reasons.iter_mut().find(|(known, _)| known == reason) {
                Some((_, combinations)) => combinations.push(combination),
                None => reasons.push((reason, vec![combination])),
            }
        }
        reasons
    }
}

named! {
    /// What curves are drawn over.
    pub enum XAxis {
        /// Passes over the training part.
        Epochs = "epochs",
        /// Parameter updates.
        Steps = "steps",
        /// Training samples seen.
        Samples = "samples",
        /// Cost units: the forward pass of one sample is 1, forward and backward are 3.
        CostUnits = "cost_units",
        /// Floating-point operations, by the rule of [`RunRecord::at`](crate::RunRecord::at).
        Flops = "flops",
        /// Wall time of training in seconds, without evaluations: the machine's, and what else ran on it.
        Seconds = "seconds",
    }
}

/// A setting that varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// The setting's name.
    pub setting: String,
    /// Its values, in the order of the file.
    pub points: Vec<AxisPoint>,
}

impl Axis {
    /// Each value once, as it is first named; numbers in their own order, everything else in that of the file.
    pub fn new(setting: &str, points: impl IntoIterator<Item = AxisPoint>) -> Self {
        let mut seen = HashSet::new();
        let mut points: Vec<AxisPoint> =
            points.into_iter().filter(|point| seen.insert(point.value.clone())).collect();
        if points.iter().all(|point| point.value.is_number()) {
            let number = |point: &AxisPoint| point.value.as_f64().unwrap_or(f64::NAN);
            points.sort_by(|a, b| number(a).total_cmp(&number(b)));
        }
        Self { setting: setting.to_owned(), points }
    }

    /// Whether every value is a number, so that the axis has an order and a scale.
    pub fn is_numeric(&self) -> bool {
        self.points.iter().all(|point| point.value.is_number())
    }
}

/// One value of a setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AxisPoint {
    /// The value as it stands in a `RunSpec`: every default filled in.
    pub value: Value,
    /// A short name for people: parameters at their defaults are left out.
    pub label: String,
}

/// A data set, how it was split, and whom to thank for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatasetInfo {
    /// The name with its parameters, as in labels.
    pub label: String,
    /// Digest of its content before any split.
    pub digest: Digest,
    /// Samples in the training part.
    pub train: u64,
    /// Samples in the validation part.
    pub validation: u64,
    /// Samples in the test part.
    pub test: u64,
    /// Input width.
    pub features: u64,
    /// Number of classes; `None` for regression.
    pub classes: Option<u64>,
    /// Width of the targets of a regression; 0 for classes, and where an older program recorded none.
    #[serde(default)]
    pub targets: u64,
    /// Samples of each class in the training part; empty for regression.
    pub class_counts: Vec<u64>,
    /// Where it comes from.
    pub citation: String,
    /// Under what terms it may be used.
    pub licence: String,
}

/// A combination of the grid that is not run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SkippedCombination {
    /// The settings that vary, as text.
    pub combination: String,
    /// Why it is not run.
    pub reason: String,
}
