//! Computes everything that tables, plots and pages show. No file is opened here, and nothing is drawn.

mod checks;
mod claims;
mod classes;
mod clock;
mod compared;
mod comparisons;
mod configuration;
mod convergence;
mod edges;
mod endings;
mod estimates;
mod functions;
mod grid;
mod heat_map;
mod losses;
mod matched;
mod observation;
mod parallel;
mod probes;
mod problems;
mod profiles;
mod rates;
mod roles;
mod seed_spread;
mod sensitivity;
#[cfg(test)]
mod simulation;
mod spread;
pub(crate) mod statistics;
mod tasks;
mod thinned;
mod time_to_target;
mod tradeoffs;
mod tuning;
mod warnings;
mod weights;

#[cfg(test)]
mod observation_tests;
#[cfg(test)]
mod speed_tests;
#[cfg(test)]
mod tests;

pub(crate) use checks::{
    Bar, Bars, CheckedRun, Checks, FaultPanel, FaultRow, FaultVerdict, Group, Outcome, Slope, StepLine,
    StepPoint, Steps, by_layer, by_precision, fault_curves, faults, faults_alone, faults_by_activation,
};
pub(crate) use claims::{Decision, Estimate, Evidence, Unit, Verdict};
pub(crate) use classes::ClassBalance;
pub(crate) use clock::Clock;
pub(crate) use compared::Compared;
pub(crate) use comparisons::{Comparison, Comparisons, Judges, Standing};
pub(crate) use configuration::{Configuration, OutcomeCounts};
pub(crate) use convergence::{Convergence, CurveLine, CurvePanel, CurvePoint, LineEnd};
pub(crate) use edges::Edge;
pub(crate) use endings::Endings;
pub(crate) use estimates::{Estimates, interquartile};
pub(crate) use functions::{Argument, NamedFunction, functions};
pub(crate) use grid::{DATASET, Factor, Grid};
pub(crate) use heat_map::{Cell, FURTHEST, HeatMap};
pub(crate) use losses::{LevelCount, LossGroup, loss_groups};
pub(crate) use matched::{Matched, MatchedRow};
pub(crate) use parallel::Parallel;
pub(crate) use probes::{
    LayerMap, LayerProfile, MapPanel, ProfileLine, Sharpness, SharpnessLine, Spectrum, SpectrumLine,
    is_by_epoch, layer_probes, probe_names,
};
pub(crate) use profiles::{Measure, PerformanceLine, Profiles, SCORED_TO};
pub(crate) use rates::{BestRate, RateRow, Rates, Tolerance};
pub(crate) use roles::{Role, role};
pub(crate) use seed_spread::{Seed, SeedRow, SeedSpread};
pub(crate) use sensitivity::{RatePoint, Sensitivity};
pub(crate) use spread::{QUARTILE_BANDS_FROM, Spread};
pub(crate) use statistics::{COUNTED_PAIRS, Center, Interval, LEAST_PROBLEMS, LEAST_RANKED, ROUNDED_PAIRS};
pub(crate) use tasks::{TaskRow, tasks};
pub(crate) use thinned::thinned;
pub(crate) use time_to_target::{Reaching, ReachingLine, ReachingPanel, TargetCell, TimeToTarget};
pub(crate) use tradeoffs::{TRIALS, TradeoffRow, Tradeoffs};
pub(crate) use tuning::{all_confirmation_runs, chosen, chosen_runs};
pub(crate) use weights::{LayerSpread, weights};

use chainrule_record::{ExperimentInfo, ExperimentKind, RunRecord, changes_scale, makes_task};
use std::collections::HashMap;

/// More compared values could not be told apart in a plot.
const MOST_DRAWN: usize = 24;

/// Everything that is shown, but for the data of single plots.
pub(crate) struct Analysis<'a> {
    /// The experiment.
    pub(crate) info: &'a ExperimentInfo,
    /// Its runs, in plan order.
    pub(crate) records: &'a [RunRecord],
    /// Those of chosen configurations on fresh seeds.
    pub(crate) confirmation: &'a [RunRecord],
    /// The settings that vary.
    pub(crate) grid: Grid,
    /// A value for every setting that varies, each with its runs, in plan order.
    pub(crate) configurations: Vec<Configuration<'a>>,
    /// The configurations, best first; those on different data sets have no order.
    pub(crate) ranking: Vec<usize>,
    /// The values that the plots compare, in the order of the file.
    pub(crate) compared: Vec<Compared>,
    /// The compared values that have a run on record, the one with the best configuration first; over several data sets, the one
    /// with the best mean rank.
    pub(crate) compared_ranking: Vec<usize>,
    /// The chosen configurations again, with their runs on fresh seeds.
    pub(crate) confirmations: Vec<Configuration<'a>>,
    /// Where each of them stands, by its levels.
    confirmed: HashMap<Vec<usize>, usize>,
    has_target: bool,
    /// How the runs ended.
    pub(crate) outcomes: OutcomeCounts,
    /// The best compared value against every other.
    pub(crate) comparisons: Option<Comparisons>,
    /// What became of the claims, in the order of the file.
    pub(crate) verdicts: Vec<Verdict<'a>>,
    /// What the reader must know before believing the answer.
    pub(crate) warnings: Vec<String>,
}

