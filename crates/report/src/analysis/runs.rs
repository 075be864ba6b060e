//! The runs of an experiment, sorted into configurations and compared values.

use super::clock::Clock;
use super::compared::{self, Compared};
use super::configuration::{Configuration, OutcomeCounts};
use super::grid::Grid;
use super::run::kept_epoch;
use crate::results::Results;
use chainrule_record::{ExperimentInfo, ExperimentKind, RunRecord, changes_scale, makes_task};
use std::collections::HashMap;

/// The runs of an experiment.
pub(crate) struct Runs<'a> {
    pub(crate) info: &'a ExperimentInfo,
    /// Its recorded planned runs, in plan order.
    pub(crate) records: &'a [RunRecord],
    /// The runs of chosen configurations on fresh seeds.
    pub(crate) confirmation: &'a [RunRecord],
    /// Whether two results folders are compared.
    pub(crate) compares_folders: bool,
    /// The settings that vary.
    pub(crate) grid: Grid,
    /// One value for every setting that varies, each with its runs, in plan order.
    pub(crate) configurations: Vec<Configuration<'a>>,
    /// The configurations, best first; configurations on different data sets have no order.
    pub(crate) ranking: Vec<usize>,
    /// The values that the plots compare, in the order of the file.
    pub(crate) compared: Vec<Compared>,
    /// The chosen configurations, with their runs on fresh seeds.
    pub(crate) confirmations: Vec<Configuration<'a>>,
    /// The index in `confirmations`, by levels.
    confirmed: HashMap<Vec<usize>, usize>,
    has_target: bool,
    /// How the runs ended.
    pub(crate) outcomes: OutcomeCounts,
}

/// Why no configuration is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unchosen<'a> {
    /// The metric has another scale for each value of this setting.
    NoScale(&'a str),
    /// The compared setting defines the task: the best task would be the easiest one.
    Task(&'a str),
}

/// Why a run was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The experiment plans it.
    Planned,
    /// Its configuration was chosen, and is confirmed on a fresh seed.
    Fresh,
}

impl Part {
    /// All parts.
    pub(crate) const ALL: [Self; 2] = [Self::Planned, Self::Fresh];

    /// The word in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Fresh => "fresh",
        }
    }
}

impl<'a> Runs<'a> {
    /// Groups the recorded runs.
    pub(crate) fn of(results: &'a Results) -> Self {
        let compares_folders = results.sources.len() > 1;
        Self::new(&results.info, &results.records, &results.confirmation, compares_folders)
    }

    /// Groups `records`, the planned runs, and `confirmation`, the runs of chosen configurations on fresh seeds.
    pub(crate) fn new(
        info: &'a ExperimentInfo,
        records: &'a [RunRecord],
        confirmation: &'a [RunRecord],
        compares_folders: bool,
    ) -> Self {
        let grid = Grid::new(info, records);
        let configurations = Configuration::group(&grid, records);
        let confirmations = Configuration::group(&grid, confirmation);
        let ranking = ranking(&configurations, info);
        let compared = compared::compared(info, &grid, &configurations, &ranking);
        let confirmed = confirmations.iter().enumerate().map(|(index, one)| (one.levels.clone(), index));
        Self {
            confirmed: confirmed.collect(),
            has_target: has_target(records),
            outcomes: OutcomeCounts::of(records),
            info,
            records,
            confirmation,
            compares_folders,
            grid,
            configurations,
            ranking,
            compared,
            confirmations,
        }
    }

