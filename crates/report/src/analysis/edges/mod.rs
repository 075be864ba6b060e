//! Finds best values at the edge of the tried range, and proposes values beyond it.

#[cfg(test)]
mod tests;

use super::configuration::Configuration;
use super::grid::Grid;
use super::run::is_lost;
use crate::number::{distinct, rounded};
use chainrule_record::ExperimentInfo;
use std::cmp::Ordering;

/// Two values with at least this ratio count as a geometric sequence, because two values give no other hint.
const RATIO: f64 = 2.0;

/// The number of proposed values beyond the edge.
const BEYOND: i32 = 2;

/// A best value at the edge of the tried range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edge {
    pub(crate) setting: String,
    /// The value's label.
    pub(crate) value: String,
    /// `smallest` or `largest`.
    pub(crate) edge: &'static str,
    /// The next values, which continue the ratio or the step of the tried values.
    pub(crate) beyond: Vec<f64>,
}

/// The edges in the best configuration of a compared value. `ours` are its configurations, `best` is one of them.
///
/// Numeric settings are checked, except the compared one and the problems. The tried values of a setting are those
/// tried with all other settings as in the best configuration. If there is only one such value, all values count,
/// because sub-grids may give each value its own.
///
/// An edge is left out if every run beyond it, tried with other settings, was lost. It is also left out if no valid
/// value is beyond it: below 0, or below the smallest whole number, of values that are never negative.
pub(crate) fn edges(
    info: &ExperimentInfo,
    grid: &Grid,
    configurations: &[Configuration],
    ours: &[usize],
    best: usize,
) -> Vec<Edge> {
    if configurations[best].final_metric(info.metric).median.is_none() {
        return Vec::new();
    }
    let is_problem = |factor: usize| info.problems.contains(&grid.factors[factor].setting);
    (0..grid.factors.len())
        .filter(|factor| grid.compare != Some(*factor) && !is_problem(*factor))
        .filter(|factor| grid.factors[*factor].is_numeric())
        .filter_map(|factor| edge(grid, configurations, ours, best, factor))
        .collect()
}

fn edge(
    grid: &Grid,
    configurations: &[Configuration],
    ours: &[usize],
    best: usize,
    factor: usize,
) -> Option<Edge> {
    let value = |index: usize| grid.factors[factor].levels[configurations[index].levels[factor]].number;
    let alike = |index: usize| differ_in(&configurations[index].levels, &configurations[best].levels, factor);
    let mut values = distinct(ours.iter().copied().filter(|index| alike(*index)).filter_map(value));
    if values.len() < 2 {
        values = distinct(ours.iter().copied().filter_map(value));
    }
    let at = value(best)?;
    let (edge, outward) = match values.as_slice() {
        [] | [_] => return None,
        [smallest, ..] if at == *smallest => ("smallest", Ordering::Less),
        [.., largest] if at == *largest => ("largest", Ordering::Greater),
        _ => return None,
    };
    let further = |index: &&usize| value(**index).and_then(|value| value.partial_cmp(&at)) == Some(outward);
    let mut elsewhere = ours.iter().filter(further).flat_map(|index| &configurations[*index].runs).peekable();
    let hopeless = elsewhere.peek().is_some() && elsewhere.all(|run| is_lost(run));
    let beyond = beyond(&values, outward);
    let label = grid.label(factor, configurations[best].levels[factor]).to_owned();
    (!hopeless && !beyond.is_empty()).then(|| Edge {
        setting: grid.factors[factor].setting.clone(),
        value: label,
        edge,
        beyond,
    })
}

/// Whether two configurations agree in everything except one factor.
fn differ_in(one: &[usize], other: &[usize], factor: usize) -> bool {
    one.iter().zip(other).enumerate().all(|(index, (one, other))| index == factor || one == other)
}

/// The largest ratio of a proposed step: a coarse grid gives little information beyond its edge.
const FURTHEST: f64 = 10.0;

/// The values that continue at least two ascending ones.
fn beyond(values: &[f64], outward: Ordering) -> Vec<f64> {
    let mut inward = values.to_vec();
    if outward == Ordering::Greater {
        inward.reverse();
    }
    let (edge, next) = (inward[0], inward[1]);
    let is_ratio = is_ratio(values);
    let further = |steps: i32| match is_ratio {
        true => edge * (edge / next).clamp(1.0 / FURTHEST, FURTHEST).powi(steps),
        false => edge + (edge - next) * f64::from(steps),
    };
    let whole = values.iter().all(|value| value.fract() == 0.0);
    // Three significant digits, as a person would type it.
    let typed = |value: f64| if whole { value.round() } else { rounded(value, 3).parse().unwrap_or(value) };
    let never_negative = values[0] >= 0.0;
    let is_new = |value: &f64| match outward {
        Ordering::Less => *value < edge && (!never_negative || *value > 0.0),
        _ => *value > edge && value.is_finite(),
    };
    let mut beyond: Vec<f64> = (1..=BEYOND).map(further).map(typed).filter(is_new).collect();
    beyond.dedup();
    beyond
}

/// Whether ratios describe ascending values better than steps.
fn is_ratio(values: &[f64]) -> bool {
    if values[0] <= 0.0 {
        return false;
    }
    let unevenness = |of: fn(&[f64]) -> f64| {
        let of: Vec<f64> = values.windows(2).map(of).collect();
        let (least, most) = of.iter().fold((f64::INFINITY, 0.0f64), |(a, b), x| (a.min(*x), b.max(*x)));
        most / least
    };
    match values {
        [first, second] => second / first >= RATIO,
        // Take the logarithms of the ratios, so that they are comparable with steps.
        _ => unevenness(|pair| libm::log(pair[1] / pair[0])) <= unevenness(|pair| pair[1] - pair[0]),
    }
}
