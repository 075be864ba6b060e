//! The description of an experiment for the report.

use crate::named::named;
use crate::{Claim, Digest, ExperimentKind, Metric, RunId, without_folders};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// A planned experiment. A report is made from this and the records of its runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentInfo {
    /// Its name, which is also the name of its results folder and the title of its report.
    pub name: String,
    /// The path of its file: relative, or only the file name. Older versions recorded it as typed.
    pub file: String,
    /// The kind of its runs.
    pub kind: ExperimentKind,
    /// The question it answers.
    pub question: String,
    /// The settings that vary, in the order of the file, with all of their values. Seeds are not an axis.
    pub axes: Vec<Axis>,
    /// The settings that do not vary, with their labels.
    pub fixed: BTreeMap<String, AxisPoint>,
    /// The axis whose values the plots compare, with one line per value. `None` if no setting varies.
    pub compare: Option<String>,
    /// The metric that decides comparisons.
    pub metric: Metric,
    /// The x axis of the curves.
    pub x_axis: XAxis,
    /// The replicate seeds.
    pub seeds: Vec<u64>,
    /// The data sets used.
    pub datasets: Vec<DatasetInfo>,
    /// The planned runs, in plan order.
    pub run_ids: Vec<RunId>,
    /// Combinations of the grid that are skipped, with the reason.
    pub skipped: Vec<SkippedCombination>,
    /// The settings whose best value is chosen by the median of `metric`, for each combination of the other settings.
    pub tune: Vec<String>,
    /// The settings that define a problem, in the order of the file. Comparisons are made on each of their
    /// combinations separately, and then over all of them.
    pub problems: Vec<String>,
    /// The difference in `metric` that does not matter, if declared.
    #[serde(with = "crate::exact")]
    pub margin: Option<f64>,
    /// The number of fresh seeds on which the chosen configurations run again; 0 for none.
    pub confirm_seeds: u64,
    /// The statements that the runs may support or refute.
    pub claims: Vec<Claim>,
    /// Warnings about settings that do not have the effect that their values suggest.
    #[serde(default)]
    pub warnings: Vec<String>,
}

impl ExperimentInfo {
    /// The seeds on which the chosen configurations run again: the numbers after the largest of `seeds`.
    pub fn confirmation_seeds(&self) -> Vec<u64> {
        let first = self.seeds.iter().max().map_or(0, |largest| largest.saturating_add(1));
        (0..self.confirm_seeds).map(|index| first.saturating_add(index)).collect()
    }

    /// The label of a setting's value: its label on an axis, or else the value itself.
    pub fn label(&self, setting: &str, value: &Value) -> String {
        let axis = self.axes.iter().find(|axis| axis.setting == setting);
        let point = axis.and_then(|axis| axis.points.iter().find(|point| point.value == *value));
        let fixed = self.fixed.get(setting).filter(|point| point.value == *value);
        point.or(fixed).map_or_else(|| without_folders(value).to_string(), |point| point.label.clone())
    }

    /// The skipped combinations, grouped by reason, in plan order.
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
    /// The x axis of curves.
    pub enum XAxis {
        /// Passes over the training set.
        Epochs = "epochs",
        /// Parameter updates.
        Steps = "steps",
        /// Training samples seen.
        Samples = "samples",
        /// Cost units: the forward pass of one sample is 1, forward and backward are 3.
        CostUnits = "cost_units",
        /// Floating-point operations, by the rule of [`RunRecord::at`](crate::RunRecord::at).
        Flops = "flops",
        /// Wall time of training in seconds, without evaluations. It depends on the machine and its load.
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
    /// Each value once, under its first label. Numbers are sorted; all other values keep the order of the file.
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
    /// The value as in a `RunSpec`, with every default filled in.
    pub value: Value,
    /// A short name for people, without parameters that have their default.
    pub label: String,
}

/// A data set, its split, and its source. The sizes and class counts describe the first replicate's split. The sizes of
/// the others are the same, except with groups, or by one sample with folds. Their class counts are the same if the split
/// is stratified and no label is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatasetInfo {
    /// The name with its parameters, as in labels.
    pub label: String,
    /// Digest of its content before any split.
    pub digest: Digest,
    /// Number of samples in the training set.
    pub train: u64,
    /// Number of samples in the validation set.
    pub validation: u64,
    /// Number of samples in the test set.
    pub test: u64,
    /// Number of input features.
    pub features: u64,
    /// Number of classes; `None` for regression.
    pub classes: Option<u64>,
    /// Number of regression targets; 0 for classification, and in records of older versions.
    #[serde(default)]
    pub targets: u64,
    /// Number of training samples of each class; empty for regression.
    pub class_counts: Vec<u64>,
    /// The source to cite.
    pub citation: String,
    /// The terms of use.
    pub licence: String,
}

/// A combination of the grid that is skipped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SkippedCombination {
    /// The values of the varying settings, as text.
    pub combination: String,
    /// Why it is skipped.
    pub reason: String,
}
