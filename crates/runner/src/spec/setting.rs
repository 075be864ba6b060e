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

    /// The kind of experiment that alone has it; `None` where every network has it.
    pub fn kind(self) -> Option<ExperimentKind> {
        match self {
            Self::Data | Self::Model | Self::Train | Self::Probe => None,
            Self::Check => Some(ExperimentKind::GradientCheck),
            Self::Function => Some(ExperimentKind::Function),
        }
    }
}

/// What stands where a file says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// Nothing: the file must say.
    Required,
    /// A value, as it would be written.
    Toml(&'static str),
    /// The output that goes with the loss.
    FollowsLoss,
    /// The loss that goes with the data set: cross-entropy for classes, half the squared error for numbers.
    FollowsTask,
    /// 32 samples, or the training set where that is smaller.
    FollowsData,
    /// What a check is expected to say: that it caught the fault, where the run has one, or else that it passed.
    FollowsFault,
    /// Nothing: the setting stays away.
    Absent,
}

/// Tells from the settings of a run whether one of them has an effect in it.
pub type HasEffect = fn(&BTreeMap<String, Value>) -> bool;

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name: key, column and plot label.
    pub name: &'static str,
    /// The section it stands in, where it is not an axis of `[grid]`.
    pub section: Section,
    /// What values it takes.
    pub kind: Kind,
    /// What stands where a file says nothing.
    pub default: Default,
    /// What it means, with its unit.
    pub about: &'static str,
    /// The value that means "as before", as it would be written: what a run did before there was this setting. A run with
    /// it keeps the identity that it had then. `None` for a setting of the first version of the format.
    pub as_before: Option<&'static str>,
    /// Whether it has an effect in a run with these settings. Where it has none, a setting that came later is as before.
    pub has_effect: HasEffect,
    /// Whether each of its values is right by itself, whatever the other settings and the data: planning then looks at it
    /// in one combination for all.
    pub is_independent: bool,
}

/// What stands where a file of another kind than `train` says nothing, where that is something else.
const DEFAULTS_BY_KIND: &[(ExperimentKind, &str, Default)] = &[
    (ExperimentKind::GradientCheck, "epochs", Default::Toml("0")),
    (ExperimentKind::GradientCheck, "precision", Default::Toml("\"f64\"")),
    (ExperimentKind::Function, "activation", Default::Absent),
    (ExperimentKind::Function, "loss", Default::Absent),
];

impl Setting {
    /// Whether experiments of a kind have it. Functions have no network: of its settings they take what is a function.
    pub fn belongs_to(&self, kind: ExperimentKind) -> bool {
        match (kind, self.section.kind()) {
            (_, Some(only)) => kind == only,
            (ExperimentKind::Function, None) => ["activation", "loss"].contains(&self.name),
            (_, None) => true,
        }
    }

    /// A setting of the first version of the format, which has an effect in every run.
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

    /// A setting that came later: see [`Setting::as_before`].
    #[must_use]
    pub const fn later(self, as_before: &'static str) -> Self {
        Self { as_before: Some(as_before), ..self }
    }

    /// A setting that came later and has an effect in some runs alone: see [`Setting::has_effect`].
    #[must_use]
    pub const fn with_effect(self, has_effect: HasEffect) -> Self {
        Self { has_effect, ..self }
    }

    /// A setting whose values are right whatever the others are: see [`Setting::is_independent`].
    #[must_use]
    pub const fn independent(self) -> Self {
        Self { is_independent: true, ..self }
    }

    /// What stands where a file of this kind says nothing.
    pub fn default_in(&self, kind: ExperimentKind) -> Default {
        let other = DEFAULTS_BY_KIND.iter().find(|(of, name, _)| (*of, *name) == (kind, self.name));
        other.map_or(self.default, |(.., default)| *default)
    }
}
