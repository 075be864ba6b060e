//! A setting of the experiment language.

use super::kind::Kind;
use chainrule_record::ExperimentKind;
use serde_json::Value;
use std::collections::BTreeMap;

/// A section of an experiment file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// `[data]`
    Data,
    /// `[model]`
    Model,
    /// `[train]`
    Train,
    /// `[probe]`
    Probe,
    /// `[check]`, of `kind = "gradient_check"`
    Check,
    /// `[function]`, of `kind = "function"`
    Function,
}

impl Section {
    /// Every section with settings, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Data, Self::Model, Self::Train, Self::Probe, Self::Check, Self::Function];

    /// Its name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Model => "model",
            Self::Train => "train",
            Self::Probe => "probe",
            Self::Check => "check",
            Self::Function => "function",
        }
    }

    /// The only kind of experiment that has it; `None` if every kind with a network has it.
    pub fn kind(self) -> Option<ExperimentKind> {
        match self {
            Self::Data | Self::Model | Self::Train | Self::Probe => None,
            Self::Check => Some(ExperimentKind::GradientCheck),
            Self::Function => Some(ExperimentKind::Function),
        }
    }
}

/// The default of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// None: the file must contain the setting.
    Required,
    /// A value, written as in a file.
    Toml(&'static str),
    /// The output that matches the loss.
    FollowsLoss,
    /// The loss that matches the data set: cross-entropy for classes, half the squared error for numbers.
    FollowsTask,
    /// The split that matches the targets: stratified for classes, random for numbers.
    FollowsTargets,
    /// 32 samples, or the whole training set if it is smaller.
    FollowsData,
    /// The expected outcome of a check: the fault is caught if the run has one; otherwise the check passes.
    FollowsFault,
    /// None: the setting is absent.
    Absent,
}

/// Determines from the settings of a run whether one of them has an effect.
pub type HasEffect = fn(&BTreeMap<String, Value>) -> bool;

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name, which is also its key, column and plot label.
    pub name: &'static str,
    /// Its section in the file, if it is not an axis of `[grid]`.
    pub section: Section,
    /// The type of its values.
    pub kind: Kind,
    /// Its default.
    pub default: Default,
    /// Its meaning, with its unit.
    pub about: &'static str,
    /// The value that means "as before", written as in a file: the behaviour of a run before the setting existed. A
    /// run with this value keeps its earlier identity. `None` for a setting of the first version of the format.
    pub as_before: Option<&'static str>,
    /// Whether it has an effect in a run with these settings. If not, a later setting is as before.
    pub has_effect: HasEffect,
    /// Whether each of its values is valid independently of the other settings and the data. Planning then checks it
    /// in one combination for all.
    pub is_independent: bool,
}

/// The defaults that differ for kinds other than `train`.
const DEFAULTS_BY_KIND: &[(ExperimentKind, &str, Default)] = &[
    (ExperimentKind::GradientCheck, "epochs", Default::Toml("0")),
    (ExperimentKind::GradientCheck, "precision", Default::Toml("\"f64\"")),
    (ExperimentKind::Function, "activation", Default::Absent),
    (ExperimentKind::Function, "loss", Default::Absent),
];

impl Setting {
    /// Whether experiments of a kind have it. Functions have no network; they have only the settings that are
    /// functions.
    pub fn belongs_to(&self, kind: ExperimentKind) -> bool {
        match (kind, self.section.kind()) {
            (_, Some(only)) => kind == only,
            (ExperimentKind::Function, None) => ["activation", "loss"].contains(&self.name),
            (_, None) => true,
        }
    }

    /// A setting of the first version of the format, with an effect in every run.
    pub const fn new(
        name: &'static str,
        section: Section,
        kind: Kind,
        default: Default,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            section,
            kind,
            default,
            about,
            as_before: None,
            has_effect: |_| true,
            is_independent: false,
        }
    }

    /// A setting added later; see [`Setting::as_before`].
    #[must_use]
    pub const fn later(self, as_before: &'static str) -> Self {
        Self { as_before: Some(as_before), ..self }
    }

    /// A setting added later that has an effect only in some runs; see [`Setting::has_effect`].
    #[must_use]
    pub const fn with_effect(self, has_effect: HasEffect) -> Self {
        Self { has_effect, ..self }
    }

    /// A setting whose values are valid independently of the others; see [`Setting::is_independent`].
    #[must_use]
    pub const fn independent(self) -> Self {
        Self { is_independent: true, ..self }
    }

    /// The default for files of this kind.
    pub fn default_in(&self, kind: ExperimentKind) -> Default {
        let other = DEFAULTS_BY_KIND.iter().find(|(of, name, _)| (*of, *name) == (kind, self.name));
        other.map_or(self.default, |(.., default)| *default)
    }
}
