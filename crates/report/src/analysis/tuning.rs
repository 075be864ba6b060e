//! Choosing the best value of tuned settings, and what is run again on fresh seeds.

use super::claims;
use super::configuration::Configuration;
use super::{Analysis, Grid};
use crate::results::moved;
use chainrule_record::{ExperimentInfo, RunId, RunRecord};
use std::collections::HashSet;

/// Whether a factor is tuned.
pub(crate) fn is_tuned(info: &ExperimentInfo, grid: &Grid, factor: usize) -> bool {
    info.tune.contains(&grid.factors[factor].setting)
}

/// Of `candidates`, configurations from the best to the worst, the best of each combination of the factors that are not
/// tuned. Without tuned factors, all of them.
pub(crate) fn best_of_each(analysis: &Analysis, candidates: impl Iterator<Item = usize>) -> Vec<usize> {
    let (info, grid) = (analysis.info, &analysis.grid);
    let free: Vec<usize> = (0..grid.factors.len()).filter(|factor| !is_tuned(info, grid, *factor)).collect();
    let mut seen = HashSet::new();
    candidates
        .filter(|index| {
            let levels = &analysis.configurations[*index].levels;
            seen.insert(free.iter().map(|factor| levels[*factor]).collect::<Vec<_>>())
        })
        .collect()
}

/// The configurations that are run again: the best of each combination of the factors that are not tuned, and those that
/// claims choose by conditions of their own. In the order of the plan; empty unless the experiment asks for it and every
/// planned run is on record, since a run that is missing could change the choice.
pub(crate) fn chosen(analysis: &Analysis) -> Vec<usize> {
    let info = analysis.info;
    if info.confirm_seeds == 0 || analysis.records.len() < info.run_ids.len() {
        return Vec::new();
    }
    let mut chosen = best_of_each(analysis, analysis.ranking.iter().copied());
    chosen.extend(info.claims.iter().flat_map(|claim| claims::configurations(analysis, claim)));
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// How many runs the chosen configurations have on fresh seeds.
pub(crate) fn expected(analysis: &Analysis) -> usize {
    chosen_by_task(analysis).len() * analysis.info.confirm_seeds as usize
}

/// The chosen configurations on each task, each by one of its runs.
fn chosen_by_task<'a>(analysis: &Analysis<'a>) -> Vec<&'a RunRecord> {
    let runs = |index: usize| analysis.configurations[index].by_task(&analysis.grid);
    chosen(analysis).into_iter().flat_map(runs).collect()
}

/// The runs of a configuration on fresh seeds.
pub(crate) fn confirmation_runs(analysis: &Analysis, configuration: &Configuration) -> Vec<RunId> {
    let seeds = analysis.info.confirmation_seeds();
    let on_task = |run: &RunRecord| moved(&run.spec, [], seeds.iter().copied());
    configuration.by_task(&analysis.grid).into_iter().flat_map(on_task).collect()
}

/// The chosen configurations, each by one of its runs.
pub(crate) fn chosen_runs(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    if info.confirm_seeds == 0 {
        return Vec::new();
    }
    let analysis = Analysis::with_confirmation(info, records, &[]);
    chosen_by_task(&analysis).into_iter().map(|run| run.run_id).collect()
}

/// The runs of all chosen configurations on fresh seeds.
pub(crate) fn all_confirmation_runs(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    if info.confirm_seeds == 0 {
        return Vec::new();
    }
    let analysis = Analysis::with_confirmation(info, records, &[]);
    let runs = |index: usize| confirmation_runs(&analysis, &analysis.configurations[index]);
    chosen(&analysis).into_iter().flat_map(runs).collect()
}
