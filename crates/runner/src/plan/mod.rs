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

/// More runs than this need the user's word.
pub const MOST_RUNS: u64 = 1_000_000;

/// No plan has more runs than this, whatever the user says. A planned run takes up to 60 bytes of memory, and 67 of the plan in
/// the store, which holds 10⁹ bytes in one row.
pub const MAX_RUNS: u64 = 10_000_000;

/// The runs of an experiment, in the order of the file: combination by combination, and for each every seed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What the report needs to know.
    pub info: ExperimentInfo,
    /// What it costs.
    pub cost: Cost,
    /// At least and at most how many runs of chosen configurations on fresh seeds follow when the planned ones have ended:
    /// claims may choose the same configurations or others.
    pub confirmations: [usize; 2],
    /// The memory that it takes.
    pub memory: PlanMemory,
    /// What the combinations are made from: a million of them written out would not fit into memory.
    experiment: Experiment,
    kept: Vec<Kept>,
    resolved: Vec<Resolved>,
}

/// The cost of all runs, if none ends early; evaluations are left out.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// Training samples.
    pub samples: f64,
    /// Floating-point operations.
    pub flop: f64,
}

/// A combination that is run.
#[derive(Debug, Clone, Copy)]
struct Kept {
    /// Its sub-grid.
    grid: usize,
    /// What was found for it.
    resolved: usize,
    /// Its number in the sub-grid.
    number: u64,
}

/// Why there is no plan.
#[derive(Debug, Clone)]
pub enum PlanError {
    /// The experiment does not fit its data, or its settings do not fit together.
    Invalid(Diagnostics),
    /// More runs than [`MOST_RUNS`], and nobody said yes to that.
    TooMany {
        /// How many; exact below 2⁵³.
        runs: f64,
    },
    /// More runs than [`MAX_RUNS`].
    BeyondMemory {
        /// How many; exact below 2⁵³.
        runs: f64,
    },
}

impl Plan {
    /// Expands an experiment. `--yes` to more than [`MOST_RUNS`] runs is `allow_many`; how far a plan of so many is, is logged.
    ///
    /// # Errors
    /// Every combination that cannot be run, the first of its kind; or too many runs, before any is built.
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

    /// Whether every combination is left out.
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

    /// The split that a run is trained on; `None` for functions.
    ///
    /// # Panics
    /// If `index >= self.len()`.
    pub fn split(&self, index: usize) -> Option<&SplitKey> {
        let combination = &self.kept[index / self.info.seeds.len()];
        self.resolved[combination.resolved].split.as_ref()
    }

    /// The runs of chosen configurations on fresh seeds. Each configuration is named by any of its runs in this plan.
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
