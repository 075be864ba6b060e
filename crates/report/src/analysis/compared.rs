//! The values that the plots compare, each at its best configuration.

use super::configuration::{Configuration, OutcomeCounts};
use super::edges::{Edge, edges};
use super::grid::Grid;
use crate::text::shortest;
use chainrule_record::ExperimentInfo;

/// A value that the plots compare.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compared {
    /// Its name for display.
    pub(crate) label: String,
    /// A shorter name for narrow places, without parameters that do not distinguish it from the others.
    pub(crate) short: String,
    /// Its best configuration; `None` if no run is recorded.
    pub(crate) best: Option<usize>,
    /// The configurations with recorded runs, best first.
    pub(crate) configurations: Vec<usize>,
    /// How all its runs ended, over all configurations.
    pub(crate) outcomes: OutcomeCounts,
    /// The settings whose best value is the smallest or largest that was tried.
    pub(crate) edges: Vec<Edge>,
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
    let labels: Vec<String> = (0..levels).map(|level| label(info, grid, level)).collect();
    let short = shortest(&labels.iter().map(String::as_str).collect::<Vec<_>>());
    let one = |(ours, (label, short)): (Vec<usize>, (String, String))| {
        let best = ours.first().copied();
        let edges = best.map_or_else(Vec::new, |best| edges(info, grid, configurations, &ours, best));
        let runs = ours.iter().flat_map(|index| &configurations[*index].runs).copied();
        Compared { label, short, best, outcomes: OutcomeCounts::of(runs), edges, configurations: ours }
    };
    ranked.into_iter().zip(labels.into_iter().zip(short)).map(one).collect()
}

fn label(info: &ExperimentInfo, grid: &Grid, level: usize) -> String {
    let fixed =
        || info.compare.as_ref().and_then(|name| info.fixed.get(name)).map(|point| point.label.clone());
    match grid.compare {
        Some(factor) => grid.label(factor, level).to_owned(),
        None => fixed().unwrap_or_else(|| info.name.clone()),
    }
}

/// The compared values with recorded runs, best first.
pub(crate) fn ranking(compared: &[Compared], configuration_ranking: &[usize]) -> Vec<usize> {
    let mut ranks = vec![0; configuration_ranking.len()];
    configuration_ranking.iter().enumerate().for_each(|(rank, index)| ranks[*index] = rank);
    let rank = |index: &usize| compared[*index].best.map(|best| ranks[best]);
    let mut ranking: Vec<usize> =
        (0..compared.len()).filter(|index| compared[*index].best.is_some()).collect();
    ranking.sort_by_key(rank);
    ranking
}
