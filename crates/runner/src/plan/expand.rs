//! Expansion: every combination of every sub-grid is kept, skipped or refused.

use super::claims::Audit;
use super::combination::{Combination, Table, count};
use super::problem::Problem;
use super::resolve::{Resolved, Resolver};
use super::{Cost, Kept};
use crate::data::Describe;
use crate::spec::{self, Diagnostic, Experiment, Grid, Span};
use chainrule_record::{RunId, RunSpec, SkippedCombination};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// The maximum number of different problems to report: users fix the first ones first.
const MOST_ERRORS: usize = 20;

/// The interval between progress messages for a long plan.
const SAY_EVERY: Duration = Duration::from_secs(5);

/// Floating-point operations per training sample and weight: two each for forward, δ and gradient.
const FLOP_PER_WEIGHT: f64 = 6.0;

/// A plan under construction.
pub(super) struct Expansion<'a> {
    pub(super) experiment: &'a Experiment,
    pub(super) resolver: Resolver<'a>,
    pub(super) kept: Vec<Kept>,
    pub(super) run_ids: Vec<RunId>,
    /// The results for combinations with equal values of the settings that matter.
    pub(super) resolved: Vec<Resolved>,
    /// Whether two combinations may be the same: they come from two grids, or differ only in a setting without effect.
    may_meet: bool,
    /// The combination of each run with the first seed, to detect duplicates.
    known: HashMap<RunId, usize>,
    /// Which points are run, by sub-grid and axis.
    used: Vec<Vec<Vec<bool>>>,
    pub(super) skipped: Vec<SkippedCombination>,
    pub(super) cost: Cost,
    pub(super) errors: Vec<Diagnostic>,
    pub(super) audit: Audit<'a>,
}

impl<'a> Expansion<'a> {
    pub(super) fn new(experiment: &'a Experiment, data: &'a dyn Describe) -> Self {
        let is_later = |grid: &Grid| grid.axes.iter().any(|axis| axis.setting.as_before.is_some());
        let unused = |grid: &Grid| grid.axes.iter().map(|axis| vec![false; axis.points.len()]).collect();
        Self {
            experiment,
            resolver: Resolver::new(data, experiment.seeds.iter().copied().min().unwrap_or_default()),
            kept: Vec::new(),
            run_ids: Vec::new(),
            resolved: Vec::new(),
            may_meet: experiment.grids.len() > 1 || experiment.grids.iter().any(is_later),
            known: HashMap::new(),
            used: experiment.grids.iter().map(unused).collect(),
            skipped: Vec::new(),
            cost: Cost::default(),
            errors: Vec::new(),
            audit: Audit::new(experiment),
        }
    }

    /// Adds every combination of a sub-grid.
    pub(super) fn grid(&mut self, index: usize) {
        let grid = &self.experiment.grids[index];
        let mut met = vec![false; grid.excludes.len()];
        let mut table = Table::new(grid, self.experiment);
        let mut checked = Checked::default();
        let (combinations, mut said) = (count(grid) as u64, Instant::now());
        for number in 0..combinations {
            if self.errors.len() >= MOST_ERRORS {
                return;
            }
            if said.elapsed() >= SAY_EVERY {
                said = Instant::now();
                tracing::info!("{number} of {combinations} combinations planned");
            }
            let combination = Combination::nth(grid, number);
            if self.is_excluded(grid, &combination, &mut met) {
                continue;
            }
            if let Some(resolved) = self.resolve(grid, &combination, &mut checked) {
                table.show(&combination);
                self.resolved[resolved].fill(&mut table);
                self.keep(Kept { grid: index, resolved, number }, &combination, &mut table);
            }
        }
        self.never_met(grid, &met);
    }

    fn is_excluded(&mut self, grid: &Grid, combination: &Combination<'_>, met: &mut [bool]) -> bool {
        let mut reason = None;
        for (exclude, met) in grid.excludes.iter().zip(met) {
            if combination.is_excluded(exclude, self.experiment) {
                *met = true;
                reason.get_or_insert_with(|| format!("excluded: {}", exclude.text));
            }
        }
        let Some(reason) = reason else { return false };
        self.skipped.push(SkippedCombination { combination: combination.text(), reason });
        true
    }

    /// Conditions that no combination meets are a mistake that the user would not notice otherwise.
    fn never_met(&mut self, grid: &Grid, met: &[bool]) {
        for (exclude, _) in grid.excludes.iter().zip(met).filter(|(_, met)| !**met) {
            let message = format!("`exclude` has no effect: no combination has {}", exclude.text);
            let error = Diagnostic::new(message, &exclude.span, "no match");
            self.errors.push(error.help("change the values, or remove the condition"));
        }
    }

