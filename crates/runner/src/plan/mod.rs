//! Planning: from an experiment to the specifications of its runs.

mod combination;
mod info;
mod resolve;

pub use resolve::Typed;

use crate::data::DataCache;
use crate::spec::{Diagnostic, Diagnostics, Experiment, Span};
use chainrule_record::{ExperimentInfo, RunId, RunSpec, SkippedCombination};
use combination::{Combination, count, each};
use resolve::Resolver;
use std::collections::HashMap;

/// More runs than this need the user's word.
pub const MOST_RUNS: u64 = 1_000_000;

/// The runs of an experiment, in the order of the file: combination by combination, and for each every seed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What the report needs to know.
    pub info: ExperimentInfo,
    /// The combinations of settings that are run.
    combinations: Vec<RunSpec>,
    seeds: Vec<u64>,
}

/// Why there is no plan.
#[derive(Debug, Clone)]
pub enum PlanError {
    /// The experiment does not fit its data, or its settings do not fit together.
    Invalid(Diagnostics),
    /// More runs than [`MOST_RUNS`], and nobody said yes to that.
    TooMany {
        /// How many.
        runs: u64,
    },
}

impl Plan {
    /// Expands an experiment. `--yes` to more than [`MOST_RUNS`] runs is `allow_many`.
    ///
    /// # Errors
    /// Every combination that cannot be run, the first of its kind; or too many runs, before any is built.
    pub fn new(experiment: &Experiment, data: &DataCache, allow_many: bool) -> Result<Self, PlanError> {
        let runs = experiment.grids.iter().map(count).fold(0u64, u64::saturating_add);
        let runs = runs.saturating_mul(experiment.seeds.len() as u64);
        if runs > MOST_RUNS && !allow_many {
            return Err(PlanError::TooMany { runs });
        }
        let mut expansion = Expansion::new(experiment, data);
        for (index, grid) in experiment.grids.iter().enumerate() {
            each(grid, |combination| expansion.add(index, combination));
        }
        expansion.finish()
    }

    /// Number of runs.
    pub fn len(&self) -> usize {
        self.info.run_ids.len()
    }

    /// Whether every combination is left out.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The specification of a run.
    ///
    /// # Panics
    /// If `index >= self.len()`.
    pub fn spec(&self, index: usize) -> RunSpec {
        let seed = self.seeds[index % self.seeds.len()];
        self.combinations[index / self.seeds.len()].clone().with_seed(seed)
    }

    /// The identity of a run.
    ///
    /// # Panics
    /// If `index >= self.len()`.
    pub fn run_id(&self, index: usize) -> RunId {
        self.info.run_ids[index]
    }

    /// The combinations of settings that are run, without their seeds.
    pub fn combinations(&self) -> &[RunSpec] {
        &self.combinations
    }
}

/// A plan in the making.
struct Expansion<'a> {
    experiment: &'a Experiment,
    resolver: Resolver<'a>,
    combinations: Vec<RunSpec>,
    /// The combination that a run of the first seed belongs to, to find those met twice.
    known: HashMap<RunId, String>,
    skipped: Vec<SkippedCombination>,
    errors: Vec<Diagnostic>,
}

impl<'a> Expansion<'a> {
    fn new(experiment: &'a Experiment, data: &'a DataCache) -> Self {
        Self {
            experiment,
            resolver: Resolver::new(data),
            combinations: Vec::new(),
            known: HashMap::new(),
            skipped: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn add(&mut self, grid: usize, combination: &Combination<'_>) {
        let axes = &self.experiment.grids[grid];
        if let Some(exclude) =
            axes.excludes.iter().find(|exclude| combination.is_excluded(exclude, self.experiment))
        {
            let reason = format!("excluded: {}", exclude.text);
            return self.skipped.push(SkippedCombination { combination: combination.text(), reason });
        }
        match self.resolver.resolve(combination.settings(self.experiment)) {
            Ok(spec) => self.keep(combination, spec),
            Err(problem) => {
                let error = self.diagnostic(combination, problem);
                if !self.errors.iter().any(|known| known.message == error.message) {
                    self.errors.push(error);
                }
            }
        }
    }

    fn keep(&mut self, combination: &Combination<'_>, spec: RunSpec) {
        let first = spec.clone().with_seed(self.experiment.seeds[0]).run_id();
        if let Some(earlier) = self.known.get(&first) {
            let reason = format!("met twice: the same as {earlier}");
            return self.skipped.push(SkippedCombination { combination: combination.text(), reason });
        }
        self.known.insert(first, combination.text());
        self.combinations.push(spec);
    }

    /// A combination that cannot be run, at the place of the setting that is to blame.
    fn diagnostic(&self, combination: &Combination<'_>, problem: resolve::Problem) -> Diagnostic {
        let resolve::Problem { message, settings, help } = problem;
        let spans = settings.iter().filter_map(|setting| combination.span(setting, self.experiment));
        let mut error = match spans.max_by_key(|span: &Span| (span.source, span.bytes.start)) {
            Some(span) => Diagnostic::new(message, &span, "this cannot be run"),
            None => Diagnostic::whole(message),
        };
        error.help = help.or_else(|| {
            let text = combination.text();
            (!text.is_empty()).then(|| {
                format!("met at {text}; leave such combinations out with `exclude`, or change a setting")
            })
        });
        error
    }

    fn finish(mut self) -> Result<Plan, PlanError> {
        let experiment = self.experiment;
        if self.errors.is_empty() && self.combinations.is_empty() {
            let error =
                Diagnostic::whole("every combination of the grid is excluded: there is nothing to run");
            self.errors.push(error.help("make the conditions of `exclude` narrower"));
        }
        self.errors.extend(info::check_metric(experiment, &self.resolver));
        if !self.errors.is_empty() {
            return Err(PlanError::Invalid(Diagnostics::new(experiment.sources.clone(), self.errors)));
        }
        let seeds = experiment.seeds.clone();
        let runs = self
            .combinations
            .iter()
            .flat_map(|spec| seeds.iter().map(|&seed| spec.clone().with_seed(seed).run_id()));
        let run_ids = runs.collect();
        let info = info::info(experiment, &self.combinations, &self.resolver, run_ids, self.skipped);
        Ok(Plan { info, combinations: self.combinations, seeds })
    }
}
