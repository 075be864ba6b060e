//! The values that the plots compare, each at its best configuration.

use super::configuration::{Configuration, OutcomeCounts};
use super::grid::Grid;
use super::spread::Spread;
use chainrule_record::ExperimentInfo;
use std::cmp::Ordering;

/// One of the values that the plots compare.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compared {
    /// Its name for people.
    pub(crate) label: String,
    /// Its best configuration; `None` where no run is on record.
    pub(crate) best: Option<usize>,
    /// How many configurations have runs on record.
    pub(crate) configurations: usize,
    /// How all of its runs ended, over all configurations.
    pub(crate) outcomes: OutcomeCounts,
    /// Set where the best learning rate is the smallest or largest that was tried.
    pub(crate) rate_edge: Option<RateEdge>,
}

/// A best learning rate on the edge of what was tried.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RateEdge {
    /// The rate's label.
    pub(crate) rate: String,
    /// `smallest` or `largest`.
    pub(crate) edge: &'static str,
}

/// The compared values, in the order of the experiment file.
pub(crate) fn compared(
    info: &ExperimentInfo,
    grid: &Grid,
    configurations: &[Configuration],
    ranking: &[usize],
) -> Vec<Compared> {
    let levels = grid.compare.map_or(1, |factor| grid.factors[factor].levels.len());
    let mut ranked: Vec<Vec<usize>> = vec![Vec::new(); levels];
    for index in ranking.iter().copied() {
        ranked[grid.compare.map_or(0, |factor| configurations[index].levels[factor])].push(index);
    }
    ranked.iter().enumerate().map(|(level, ours)| one(info, grid, configurations, ours, level)).collect()
}

fn one(
    info: &ExperimentInfo,
    grid: &Grid,
    configurations: &[Configuration],
    ours: &[usize],
    level: usize,
) -> Compared {
    let mut outcomes = OutcomeCounts::default();
    ours.iter().flat_map(|index| &configurations[*index].runs).for_each(|run| outcomes.add(run.stop));
    let best = ours.first().copied();
    Compared {
        label: label(info, grid, level),
        best,
        configurations: ours.len(),
        outcomes,
        rate_edge: best.and_then(|best| rate_edge(info, grid, configurations, ours, best)),
    }
}

fn label(info: &ExperimentInfo, grid: &Grid, level: usize) -> String {
    let fixed =
        || info.compare.as_ref().and_then(|name| info.fixed.get(name)).map(|point| point.label.clone());
    match grid.compare {
        Some(factor) => grid.label(factor, level).to_owned(),
        None => fixed().unwrap_or_else(|| info.name.clone()),
    }
}

/// Edges are those of the rates tried for this compared value: sub-grids may give each its own.
fn rate_edge(
    info: &ExperimentInfo,
    grid: &Grid,
    configurations: &[Configuration],
    ours: &[usize],
    best: usize,
) -> Option<RateEdge> {
    let factor = grid.learning_rate.filter(|factor| grid.compare != Some(*factor))?;
    configurations[best].final_metric(info.metric).median?;
    let rate = |index: usize| grid.factors[factor].levels[configurations[index].levels[factor]].number;
    let order = |a: Option<f64>, b: Option<f64>| a.partial_cmp(&b).unwrap_or(Ordering::Equal);
    let smallest = ours.iter().map(|index| rate(*index)).min_by(|a, b| order(*a, *b))?;
    let largest = ours.iter().map(|index| rate(*index)).max_by(|a, b| order(*a, *b))?;
    let edge = match rate(best) {
        _ if smallest == largest => return None,
        rate if rate == smallest => "smallest",
        rate if rate == largest => "largest",
        _ => return None,
    };
    Some(RateEdge { rate: grid.label(factor, configurations[best].levels[factor]).to_owned(), edge })
}

/// The compared values with runs on record, best first.
pub(crate) fn ranking(compared: &[Compared], configuration_ranking: &[usize]) -> Vec<usize> {
    let mut ranks = vec![0; configuration_ranking.len()];
    configuration_ranking.iter().enumerate().for_each(|(rank, index)| ranks[*index] = rank);
    let rank = |index: &usize| compared[*index].best.map(|best| ranks[best]);
    let mut ranking: Vec<usize> =
        (0..compared.len()).filter(|index| compared[*index].best.is_some()).collect();
    ranking.sort_by_key(rank);
    ranking
}

/// How the best compared value differs from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    /// One of them has a single value: nothing is known about its spread.
    SingleValue,
    /// A run of the best one was lost, which is worse than any number of the next.
    BestLosesRuns,
    /// Their ranges overlap.
    WithinRanges,
    /// Their ranges do not overlap.
    BeyondRanges,
}

/// Compares the ranges of the best and the next; `None` without a range.
pub(crate) fn difference(best: &Spread, next: &Spread) -> Option<Difference> {
    let overlap = best.min? <= next.max? && next.min? <= best.max?;
    Some(match (best, next) {
        (Spread { values: 1, .. }, _) | (_, Spread { values: 1, .. }) => Difference::SingleValue,
        _ if overlap => Difference::WithinRanges,
        _ if best.worst > 0 => Difference::BestLosesRuns,
        _ => Difference::BeyondRanges,
    })
}
