//! Confirms chosen configurations with runs on fresh seeds.

use super::claims;
use super::configuration::Configuration;
use super::missing::Missing;
use super::runs::Runs;
use super::tuning::best_of_each;
use crate::results::{self, moved};
use chainrule_record::{ExperimentInfo, RunId, RunRecord};

/// The configurations to confirm: the best for each combination of the factors that are not tuned, and those that
/// claims choose by their own conditions. They are in plan order. Empty unless the experiment sets `confirm_seeds` and
/// every planned run is recorded, because a missing run could change the choice.
pub(crate) fn chosen(experiment: &Runs) -> Vec<usize> {
    let info = experiment.info;
    if info.confirm_seeds == 0 || experiment.records.len() < info.run_ids.len() {
        return Vec::new();
    }
    let mut chosen = best_of_each(experiment, experiment.ranking.iter().copied());
    chosen.extend(info.claims.iter().flat_map(|claim| claims::configurations(experiment, claim)));
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// The missing runs that choose or judge.
pub(crate) fn missing(experiment: &Runs) -> Missing {
    let info = experiment.info;
    Missing {
        planned: results::missing(info, experiment.records).len(),
        recorded: experiment.confirmations.iter().map(|one| one.runs.len()).sum(),
        expected: chosen_by_task(experiment).len() * info.confirm_seeds as usize,
    }
}

/// One run of each chosen configuration on each task.
fn chosen_by_task<'a>(experiment: &Runs<'a>) -> Vec<&'a RunRecord> {
    let runs = |index: usize| experiment.configurations[index].by_task(&experiment.grid);
    chosen(experiment).into_iter().flat_map(runs).collect()
}

/// The ids of a configuration's runs on fresh seeds.
pub(crate) fn confirmation_runs(experiment: &Runs, configuration: &Configuration) -> Vec<RunId> {
    let seeds = experiment.info.confirmation_seeds();
    let on_task = |run: &RunRecord| moved(&run.spec, [], seeds.iter().copied());
    configuration.by_task(&experiment.grid).into_iter().flat_map(on_task).collect()
}

/// The id of one run of each chosen configuration.
pub(crate) fn chosen_runs(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    let experiment = Runs::new(info, records, &[], false);
    chosen_by_task(&experiment).into_iter().map(|run| run.run_id).collect()
}

/// The ids of all chosen configurations' runs on fresh seeds.
pub(crate) fn all_confirmation_runs(info: &ExperimentInfo, records: &[RunRecord]) -> Vec<RunId> {
    let experiment = Runs::new(info, records, &[], false);
    let runs = |index: usize| confirmation_runs(&experiment, &experiment.configurations[index]);
    chosen(&experiment).into_iter().flat_map(runs).collect()
}
