//! Planning: from an experiment to the specifications of its runs.

mod claims;
mod combination;
mod expand;
mod finish;
mod info;
mod problem;
mod resolve;
mod rounding;
#[cfg(test)]
mod run_ids;
#[cfg(test)]
mod tests;
mod typed;

pub use typed::{CheckPlan, Checking, FunctionSettings, Typed};

use crate::data::{Describe, SplitKey};
use crate::memory::PlanMemory;
use crate::spec::{self, Diagnostics, Experiment};
use chainrule_record::{AxisPoint, ExperimentInfo, RunId, RunSpec};
use combination::{Combination, count};
use expand::Expansion;
use resolve::Resolved;
use std::collections::HashSet;

/// Plans with more runs than this need the user's confirmation.
pub const MOST_RUNS: u64 = 1_000_000;

/// The maximum number of runs in a plan, even with confirmation. A planned run takes up to 60 bytes of memory, and 67
/// bytes of the plan in the store, where a row holds at most 10⁹ bytes.
pub const MAX_RUNS: u64 = 10_000_000;

/// The runs of an experiment, in the order of the file: all seeds of one combination, then the next combination.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The description for the report.
    pub info: ExperimentInfo,
    /// Its cost.
    pub cost: Cost,
    /// The minimum and maximum number of confirmation runs on fresh seeds after the planned ones. The numbers differ
    /// because claims may choose the same configurations or different ones.
    pub confirmations: [usize; 2],
    /// Its memory.
    pub memory: PlanMemory,
    /// The source of the combinations: writing out a million of them would not fit into memory.
    experiment: Experiment,
    kept: Vec<Kept>,
    resolved: Vec<Resolved>,
}

/// The cost of all runs if none ends early, without evaluations.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// Number of training samples.
    pub samples: f64,
    /// Number of floating-point operations.
    pub flop: f64,
}

/// A combination that is run.
#[derive(Debug, Clone, Copy)]
struct Kept {
    /// Its sub-grid.
    grid: usize,
    /// The index of its result.
    resolved: usize,
    /// Its number in the sub-grid.
    number: u64,
}

/// The reason why there is no plan.
#[derive(Debug, Clone)]
pub enum PlanError {
    /// The experiment does not match its data, or its settings are inconsistent.
    Invalid(Diagnostics),
    /// More runs than [`MOST_RUNS`], without confirmation.
    TooMany {
        /// Their number; exact below 2⁵³.
        runs: f64,
    },
    /// More runs than [`MAX_RUNS`].
    BeyondMemory {
        /// Their number; exact below 2⁵³.
        runs: f64,
    },
}

impl Plan {
    /// Expands an experiment. `allow_many` (`--yes`) permits more than [`MOST_RUNS`] runs; the progress of such a plan
    /// is logged.
    ///
    /// # Errors
    /// The first combination of each kind that cannot be run; or too many runs, before any is built.
    pub fn new(experiment: &Experiment, data: &dyn Describe, allow_many: bool) -> Result<Self, PlanError> {
        let runs = experiment.grids.iter().map(count).sum::<f64>() * experiment.seeds.len() as f64;
        if runs > MAX_RUNS as f64 {
            return Err(PlanError::BeyondMemory { runs });
        }
        if runs > MOST_RUNS as f64 {
            if !allow_many {
                return Err(PlanError::TooMany { runs });
            }
            tracing::info!("planning {runs} runs");
        }
        let mut expansion = Expansion::new(experiment, data);
        (0..experiment.grids.len()).for_each(|index| expansion.grid(index));
        expansion.finish()
    }

    /// Number of runs.
    pub fn len(&self) -> usize {
        self.info.run_ids.len()
    }

    /// Whether every combination is skipped.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any of its runs saves weights.
    pub fn saves_weights(&self) -> bool {
        let saves = |point: &AxisPoint| point.value == serde_json::Value::Bool(true);
        let axis = self.info.axes.iter().find(|axis| axis.setting == "save_weights");
        match axis {
            Some(axis) => axis.points.iter().any(saves),
            None => self.info.fixed.get("save_weights").is_some_and(saves),
        }
    }

    /// The specification of a run.
    ///
    /// # Panics
    /// If `index >= self.len()`.
    pub fn spec(&self, index: usize) -> RunSpec {
        let seeds = &self.info.seeds;
        self.combination(index / seeds.len()).with_seed(seeds[index % seeds.len()])
    }

    /// The identity of a run.
    ///
    /// # Panics
    /// If `index >= self.len()`.
    pub fn run_id(&self, index: usize) -> RunId {
        self.info.run_ids[index]
    }

    /// The split on which a run is trained; `None` for functions.
    ///
    /// # Panics
    /// If `index >= self.len()`.
    pub fn split(&self, index: usize) -> Option<SplitKey> {
        let seeds = &self.info.seeds;
        let splits = self.resolved[self.kept[index / seeds.len()].resolved].splits.as_ref()?;
        Some(splits.key(seeds[index % seeds.len()]))
    }

    /// The runs of chosen configurations on fresh seeds. Any run of this plan can identify its configuration.
    pub fn confirmation(&self, chosen: &[RunId]) -> Self {
        let (seeds, fresh) = (self.info.seeds.len(), self.info.confirmation_seeds());
        let wanted: HashSet<&RunId> = chosen.iter().collect();
        let mut found: Vec<usize> = (0..self.len())
            .filter(|index| wanted.contains(&self.info.run_ids[*index]))
            .map(|index| index / seeds)
            .collect();
        found.dedup();
        let kept: Vec<Kept> = found.iter().map(|index| self.kept[*index]).collect();
        let run_ids = found
            .iter()
            .map(|index| self.combination(*index))
            .flat_map(|spec| {
                fresh.iter().map(move |seed| spec.clone().with_seed(*seed).run_id()).collect::<Vec<_>>()
            })
            .collect();
        let mut plan = Self { kept, confirmations: [0, 0], ..self.clone() };
        plan.info.run_ids = run_ids;
        plan.info.seeds = fresh;
        plan
    }

    /// The combinations of settings that are run, without their seeds, in plan order.
    pub fn combinations(&self) -> impl ExactSizeIterator<Item = RunSpec> + '_ {
        (0..self.kept.len()).map(|index| self.combination(index))
    }

    fn combination(&self, index: usize) -> RunSpec {
        let Kept { grid, resolved, number } = self.kept[index];
        let mut settings = Combination::nth(&self.experiment.grids[grid], number).settings(&self.experiment);
        self.resolved[resolved].each(|name, value| drop(settings.insert(name.to_owned(), value.clone())));
        let mut spec = RunSpec(settings.into());
        spec::fill_in(&mut spec);
        spec
    }
}
