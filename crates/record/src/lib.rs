//! Everything that is written to disk, and its version.
//!
//! | type | meaning |
//! |---|---|
//! | [`RunSpec`] | everything that determines a run, as a canonical key → value map |
//! | [`RunId`] | the BLAKE3 hash of a `RunSpec` |
//! | [`RunRecord`] | the result of a run: why it stopped, its curve, its final scores |
//! | [`GradientCheck`] | the result of a gradient check, part of its run's record |
//! | [`ExperimentInfo`] | the description of an experiment for the report |
//! | [`Claim`] | a statement about the runs of an experiment |
//! | [`Manifest`] | how, when and on which machine the runs were made |
//! | [`folder::Folder`] | a folder that the program shares with its user: which files in it are ours |
//! | [`text`] | text from outside: file names as text, and text for terminals, shells and JSON |
//!
//! **Architecture invariant.** This crate knows neither the engine nor the runner: settings are plain JSON values
//! here. Database rows and files use the same encoding: JSON by serde. Numbers are the shortest decimal text that
//! reads back to the same bits. Infinities and NaN are texts, so that `null` always means "not measured".

mod as_before;
mod claim;
mod curve;
mod digest;
mod exact;
mod experiment;
pub mod folder;
mod function;
mod gradient_check;
mod kind;
mod manifest;
mod metric;
mod named;
mod outcome;
mod probes;
mod run_record;
mod run_spec;
mod settings;
mod sound;
mod task;
pub mod text;
mod trace;
mod without_folders;

pub use as_before::AsBefore;
pub use claim::{
    Claim, ClaimTest, Condition, Direction, Extent, LayerChoice, LayerMetric, Measured, RunMetric, Selection,
    Side, Subject, TrendAxis,
};
pub use curve::{Curve, EpochRow, MAX_POINTS};
pub use digest::{Digest, DigestBuilder, RunId};
pub use experiment::{Axis, AxisPoint, DatasetInfo, ExperimentInfo, SkippedCombination, XAxis};
pub use function::FunctionCurve;
pub use gradient_check::{Expectation, GradientCheck, TensorRow, WorstEntry};
pub use kind::ExperimentKind;
pub use manifest::{Machine, Manifest};
pub use metric::{Better, Metric};
pub use outcome::{ClassCounts, Outcome, Outcomes, TargetErrors};
pub use probes::{LayerShape, Prediction, ProbeTable, Series};
pub use run_record::{Divergence, RunRecord, Score, StopReason, TargetReached};
pub use run_spec::RunSpec;
pub use settings::{Settings, SharedSettings};
pub use task::{FOLDS, SPLIT_SEED, changes_scale, makes_task};
pub use trace::{Quantity, TracedStep};
pub use without_folders::{text_without_folders, without_folders};

/// Version of everything this crate writes. The program refuses a results folder of another version.
pub const FORMAT_VERSION: u32 = 5;
