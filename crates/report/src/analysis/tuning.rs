//! Choosing the best value of tuned settings.

use super::grid::Grid;
use super::runs::Runs;
use chainrule_record::ExperimentInfo;
use std::collections::HashSet;

/// Whether a factor is tuned.
pub(crate) fn is_tuned(info: &ExperimentInfo, grid: &Grid, factor: usize) -> bool {
    info.tune.contains(&grid.factors[factor].setting)
}

/// The best configuration for each combination of the factors that are not tuned; all configurations if no factor is
/// tuned. `candidates` are configurations, best first.
pub(crate) fn best_of_each(experiment: &Runs, candidates: impl Iterator<Item = usize>) -> Vec<usize> {
    let (info, grid) = (experiment.info, &experiment.grid);
    let free: Vec<usize> = (0..grid.factors.len()).filter(|factor| !is_tuned(info, grid, *factor)).collect();
    let mut seen = HashSet::new();
    candidates
        .filter(|index| {
            let levels = &experiment.configurations[*index].levels;
            seen.insert(free.iter().map(|factor| levels[*factor]).collect::<Vec<_>>())
        })
        .collect()
}
