//! An experiment, complete and valid as far as that can be told without its data.

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
    /// The name of its results folder and of its baseline: `name`, or else the name of its file without `.toml`.
    pub name: OsString,
    /// The path of its file as reports show it: see [`short_path`](crate::provenance::short_path).
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
    /// What is claimed of them.
    pub claims: Vec<Stated>,
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
    /// The axes whose best value is chosen.
    pub tune: Vec<&'static Setting>,
    /// The axes that make a problem.
    pub problems: Vec<&'static Setting>,
    /// The difference in the metric that does not matter, if one is declared.
    pub margin: Option<f64>,
    /// How many fresh seeds the chosen configurations are run again on; 0 for none.
    pub confirm_seeds: u64,
}

/// A claim, and where its parts stand.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The claim.
    pub claim: Claim,
    /// Where it stands.
    pub span: Span,
    /// Where its metric is named.
    pub metric: Span,
    /// Where its conditions stand, if it has any.
    pub filter: Option<Span>,
    /// Where it says what its trend is over.
    pub over: Option<Span>,
    /// Where the groups stand that it sets against each other.
    pub arms: Vec<Span>,
}
