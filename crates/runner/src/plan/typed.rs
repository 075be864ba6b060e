//! The settings of a run as types: a specification read back.

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

/// The typed settings of a run: a specification read back.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Section `[data]`.
    pub data: DataSettings,
    /// Section `[model]`.
    pub model: ModelSettings,
    /// Section `[train]`, as far as it is the engine's.
    pub train: TrainSettings,
    /// Section `[check]`, of a gradient check.
    pub check: Option<Checking>,
    /// The rest, which is the runner's.
    pub run: RunSettings,
}

/// Section `[check]`.
#[derive(Debug, Clone)]
pub struct Checking {
    /// How the gradient is checked.
    pub how: CheckSettings,
    /// When, and what should come of it.
    pub plan: CheckPlan,
}

/// When a gradient is checked, and what should come of it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CheckPlan {
    /// Epochs of training before the check.
    pub check_after: u64,
    /// What should come of it.
    pub expect: Expectation,
}

/// The settings that are the runner's own.
#[derive(Debug, Clone, Deserialize)]
pub struct RunSettings {
    /// What the run does.
    pub kind: ExperimentKind,
    /// Bits of a number.
    pub precision: Precision,
    /// The replicate seed.
    pub seed: u64,
    /// Seconds, or the word `"none"`.
    pub time_limit: Value,
    /// Whether the trained weights are kept as a file.
    pub save_weights: bool,
}

impl RunSettings {
    /// Seconds after which a run is ended.
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

/// The settings of a function: a specification read back.
#[derive(Debug, Clone, Deserialize)]
pub struct FunctionSettings {
    /// The activation, if it is one.
    pub activation: Option<Activation>,
    /// The loss, if it is one.
    pub loss: Option<Loss>,
    /// Where the function begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Points, both ends included.
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
