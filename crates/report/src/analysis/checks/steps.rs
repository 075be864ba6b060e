//! The error of a check by the step of its differences.

use super::{CheckedRun, Checks, median};
use crate::analysis::Analysis;
use crate::number::distinct;
use chainrule_record::RunRecord;
use indexmap::IndexMap;
use serde_json::Value;

/// The errors of gradients without a fault, for given steps.
pub(crate) struct Steps {
    /// One for each scheme and precision.
    pub(crate) lines: Vec<StepLine>,
    /// The slopes that theory predicts, next to the measured lines.
    pub(crate) slopes: Vec<Slope>,
}

/// The errors of one scheme in one precision.
pub(crate) struct StepLine {
    pub(crate) scheme: String,
    pub(crate) precision: String,
    /// In the order of the steps.
    pub(crate) points: Vec<StepPoint>,
}

/// The error at a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StepPoint {
    /// h
    pub(crate) step: f64,
    /// The number of checks.
    pub(crate) checks: usize,
    /// The median over the checks of the median error of their tensors.
    pub(crate) error: f64,
}

/// A straight line with a theoretical slope on logarithmic axes, next to a measured line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Slope {
    /// The exponent of h.
    pub(crate) power: i32,
    /// Its start: step and error.
    pub(crate) from: (f64, f64),
    /// Its end.
    pub(crate) to: (f64, f64),
}

/// The factor between a slope and the measured line below it.
const ABOVE: f64 = 6.0;
/// Larger errors are not proportional to a power of h.
const LARGE: f64 = 0.03;
/// Only errors above this multiple of the smallest error have a single dominant cause.
const CLEAR: f64 = 8.0;

impl Steps {
    /// `None` with fewer than three given steps.
    pub(crate) fn new(analysis: &Analysis, checks: &Checks) -> Option<Self> {
        let varies = analysis.grid.factor("step_size").is_some();
        let given = |one: &&CheckedRun| varies && one.is_sound() && step(one.run).is_some();
        let mut lines: IndexMap<_, Vec<CheckedRun>> = IndexMap::new();
        for one in checks.all.iter().filter(given) {
            let key = ["scheme", "precision"].map(|setting| word(one.run, setting));
            lines.entry(key).or_default().push(*one);
        }
        let line = |([scheme, precision], runs): ([String; 2], Vec<CheckedRun>)| StepLine {
            scheme,
            precision,
            points: points(&runs),
        };
        let lines: Vec<StepLine> = lines.into_iter().map(line).collect();
        let slopes = slopes(&lines);
        lines.iter().any(|line| line.points.len() >= 3).then_some(Self { lines, slopes })
    }
}

fn step(run: &RunRecord) -> Option<f64> {
    run.spec.get("step_size").and_then(Value::as_f64)
}

fn word(run: &RunRecord, setting: &str) -> String {
    run.spec.get(setting).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn points(runs: &[CheckedRun]) -> Vec<StepPoint> {
    let point = |at: f64| {
        let here: Vec<_> = runs.iter().filter(|one| step(one.run) == Some(at)).collect();
        let error =
            |one: &&CheckedRun| median(one.check.rows.iter().filter_map(|row| row.finite_median()).collect());
        let error = median(here.iter().filter_map(error).collect())?;
        Some(StepPoint { step: at, checks: here.len(), error })
    };
    distinct(runs.iter().filter_map(|one| step(one.run))).into_iter().filter_map(point).collect()
}

/// The order of a scheme's error.
fn order(scheme: &str) -> Option<i32> {
    match scheme {
        "forward" => Some(1),
        "central" => Some(2),
        "five_point" => Some(4),
        _ => None,
    }
}

/// The slopes: for each scheme its order, next to its most precise line, and −1 next to the first of these lines.
fn slopes(lines: &[StepLine]) -> Vec<Slope> {
    let mut best: IndexMap<&str, &StepLine> = IndexMap::new();
    for line in lines {
        let known = best.entry(&line.scheme).or_insert(line);
        if smallest(line) < smallest(known) {
            *known = line;
        }
    }
    let falling =
        best.values().filter_map(|line| slope(line, order(&line.scheme)?, |point, least| point > least));
    let rising = best.values().find_map(|line| slope(line, -1, |point, least| point < least));
    falling.chain(rising).collect()
}

fn smallest(line: &StepLine) -> f64 {
    line.points.iter().map(|point| point.error).fold(f64::INFINITY, f64::min)
}

/// A slope next to the points on one side of the smallest error, where a single cause dominates.
fn slope(line: &StepLine, power: i32, side: impl Fn(f64, f64) -> bool) -> Option<Slope> {
    let least = line.points.iter().min_by(|a, b| a.error.total_cmp(&b.error))?;
    let is_ruled = |point: &&StepPoint| {
        side(point.step, least.step) && point.error < LARGE && point.error > CLEAR * least.error
    };
    let ruled: Vec<&StepPoint> = line.points.iter().filter(is_ruled).collect();
    let (first, last) = (ruled.first()?, ruled.last()?);
    let middle = ruled[ruled.len() / 2];
    let at = |step: f64| (step, ABOVE * middle.error * (step / middle.step).powi(power));
    (last.step > first.step).then(|| Slope { power, from: at(first.step), to: at(last.step) })
}
