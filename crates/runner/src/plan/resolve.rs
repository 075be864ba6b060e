//! From the settings of a combination to a complete specification: defaults that follow other settings are filled in,
//! the data's digest is added, and everything is checked against the data.

use crate::data::{DataCache, LoadError, Loaded};
use chainrule_core::dataset::{self, PartSizes};
use chainrule_core::error::{DataError, SettingsError};
use chainrule_core::loss::Loss;
use chainrule_core::settings::{DataSettings, ModelSettings, Precision, TrainSettings};
use chainrule_core::train;
use chainrule_record::{Digest, RunSpec};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The typed settings of a run: a specification read back.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Section `[data]`.
    pub data: DataSettings,
    /// Section `[model]`.
    pub model: ModelSettings,
    /// Section `[train]`, as far as it is the engine's.
    pub train: TrainSettings,
    /// The rest, which is the runner's.
    pub run: RunSettings,
}

/// The settings that are the runner's own.
#[derive(Debug, Clone, Deserialize)]
pub struct RunSettings {
    /// Bits of a number.
    pub precision: Precision,
    /// The replicate seed.
    pub seed: u64,
    /// Seconds, or the word `"none"`.
    pub time_limit: Value,
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
        let table = Value::Object(spec.0.clone().into_iter().collect());
        fn part<T: DeserializeOwned>(table: &Value) -> Result<T, serde_json::Error> {
            T::deserialize(table)
        }
        Ok(Self { data: part(&table)?, model: part(&table)?, train: part(&table)?, run: part(&table)? })
    }
}

/// What is wrong with a combination.
pub(super) struct Problem {
    pub(super) message: String,
    /// The settings to blame.
    pub(super) settings: &'static [&'static str],
    /// What to do, where it is not to leave the combination out.
    pub(super) help: Option<String>,
}

impl From<LoadError> for Problem {
    fn from(error: LoadError) -> Self {
        let LoadError::Content(error) = error else {
            let text = error.to_string();
            let (message, help) =
                text.split_once(".\n").unwrap_or((&text, "check the file, its permissions and the disk"));
            return Self { message: message.to_owned(), settings: &["dataset"], help: Some(help.to_owned()) };
        };
        let settings: &[_] = match error {
            DataError::Format { .. } => &["dataset"],
            DataError::EmptyPart { .. } => &["validation", "test"],
            DataError::NoOfficialTest { .. } => &["test"],
        };
        let help =
            matches!(error, DataError::Format { .. }).then(|| "get a fresh copy of the file".to_owned());
        Self { message: error.to_string(), settings, help }
    }
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        let settings: &[_] = match error {
            SettingsError::LossAndOutput { .. } => &["loss", "output"],
            SettingsError::LossAndTask { .. } => &["loss"],
            SettingsError::OutputAndTask { .. } => &["output"],
            SettingsError::BatchTooLarge { .. } => &["batch_size"],
            SettingsError::TargetNotMeasured { .. } => &["target"],
        };
        Self { message: error.to_string(), settings, help: None }
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self { message: format!("the settings cannot be read: {error}"), settings: &[], help: None }
    }
}

/// Resolves combinations; remembers each data set that it meets.
pub(super) struct Resolver<'a> {
    data: &'a DataCache,
    /// By the settings of their section: what was loaded, and the sizes of the parts.
    pub(super) met: Vec<(DataSettings, Arc<Loaded>, PartSizes)>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(data: &'a DataCache) -> Self {
        Self { data, met: Vec::new() }
    }

    /// The complete specification, without a seed.
    pub(super) fn resolve(&mut self, mut settings: BTreeMap<String, Value>) -> Result<RunSpec, Problem> {
        let data: DataSettings = read(&settings)?;
        let (digest, targets, sizes) = self.meet(&data)?;
        settings
            .entry("loss".to_owned())
            .or_insert_with(|| json!(if targets.is_some() { "cross_entropy" } else { "half_squared_error" }));
        let loss: Loss = serde_json::from_value(settings["loss"].clone())?;
        let output = loss.kernel::<f64>().default_output();
        settings.entry("output".to_owned()).or_insert_with(|| json!(output.name()));
        settings.insert("data_digest".to_owned(), json!(digest));
        let (model, training): (ModelSettings, TrainSettings) = (read(&settings)?, read(&settings)?);
        let loaded = self.data.samples(&data.dataset)?;
        dataset::check_task(&loaded.samples.targets, &training.loss, &model.output)?;
        train::check(&training, &sizes)?;
        Ok(RunSpec(settings))
    }

    /// Digest, number of classes and sizes of the parts of a data set.
    fn meet(&mut self, settings: &DataSettings) -> Result<(Digest, Option<usize>, PartSizes), Problem> {
        if let Some((_, loaded, sizes)) = self.met.iter().find(|(met, ..)| met == settings) {
            return Ok((loaded.digest, sizes.classes, *sizes));
        }
        let loaded = self.data.samples(&settings.dataset)?;
        let sizes = dataset::sizes(&loaded.samples, settings).map_err(LoadError::from)?;
        let digest = loaded.digest;
        self.met.push((*settings, loaded, sizes));
        Ok((digest, sizes.classes, sizes))
    }
}

fn read<T: DeserializeOwned>(settings: &BTreeMap<String, Value>) -> Result<T, serde_json::Error> {
    serde_json::from_value(Value::Object(settings.clone().into_iter().collect()))
}
