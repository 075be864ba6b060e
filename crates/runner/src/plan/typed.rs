//! Parses a run's specification into typed settings.

use crate::spec;
use chainrule_core::activation::Activation;
use chainrule_core::dataset::DataSettings;
use chainrule_core::gradient_check::CheckSettings;
use chainrule_core::loss::Loss;
use chainrule_core::network::ModelSettings;
use chainrule_core::real::Precision;
use chainrule_core::train::TrainSettings;
use chainrule_record::{Expectation, ExperimentKind, RunSpec};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The typed settings of a run, parsed from a specification.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Section `[data]`.
    pub data: DataSettings,
    /// Section `[model]`.
    pub model: ModelSettings,
    /// The engine's settings of section `[train]`.
    pub train: TrainSettings,
    /// Section `[check]`, if the run is a gradient check.
    pub check: Option<Checking>,
    /// All other settings, which belong to the runner.
    pub run: RunSettings,
}

/// Section `[check]`.
#[derive(Debug, Clone)]
pub struct Checking {
    /// How to check the gradient.
    pub how: CheckSettings,
    /// When to check it, and the expected outcome.
    pub plan: CheckPlan,
}

/// When a gradient is checked, and the expected outcome.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CheckPlan {
    /// Epochs of training before the check.
    pub check_after: u64,
    /// The expected outcome.
    pub expect: Expectation,
}

/// The settings of the runner.
#[derive(Debug, Clone, Deserialize)]
pub struct RunSettings {
    /// The kind of the run.
    pub kind: ExperimentKind,
    /// The precision of numbers.
    pub precision: Precision,
    /// The replicate seed.
    pub seed: u64,
    /// Seconds, or the word `"none"`.
    pub time_limit: Value,
    /// Whether the trained weights are saved as a file.
    pub save_weights: bool,
}

impl RunSettings {
    /// The time limit of a run in seconds.
    pub fn time_limit(&self) -> Option<f64> {
        self.time_limit.as_f64()
    }
}

impl Typed {
    /// Reads a specification.
    ///
    /// # Errors
    /// If it was not made by this version of the experiment language.
    pub fn read(spec: &RunSpec) -> Result<Self, serde_json::Error> {
        let mut spec = spec.clone();
        spec::fill_in(&mut spec);
        let table = spec.0.table();
        fn part<T: DeserializeOwned>(table: &Value) -> Result<T, serde_json::Error> {
            T::deserialize(table)
        }
        let run: RunSettings = part(&table)?;
        let check = match run.kind {
            ExperimentKind::GradientCheck => Some(Checking { how: part(&table)?, plan: part(&table)? }),
            ExperimentKind::Train | ExperimentKind::Function => None,
        };
        Ok(Self { data: part(&table)?, model: part(&table)?, train: part(&table)?, check, run })
    }
}

/// The settings of a function, parsed from a specification.
#[derive(Debug, Clone, Deserialize)]
pub struct FunctionSettings {
    /// The activation, if the function is one.
    pub activation: Option<Activation>,
    /// The loss, if the function is one.
    pub loss: Option<Loss>,
    /// The start of the interval.
    pub from: f64,
    /// The end of the interval.
    pub to: f64,
    /// Number of points, including both ends.
    pub points: usize,
}

impl FunctionSettings {
    /// Reads a specification.
    ///
    /// # Errors
    /// If it was not made by this version of the experiment language.
    pub fn read(spec: &RunSpec) -> Result<Self, serde_json::Error> {
        let mut spec = spec.clone();
        spec::fill_in(&mut spec);
        serde_json::from_value(spec.0.table())
    }
}
