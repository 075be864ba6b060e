//! Problems: the values are compared on each problem separately, and then over all problems.

use super::configuration::Configuration;
use super::grid::Grid;
use super::runs::Runs;
use std::collections::BTreeMap;

/// The problems of an experiment; a single one if no setting defines problems.
pub(crate) struct Problems {
    /// The settings that define problems and vary. Data sets always do.
    pub(crate) factors: Vec<usize>,
    /// The problems, in drawing order.
    pub(crate) all: Vec<Problem>,
}

/// One value for every setting that defines problems.
pub(crate) struct Problem {
    /// The level of each of the factors.
    pub(crate) levels: Vec<usize>,
    /// The best configuration of each compared value on it; `None` if no run is recorded.
    pub(crate) best: Vec<Option<usize>>,
}

impl Problems {
    /// Groups the configurations by problem and compared value. The first of each group in the ranking is its best.
    pub(crate) fn new(experiment: &Runs) -> Self {
        let grid = &experiment.grid;
        let factors = factors(experiment);
        let mut all: BTreeMap<Vec<usize>, Problem> = BTreeMap::new();
        for index in experiment.ranking.iter().copied() {
            let levels = &experiment.configurations[index].levels;
            let key = factors.iter().map(|factor| grid.place(*factor, levels[*factor])).collect();
            let problem = all.entry(key).or_insert_with(|| Problem {
                levels: factors.iter().map(|factor| levels[*factor]).collect(),
                best: vec![None; experiment.compared.len()],
            });
            problem.best[grid.compare.map_or(0, |compare| levels[compare])].get_or_insert(index);
        }
        Self { factors, all: all.into_values().collect() }
    }

    /// Whether there are several problems.
    pub(crate) fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// Each problem, each compared value with runs on it, and its best configuration there.
    pub(crate) fn places(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        self.all.iter().enumerate().flat_map(|(problem, one)| {
            let best = one.best.iter().enumerate();
            best.filter_map(move |(compared, best)| Some((problem, compared, (*best)?)))
        })
    }

    /// The name of a problem: `wine`, or `wine · 64-32` if several settings define it.
    pub(crate) fn label(&self, grid: &Grid, problem: usize) -> String {
        let levels = self.factors.iter().zip(&self.all[problem].levels);
        levels.map(|(factor, level)| grid.short_label(*factor, *level)).collect::<Vec<_>>().join(" · ")
    }

    /// The settings that define problems: `dataset · architecture`.
    pub(crate) fn name(&self, grid: &Grid) -> String {
        let names = self.factors.iter().map(|factor| grid.factors[*factor].setting.as_str());
        names.collect::<Vec<_>>().join(" · ")
    }

    /// The configurations of a compared value on a problem.
    pub(crate) fn configurations<'a>(
        &'a self,
        experiment: &'a Runs,
        problem: usize,
        compared: usize,
    ) -> impl Iterator<Item = &'a Configuration<'a>> {
        let is_here = move |one: &&Configuration| {
            let mut on = self.factors.iter().zip(&self.all[problem].levels);
            on.all(|(factor, level)| one.levels[*factor] == *level)
        };
        let ours = experiment.compared[compared].configurations.iter();
        ours.map(|index| &experiment.configurations[*index]).filter(is_here)
    }

    /// Whether every best configuration of a problem was confirmed on fresh seeds. Then these runs decide, because they
    /// had no influence on the choice.
    pub(crate) fn are_confirmed(&self, experiment: &Runs) -> bool {
        let best = || self.all.iter().flat_map(|problem| problem.best.iter().flatten());
        let is_confirmed = |index: &usize| experiment.confirmed(&experiment.configurations[*index]).is_some();
        best().next().is_some() && best().all(is_confirmed)
    }
}

/// The configuration whose runs decide; if `fresh`, the confirmed one.
pub(crate) fn deciding<'a>(
    experiment: &'a Runs<'a>,
    configuration: usize,
    fresh: bool,
) -> &'a Configuration<'a> {
    let planned = &experiment.configurations[configuration];
    experiment.confirmed(planned).filter(|_| fresh).unwrap_or(planned)
}

fn factors(experiment: &Runs) -> Vec<usize> {
    let grid = &experiment.grid;
    let makes_one = |factor: &usize| {
        let is_declared = experiment.info.problems.contains(&grid.factors[*factor].setting);
        (is_declared && grid.factors[*factor].levels.len() > 1) || grid.datasets() == Some(*factor)
    };
    grid.others(grid.compare.as_slice()).filter(makes_one).collect()
}
