//! Computes everything that tables, plots and pages show. It opens no files and draws nothing.
//! Fields named `compared` and `configuration` are indices into [`Runs`], and fields named `problem` into the problems.
//!
//! A module uses only modules that are listed before it:
//!
//! 1. one run and one configuration: run, spread, grid, observation, configuration, estimates, classes, clock, edges, compared;
//! 2. `Runs`, which is complete on construction: runs;
//! 3. conclusions from runs: tuning, problems, reaching, profiles, missing, comparisons, claims, confirmation, warnings;
//! 4. [`Analysis`], which is built from the runs and then the conclusions: conclusions;
//! 5. the data of single tables and plots, from an `Analysis`: all other modules.

mod checks;
mod claims;
mod classes;
mod clock;
mod compared;
mod comparisons;
mod conclusions;
mod configuration;
mod confirmation;
mod convergence;
mod edges;
mod endings;
mod estimates;
mod functions;
mod grid;
mod heat_map;
mod losses;
mod matched;
mod missing;
mod observation;
mod parallel;
mod probes;
mod problems;
mod profiles;
mod rates;
mod reaching;
mod roles;
mod run;
mod runs;
mod seed_spread;
mod sensitivity;
mod spread;
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
pub(crate) use conclusions::Analysis;
pub(crate) use configuration::{Configuration, OutcomeCounts};
pub(crate) use confirmation::{all_confirmation_runs, chosen, chosen_runs};
pub(crate) use convergence::{Convergence, CurveLine, CurvePanel, CurvePoint, LineEnd};
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
pub(crate) use reaching::Reaching;
pub(crate) use reaching::Timing;
pub(crate) use roles::{Role, role};
pub use run::FINALS;
pub(crate) use run::{final_value, kept_epoch};
pub use runs::Part;
pub(crate) use runs::{Runs, Unchosen};
pub(crate) use seed_spread::{Seed, SeedRow, SeedSpread};
pub(crate) use sensitivity::{RatePoint, Sensitivity};
pub(crate) use spread::{QUARTILE_BANDS_FROM, Spread};
pub(crate) use tasks::{TaskRow, tasks};
pub(crate) use thinned::thinned;
pub(crate) use time_to_target::{ReachingLine, ReachingPanel, TargetCell, TimeToTarget};
pub(crate) use tradeoffs::{TRIALS, TradeoffRow, Tradeoffs};
pub(crate) use weights::{LayerSpread, weights};