    /// The result for the settings that matter; `None` if the combination cannot be run.
    fn resolve(
        &mut self,
        grid: &Grid,
        combination: &Combination<'_>,
        checked: &mut Checked,
    ) -> Option<usize> {
        let key = checked.key(grid, combination);
        if let Some(&known) = checked.found.get(&key) {
            return known;
        }
        let found = match self.resolver.resolve(combination.settings(self.experiment)) {
            Ok(resolved) => {
                self.resolved.push(resolved);
                Some(self.resolved.len() - 1)
            }
            Err(problem) => {
                let error = self.diagnostic(combination, problem);
                if !self.errors.iter().any(|known| known.message == error.message) {
                    self.errors.push(error);
                }
                None
            }
        };
        checked.found.insert(key, found);
        found
    }

    fn keep(&mut self, kept: Kept, combination: &Combination<'_>, table: &mut Table) {
        let mut spec = RunSpec(std::mem::take(&mut table.settings));
        for (index, &seed) in self.experiment.seeds.iter().enumerate() {
            spec = spec.with_seed(seed);
            let run_id = spec.run_id();
            if index == 0 && self.may_meet {
                if let Some(&earlier) = self.known.get(&run_id) {
                    table.settings = spec.0;
                    return self.met_twice(combination, earlier);
                }
                self.known.insert(run_id, self.kept.len());
            }
            self.run_ids.push(run_id);
        }
        let resolved = &self.resolved[kept.resolved];
        let epochs = spec.get("epochs").and_then(serde_json::Value::as_f64).unwrap_or(0.0);
        let samples = epochs * resolved.train as f64 * self.experiment.seeds.len() as f64;
        self.cost.samples += samples;
        self.cost.flop += samples * FLOP_PER_WEIGHT * resolved.weights as f64;
        self.audit.see(&spec, resolved);
        table.settings = spec.0;
        for (index, axis) in self.experiment.grids[kept.grid].axes.iter().enumerate() {
            let chosen = combination.chosen[index];
            // A value without effect does not count as run.
            let is_run = || table.settings.get(axis.setting.name) == Some(&axis.points[chosen].value);
            if axis.setting.as_before.is_none() || is_run() {
                self.used[kept.grid][index][chosen] = true;
            }
        }
        self.kept.push(kept);
    }

    fn met_twice(&mut self, combination: &Combination<'_>, earlier: usize) {
        let Kept { grid, number, .. } = self.kept[earlier];
        let earlier = Combination::nth(&self.experiment.grids[grid], number).text();
        let reason = format!("met twice: the same as {earlier}");
        self.skipped.push(SkippedCombination { combination: combination.text(), reason });
    }

    /// The error of a combination that cannot be run, at the place of the setting that caused it.
    fn diagnostic(&self, combination: &Combination<'_>, problem: Problem) -> Diagnostic {
        let Problem { message, settings, help } = problem;
        // A table has a line for each of its problems.
        let mut lines = message.split('\n').map(str::to_owned);
        let message = lines.next().unwrap_or_default();
        let spans = settings.iter().filter_map(|setting| combination.span(setting, self.experiment));
        let mut error = match spans.max_by_key(|span: &Span| (span.source, span.bytes.start)) {
            Some(span) => Diagnostic::new(message, &span, "this cannot run"),
            None => Diagnostic::whole(message),
        };
        error.also = lines.collect();
        if let (None, None, Some(setting)) =
            (&error.span, &help, settings.first().and_then(|name| spec::setting(name)))
        {
            let section = setting.section.name();
            return error
                .help(format!("`{}` has its default value here: set it in [{section}]", setting.name));
        }
        error.help = help.or_else(|| {
            let text = combination.text();
            (!text.is_empty()).then(|| {
                format!(
                    "this occurs for {text}; exclude such combinations with `exclude`, or change a setting"
                )
            })
        });
        error
    }

    /// Which points of an axis are run.
    pub(super) fn used(&self, grid: usize, axis: usize) -> &[bool] {
        &self.used[grid][axis]
    }

    /// The results for the combinations of a sub-grid that are run.
    pub(super) fn resolved(&self, grid: usize) -> impl Iterator<Item = &Resolved> {
        let mut seen = vec![false; self.resolved.len()];
        let kept = self.kept.iter().filter(move |kept| kept.grid == grid);
        kept.filter(move |kept| !std::mem::replace(&mut seen[kept.resolved], true))
            .map(|kept| &self.resolved[kept.resolved])
    }
}

/// The result for combinations with equal values of the settings that matter. Most axes do not matter here.
#[derive(Default)]
struct Checked {
    found: HashMap<Vec<usize>, Option<usize>>,
}

impl Checked {
    fn key(&self, grid: &Grid, combination: &Combination<'_>) -> Vec<usize> {
        let decides =
            grid.axes.iter().zip(&combination.chosen).filter(|(axis, _)| !axis.setting.is_independent);
        decides.map(|(_, &index)| index).collect()
    }
}
