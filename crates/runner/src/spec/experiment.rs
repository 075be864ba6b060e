//! An experiment, complete and valid as far as can be checked without its data.

use super::Setting;
use super::diagnostic::{Source, Span};
pub use chainrule_record::Condition;
use chainrule_record::{Claim, ExperimentKind, Metric, XAxis};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;

/// An experiment. The only way to get one is [`check`](super::check::check).
#[derive(Debug, Clone)]
pub struct Experiment {
    /// The name of its results folder and its baseline: `name`, or else the name of its file without `.toml`.
    pub name: OsString,
    /// The path of its file as reports show it; see [`short_path`](crate::provenance::short_path).
    pub file: String,
    /// The kind of its runs.
    pub kind: ExperimentKind,
    /// The question it answers.
    pub question: String,
    /// The replicate seeds.
    pub seeds: Vec<u64>,
    /// The settings given in a section, and the defaults of settings that appear nowhere. Defaults that follow another
    /// setting are filled in by the plan.
    pub fixed: BTreeMap<&'static str, Point>,
    /// The sub-grids; the plan is their union. An experiment without a grid has a single one without axes.
    pub grids: Vec<Grid>,
    /// How results are compared.
    pub analysis: Analysis,
    /// Its claims.
    pub claims: Vec<Stated>,
    /// The texts that spans point into.
    pub sources: Vec<Source>,
}

/// A product of axes.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The settings that vary, in the order of the file.
    pub axes: Vec<Axis>,
    /// Axes that advance together, by their index. Each axis is in exactly one group; groups are ordered by their
    /// first axis.
    pub groups: Vec<Vec<usize>>,
    /// Combinations that are excluded.
    pub excludes: Vec<Exclude>,
}

/// A setting that varies.
#[derive(Debug, Clone)]
pub struct Axis {
    /// The setting.
    pub setting: &'static Setting,
    /// Its values.
    pub points: Vec<Point>,
    /// Its place.
    pub span: Span,
}

/// A value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The value in a specification.
    pub value: Value,
    /// A short name for people.
    pub label: String,
    /// Its place; `None` for a default.
    pub span: Option<Span>,
}

/// Excluded combinations: those that meet every condition.
#[derive(Debug, Clone)]
pub struct Exclude {
    /// The conditions.
    pub conditions: Vec<(&'static Setting, Vec<Condition>)>,
    /// The conditions as text.
    pub text: String,
    /// Their place.
    pub span: Span,
}

/// How results are compared: section `[analysis]`.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The axis whose values are compared; `None` if no setting varies.
    pub compare: Option<&'static Setting>,
    /// The metric that decides.
    pub metric: Metric,
    /// The place of the metric; `None` for the default.
    pub metric_span: Option<Span>,
    /// The x axis of curves.
    pub x_axis: XAxis,
    /// The axes whose best value is chosen.
    pub tune: Vec<&'static Setting>,
    /// The axes that define a problem.
    pub problems: Vec<&'static Setting>,
    /// The difference in the metric that does not matter, if declared.
    pub margin: Option<f64>,
    /// The number of fresh seeds on which the chosen configurations run again; 0 for none.
    pub confirm_seeds: u64,
}

/// A claim, and the places of its parts.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The claim.
    pub claim: Claim,
    /// Its place.
    pub span: Span,
    /// The place of its metric.
    pub metric: Span,
    /// The place of its conditions, if it has any.
    pub filter: Option<Span>,
    /// The place of `over`, if it has a trend.
    pub over: Option<Span>,
    /// The places of the groups that it compares.
    pub arms: Vec<Span>,
}