    /// The configuration of rank 1, if any has a median.
    pub(crate) fn best(&self) -> Option<&Configuration<'a>> {
        let best = &self.configurations[*self.ranking.first()?];
        best.final_metric(self.info.metric).median.map(|_| best)
    }

    /// Whether there are runs, but all diverged or failed.
    pub(crate) fn is_all_lost(&self) -> bool {
        let lost = self.outcomes.diverged + self.outcomes.failed;
        lost > 0 && lost == self.outcomes.total()
    }

    /// Why no configuration is chosen and nothing is compared, if so.
    pub(crate) fn unchosen(&self) -> Option<Unchosen<'_>> {
        let metric = self.info.metric;
        let compared = self.grid.compare.map(|factor| &self.grid.factors[factor]);
        let varying = compared.into_iter().chain(&self.grid.tasks).filter(|factor| factor.levels.len() > 1);
        let mut names = varying.map(|factor| factor.setting.as_str());
        if self.info.kind != ExperimentKind::Train {
            return None;
        }
        let is_compared = |name: &str| compared.is_some_and(|factor| factor.setting == name);
        names.find_map(|name| match name {
            _ if changes_scale(name, metric) => Some(Unchosen::NoScale(name)),
            _ if makes_task(name) && is_compared(name) => Some(Unchosen::Task(name)),
            _ => None,
        })
    }

    /// Whether runs use several data sets that are not compared. Metrics on different data have no common scale. So
    /// there is no best configuration, and compared values are ranked on each problem separately.
    pub(crate) fn spans_datasets(&self) -> bool {
        self.info.kind == ExperimentKind::Train && self.grid.datasets().is_some()
    }

    /// The best configuration of a compared value.
    pub(crate) fn best_of(&self, compared: usize) -> Option<&Configuration<'a>> {
        self.compared.get(compared)?.best.and_then(|index| self.configurations.get(index))
    }

    /// The runs of a chosen configuration on fresh seeds.
    pub(crate) fn confirmed(&self, planned: &Configuration) -> Option<&Configuration<'a>> {
        self.confirmed.get(&planned.levels).map(|index| &self.confirmations[*index])
    }

    /// The best configuration of a compared value, with the runs that judge it. These are on fresh seeds if the
    /// experiment sets `confirm_seeds`; otherwise they are the planned runs.
    pub(crate) fn judged(&self, compared: usize) -> Option<&Configuration<'a>> {
        let planned = self.best_of(compared)?;
        if self.info.confirm_seeds > 0 { self.confirmed(planned) } else { Some(planned) }
    }

    /// The runs that plots of curves and seeds show: the judging runs, or the planned runs while the judging runs are
    /// missing.
    pub(crate) fn shown(&self, compared: usize) -> Option<&Configuration<'a>> {
        self.judged(compared).or_else(|| self.best_of(compared))
    }

    /// All runs: the planned runs in plan order, then the runs on fresh seeds.
    pub(crate) fn all_runs(&self) -> impl Iterator<Item = (&'a RunRecord, Part)> {
        let planned = self.records.iter().map(|run| (run, Part::Planned));
        planned.chain(self.confirmation.iter().map(|run| (run, Part::Fresh)))
    }

    /// The settings of a configuration as `(name, label)`, except the factors `without`.
    pub(crate) fn settings(&self, configuration: &Configuration, without: &[usize]) -> Vec<(&str, &str)> {
        let label = |factor: usize| self.grid.label(factor, configuration.levels[factor]);
        self.grid
            .others(without)
            .map(|factor| (self.grid.factors[factor].setting.as_str(), label(factor)))
            .collect()
    }

    /// The settings of a configuration, except the compared one.
    pub(crate) fn other_settings(&self, configuration: &Configuration) -> Vec<(&str, &str)> {
        self.settings(configuration, self.grid.compare.as_slice())
    }

    /// The name of the compared setting.
    pub(crate) fn compared_name(&self) -> &str {
        self.grid.compare.map_or("experiment", |factor| &self.grid.factors[factor].setting)
    }

    /// Whether each compared value had several configurations to choose from.
    pub(crate) fn is_tuned(&self) -> bool {
        self.grid
            .others(self.grid.compare.as_slice())
            .any(|factor| self.grid.factors[factor].levels.len() > 1)
    }

    /// Whether any run's final metrics are from an epoch before its last one.
    pub(crate) fn keeps_epochs(&self) -> bool {
        self.records.iter().any(|run| kept_epoch(run).is_some())
    }

    /// Whether any run was trained.
    pub(crate) fn is_trained(&self) -> bool {
        self.records.iter().any(|run| run.curve.len() > 1)
    }

    /// The label of a line over learning rates; `all runs` if the rate itself is compared.
    pub(crate) fn rate_label(&self, compared: usize) -> &str {
        if self.compares_rates() { "all runs" } else { &self.compared[compared].label }
    }

    /// The title of the lines over learning rates.
    pub(crate) fn rate_title(&self) -> &str {
        if self.compares_rates() { "runs" } else { self.compared_name() }
    }

    fn compares_rates(&self) -> bool {
        self.grid.compare.is_none() || self.grid.compare == self.grid.learning_rate
    }

    /// Whether a factor follows the compared one: each compared value has a single value of it. An example is a setting
    /// in which two compared folders differ.
    pub(crate) fn follows_compared(&self, factor: usize) -> bool {
        let Some(compare) = self.grid.compare else { return false };
        let mut values: HashMap<usize, usize> = HashMap::new();
        let mut levels = self.configurations.iter().map(|one| &one.levels);
        levels.all(|levels| *values.entry(levels[compare]).or_insert(levels[factor]) == levels[factor])
    }

    /// The main unit of times to the target.
    pub(crate) fn clock(&self) -> Clock {
        Clock::of_axis(self.info.x_axis)
    }

    /// The target in words.
    pub(crate) fn target(&self) -> &str {
        self.info.fixed.get("target").map_or("the target", |point| &point.label)
    }

    /// Whether the records show that the experiment has a target.
    pub(crate) fn has_target(&self) -> bool {
        self.has_target
    }
}

fn has_target(records: &[RunRecord]) -> bool {
    records.iter().any(|run| run.spec.get("target").is_some_and(|target| target.is_object()))
}

/// Best first. Ties stay in plan order, because the sort is stable.
fn ranking(configurations: &[Configuration], info: &ExperimentInfo) -> Vec<usize> {
    let mut ranking: Vec<usize> = (0..configurations.len()).collect();
    ranking.sort_by(|a, b| configurations[*a].compare(&configurations[*b], info.metric));
    ranking
}
