//! An experiment, complete and valid as far as that can be told without its data.

use super::Setting;
use super::diagnostic::{Source, Span};
use chainrule_record::{ExperimentKind, Metric, XAxis};
use serde_json::Value;
use std::collections::BTreeMap;

/// An experiment. The only way to get one is [`check`](super::check::check).
#[derive(Debug, Clone)]
pub struct Experiment {
    /// The name of its file without `.toml`, and of its results folder.
    pub name: String,
    /// The path of its file, as given.
    pub file: String,
    /// What its runs do.
    pub kind: ExperimentKind,
    /// The question it answers.
    pub question: String,
    /// The replicate seeds.
    pub seeds: Vec<u64>,
    /// The settings that stand in a section, and the defaults of those that stand nowhere. Those whose default follows
    /// another setting are missing until the plan is made.
    pub fixed: BTreeMap<&'static str, Point>,
    /// The sub-grids; the plan is their union. An experiment without a grid has one, without axes.
    pub grids: Vec<Grid>,
    /// How results are compared.
    pub analysis: Analysis,
    /// The texts that spans point into.
    pub sources: Vec<Source>,
}

/// A product of axes.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The settings that vary, in the order of the file.
    pub axes: Vec<Axis>,
    /// Axes that advance together, by their index; each axis stands in exactly one group, in the order of the first.
    pub groups: Vec<Vec<usize>>,
    /// Combinations that are left out.
    pub excludes: Vec<Exclude>,
}

/// A setting that varies.
#[derive(Debug, Clone)]
pub struct Axis {
    /// The setting.
    pub setting: &'static Setting,
    /// Its values.
    pub points: Vec<Point>,
    /// Where it stands.
    pub span: Span,
}

/// A value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The value in a specification.
    pub value: Value,
    /// A short name for people.
    pub label: String,
    /// Where it stands; `None` for a default.
    pub span: Option<Span>,
}

/// Combinations that are left out: those that meet every condition.
#[derive(Debug, Clone)]
pub struct Exclude {
    /// The conditions.
    pub conditions: Vec<(&'static Setting, Vec<Condition>)>,
    /// The conditions as text.
    pub text: String,
    /// Where they stand.
    pub span: Span,
}

/// A condition on a setting's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// An item of this name, whatever its parameters.
    Item(String),
    /// This value.
    Value(Value),
}

impl Condition {
    /// Whether a value meets it.
    pub fn meets(&self, value: &Value) -> bool {
        match self {
            Self::Value(wanted) => wanted == value,
            Self::Item(name) => match value {
                Value::String(item) => item == name,
                Value::Object(table) => table.contains_key(name),
                _ => false,
            },
        }
    }
}

/// How results are compared: section `[analysis]`.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The axis whose values are compared; `None` where no setting varies.
    pub compare: Option<&'static Setting>,
    /// The metric that decides.
    pub metric: Metric,
    /// Where the metric is named; `None` for the default.
    pub metric_span: Option<Span>,
    /// What curves are drawn over.
    pub x_axis: XAxis,
}
