//! Best values on the edge of what was tried, and what to try beyond it.

#[cfg(test)]
mod tests;

use super::configuration::Configuration;
use super::grid::Grid;
use super::run::is_lost;
use chainrule_record::ExperimentInfo;
use std::cmp::Ordering;

/// From this ratio on two values are taken for steps of a ratio: with fewer there is nothing else to tell by.
const RATIO: f64 = 2.0;

/// How many values beyond the edge are named.
const BEYOND: i32 = 2;

/// A best value on the edge of what was tried.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edge {
    /// The setting.
    pub(crate) setting: String,
    /// The value's label.
    pub(crate) value: String,
    /// `smallest` or `largest`.
    pub(crate) edge: &'static str,
    /// The next values, which continue the ratio or the step of those that were tried.
    pub(crate) beyond: Vec<f64>,
}

/// The edges that the best configuration of a compared value lies on. `ours` are its configurations, `best` one of them.
///
/// Of each setting of numbers but the compared one and the problems, the values are those that were tried with everything else
/// as in the best configuration, or with anything if that is but one: sub-grids may give each value its own. No edge is one
/// beyond which every run that was tried elsewhere was lost, nor one beyond which lies nothing of the kind: below the 0 or the
/// smallest whole number of values that are never negative.
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
    let tried = |indices: &mut dyn Iterator<Item = usize>| {
        let mut tried: Vec<f64> = indices.filter_map(value).collect();
        tried.sort_by(f64::total_cmp);
        tried.dedup();
        tried
    };
    let mut values = tried(&mut ours.iter().copied().filter(|index| alike(*index)));
    if values.len() < 2 {
        values = tried(&mut ours.iter().copied());
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

/// Whether two configurations have the same value of everything but one factor.
fn differ_in(one: &[usize], other: &[usize], factor: usize) -> bool {
    one.iter().zip(other).enumerate().all(|(index, (one, other))| index == factor || one == other)
}

/// A coarse grid says little of what lies beyond it: no step further is more than a decade.
const FURTHEST: f64 = 10.0;

/// The values that continue ascending ones, of which there are two at least.
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
    let text = |value: f64| if whole { value.round() } else { rounded(value) };
    let never_negative = values[0] >= 0.0;
    let is_new = |value: &f64| match outward {
        Ordering::Less => *value < edge && (!never_negative || *value > 0.0),
        _ => *value > edge && value.is_finite(),
    };
    let mut beyond: Vec<f64> = (1..=BEYOND).map(further).map(text).filter(is_new).collect();
    beyond.dedup();
    beyond
}

/// To three significant digits, as a person would type it.
fn rounded(value: f64) -> f64 {
    crate::number::rounded(value, 3).parse().unwrap_or(value)
}

/// Whether ratios describe ascending values better than steps do.
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
        // The ratios by their logarithms, so that they are compared as steps are.
        _ => unevenness(|pair| libm::log(pair[1] / pair[0])) <= unevenness(|pair| pair[1] - pair[0]),
    }
}
