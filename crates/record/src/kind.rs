//! The kinds of experiments.

use serde::{Deserialize, Serialize};

/// What the runs of an experiment do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExperimentKind {
    /// They train a network.
    Train,
    /// They compare gradients with finite differences.
    GradientCheck,
    /// They follow a function and its derivative: there is no network.
    Function,
}

impl ExperimentKind {
    /// Every one, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Train, Self::GradientCheck, Self::Function];

    /// The name in experiment files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::GradientCheck => "gradient_check",
            Self::Function => "function",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