/// Why nothing is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unchosen<'a> {
    /// The metric has another scale for each value of this setting.
    NoScale(&'a str),
    /// What is compared is this setting, which defines the task: the best task would be the easiest.
    Task(&'a str),
}

/// Why a run was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The experiment plans it.
    Planned,
    /// Its configuration was chosen, and run again on a fresh seed.
    Fresh,
}

impl Part {
    /// Every one.
    pub(crate) const ALL: [Self; 2] = [Self::Planned, Self::Fresh];

    /// The word in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Fresh => "fresh",
        }
    }
}

impl<'a> Analysis<'a> {
    /// Analyses the planned runs on record.
    #[cfg(test)]
    pub(crate) fn new(info: &'a ExperimentInfo, records: &'a [RunRecord]) -> Self {
        Self::with_confirmation(info, records, &[])
    }

    /// Analyses the runs on record: `records` those that were planned, `confirmation` those of chosen configurations on fresh
    /// seeds.
    pub(crate) fn with_confirmation(
        info: &'a ExperimentInfo,
        records: &'a [RunRecord],
        confirmation: &'a [RunRecord],
    ) -> Self {
        let grid = Grid::new(info, records);
        let configurations = Configuration::group(&grid, records);
        let confirmations = Configuration::group(&grid, confirmation);
        let ranking = ranking(&configurations, info);
        let compared = compared::compared(info, &grid, &configurations, &ranking);
        let compared_ranking = compared::ranking(&compared, &ranking);
        let mut outcomes = OutcomeCounts::default();
        records.iter().for_each(|run| outcomes.add(run.stop));
        let warnings = Vec::new();
        let confirmed = confirmations.iter().enumerate().map(|(index, one)| (one.levels.clone(), index));
        let mut analysis = Self {
            confirmed: confirmed.collect(),
            has_target: has_target(records),
            info,
            records,
            confirmation,
            grid,
            configurations,
            ranking,
            compared,
            compared_ranking,
            confirmations,
            outcomes,
            comparisons: None,
            verdicts: Vec::new(),
            warnings,
        };
        match analysis.spans_datasets() {
            true => analysis.compared_ranking = profiles::ranking(&analysis),
            false => analysis.comparisons = Comparisons::new(&analysis),
        }
        analysis.verdicts = claims::verdicts(&analysis);
        analysis.warnings = warnings::warnings(&analysis);
        analysis
    }

