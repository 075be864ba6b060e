//! Problems of a combination, and the settings that cause them.

use crate::data::LoadError;
use chainrule_core::error::{DataError, SettingsError};

/// A problem of a combination.
pub(super) struct Problem {
    /// For people; a table has a line for each of its problems.
    pub(super) message: String,
    /// The settings that cause it.
    pub(super) settings: &'static [&'static str],
    /// How to solve it, other than by excluding the combination.
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
            DataError::Format { .. }
            | DataError::Table { .. }
            | DataError::TooLarge { .. }
            | DataError::OutOfMemory { .. } => &["dataset"],
            DataError::EmptyPart { .. } | DataError::FewGroups { .. } => &["validation", "test", "folds"],
            DataError::NoOfficialTest { .. } => &["test"],
            DataError::LabelNoiseWithoutClasses { .. } => &["label_noise"],
            DataError::LabelSmoothingWithoutClasses { .. } => &["label_smoothing"],
            DataError::TwoScalings => &["min_max", "standardize"],
            // Plans are never cancelled.
            DataError::Cancelled(_) => &["dataset"],
            DataError::Overflow { .. } => &["dataset", "standardize", "min_max", "whitening"],
        };
        let help = match &error {
            DataError::Format { file, .. } if file == "inline" => Some("change the numbers".to_owned()),
            DataError::Table { .. } => Some(
                "write such keys inside `csv = { … }`; then `plan` shows how the table is read".to_owned(),
            ),
            DataError::Format { .. } => Some("correct the file, or restore a copy".to_owned()),
            DataError::Overflow { .. } => Some("rescale the feature, or remove it".to_owned()),
            DataError::OutOfMemory { .. } => {
                Some("use a smaller data set, or raise the memory limit".to_owned())
            }
            _ => None,
        };
        Self { message: error.to_string(), settings, help }
    }
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        let settings: &[_] = match error {
            SettingsError::LossAndOutput { .. } => &["loss", "output"],
            SettingsError::LossAndTask { .. } => &["loss"],
            SettingsError::OutputAndTask { .. } | SettingsError::OutputAndTargets { .. } => &["output"],
            SettingsError::BatchTooLarge { .. } => &["batch_size"],
            SettingsError::Warmup { .. } => &["warmup_epochs", "epochs"],
            SettingsError::TargetNotMeasured { setting: "early_stopping", .. } => &["early_stopping"],
            SettingsError::TargetNotMeasured { .. } => &["target"],
            SettingsError::BiasesOfMatrix { .. } => &["biases"],
            SettingsError::Layers { setting: "biases", .. }
            | SettingsError::Shape { setting: "biases", .. } => &["biases", "bias", "architecture"],
            SettingsError::Layers { .. } | SettingsError::Shape { .. } => &["weights", "architecture"],
            SettingsError::TooLargeToMeasure { .. } => &["measure", "architecture"],
            SettingsError::NeedsLapack { .. } => &["measure"],
            SettingsError::Conflict { settings, .. } => settings,
        };
        Self { message: error.to_string(), settings, help: None }
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self { message: format!("the settings cannot be read: {error}"), settings: &[], help: None }
    }
}