    /// The configuration of rank 1, if any has a median.
    pub(crate) fn best(&self) -> Option<&Configuration<'a>> {
        let best = &self.configurations[*self.ranking.first()?];
        best.final_metric(self.info.metric).median.map(|_| best)
    }

    /// Whether there are runs and all of them diverged or failed.
    pub(crate) fn is_all_lost(&self) -> bool {
        let lost = self.outcomes.diverged + self.outcomes.failed;
        lost > 0 && lost == self.outcomes.total()
    }

    /// Why nothing is chosen and nothing compared, if that is so.
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

    /// Whether runs are on several data sets, which are not what is compared: metrics on different data have no common scale, so
    /// that there is no best configuration, and compared values are ranked on each problem by itself.
    pub(crate) fn spans_datasets(&self) -> bool {
        self.info.kind == ExperimentKind::Train && self.grid.datasets().is_some()
    }

    /// The compared values that plots show: the best of those that have a run on record, in the order of the file.
    pub(crate) fn drawn(&self) -> Vec<usize> {
        let mut drawn: Vec<usize> = self.compared_ranking.iter().copied().take(MOST_DRAWN).collect();
        drawn.sort_unstable();
        drawn
    }

    /// The best configuration of a compared value.
    pub(crate) fn best_of(&self, compared: usize) -> Option<&Configuration<'a>> {
        self.compared.get(compared)?.best.and_then(|index| self.configurations.get(index))
    }

    /// The runs of a chosen configuration on fresh seeds.
    pub(crate) fn confirmed(&self, planned: &Configuration) -> Option<&Configuration<'a>> {
        self.confirmed.get(&planned.levels).map(|index| &self.confirmations[*index])
    }

    /// The best configuration of a compared value with the runs that judge it: those on fresh seeds where the experiment asks for
    /// them, and the planned ones where it does not.
    pub(crate) fn judged(&self, compared: usize) -> Option<&Configuration<'a>> {
        let planned = self.best_of(compared)?;
        if self.info.confirm_seeds > 0 { self.confirmed(planned) } else { Some(planned) }
    }

    /// The runs that curves and seeds are drawn of: those that judge, or the planned ones while these are not on record.
    pub(crate) fn shown(&self, compared: usize) -> Option<&Configuration<'a>> {
        self.judged(compared).or_else(|| self.best_of(compared))
    }

    /// Whether any of these are on fresh seeds.
    pub(crate) fn shows_fresh(&self) -> bool {
        self.info.confirm_seeds > 0
            && self.drawn().into_iter().any(|compared| self.judged(compared).is_some())
    }

    /// All runs: the planned ones in plan order, then those on fresh seeds.
    pub(crate) fn all_runs(&self) -> impl Iterator<Item = (&'a RunRecord, Part)> {
        let planned = self.records.iter().map(|run| (run, Part::Planned));
        planned.chain(self.confirmation.iter().map(|run| (run, Part::Fresh)))
    }

    /// The settings of a configuration as `(name, label)`, but for the factors `without`.
    pub(crate) fn settings(&self, configuration: &Configuration, without: &[usize]) -> Vec<(&str, &str)> {
        let label = |factor: usize| self.grid.label(factor, configuration.levels[factor]);
        self.grid
            .others(without)
            .map(|factor| (self.grid.factors[factor].setting.as_str(), label(factor)))
            .collect()
    }

    /// The settings of a configuration but for the compared one.
    pub(crate) fn other_settings(&self, configuration: &Configuration) -> Vec<(&str, &str)> {
        self.settings(configuration, self.grid.compare.as_slice())
    }

    /// The name of what is compared.
    pub(crate) fn compared_name(&self) -> &str {
        self.grid.compare.map_or("experiment", |factor| &self.grid.factors[factor].setting)
    }

    /// Whether the best configurations of compared values were chosen among several.
    pub(crate) fn is_tuned(&self) -> bool {
        self.grid
            .others(self.grid.compare.as_slice())
            .any(|factor| self.grid.factors[factor].levels.len() > 1)
    }

    /// Whether the final metrics of any run are those of an earlier epoch than its last.
    pub(crate) fn keeps_epochs(&self) -> bool {
        self.records.iter().any(|run| kept_epoch(run).is_some())
    }

    /// Whether any run was trained.
    pub(crate) fn is_trained(&self) -> bool {
        self.records.iter().any(|run| run.curve.len() > 1)
    }

    /// What the label of a line over learning rates is: all runs where the rate itself is compared.
    pub(crate) fn rate_label(&self, compared: usize) -> &str {
        if self.compares_rates() { "all runs" } else { &self.compared[compared].label }
    }

    /// The name of what has a line over learning rates.
    pub(crate) fn rate_title(&self) -> &str {
        if self.compares_rates() { "runs" } else { self.compared_name() }
    }

    fn compares_rates(&self) -> bool {
        self.grid.compare.is_none() || self.grid.compare == self.grid.learning_rate
    }

    /// Whether a factor says no more than the compared one: each compared value has one value of it, as where two folders differ in
    /// a setting.
    pub(crate) fn follows_compared(&self, factor: usize) -> bool {
        let Some(compare) = self.grid.compare else { return false };
        let mut values: HashMap<usize, usize> = HashMap::new();
        let mut levels = self.configurations.iter().map(|one| &one.levels);
        levels.all(|levels| *values.entry(levels[compare]).or_insert(levels[factor]) == levels[factor])
    }

    /// What times to the target are told in first.
    pub(crate) fn clock(&self) -> Clock {
        Clock::of_axis(self.info.x_axis)
    }

    /// What the target is, in words.
    pub(crate) fn target(&self) -> &str {
        self.info.fixed.get("target").map_or("the target", |point| &point.label)
    }

    /// Whether the experiment has a target, as far as its records show.
    pub(crate) fn has_target(&self) -> bool {
        self.has_target
    }
}

fn has_target(records: &[RunRecord]) -> bool {
    records.iter().any(|run| run.spec.get("target").is_some_and(|target| target.is_object()))
}

/// The epoch whose parameters a run kept, where that is not its last one.
pub(crate) fn kept_epoch(run: &RunRecord) -> Option<u64> {
    run.kept_epoch.filter(|kept| run.curve.epoch.last() != Some(kept))
}

/// Best first; ties in plan order, since sorting is stable.
fn ranking(configurations: &[Configuration], info: &ExperimentInfo) -> Vec<usize> {
    let mut ranking: Vec<usize> = (0..configurations.len()).collect();
    ranking.sort_by(|a, b| configurations[*a].compare(&configurations[*b], info.metric));
    ranking
}
