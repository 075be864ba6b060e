//! The metrics that experiments compare.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Which direction of a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Smaller is better, as for losses.
    Lower,
    /// Larger is better, as for accuracies.
    Higher,
}

/// A number measured on a whole part of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Mean loss of a training sample.
    TrainLoss,
    /// Share of training samples classified right.
    TrainAccuracy,
    /// Mean loss of a validation sample.
    ValidationLoss,
    /// Share of validation samples classified right.
    ValidationAccuracy,
}

impl Metric {
    /// Every metric, in the order of the documentation.
    pub const ALL: [Self; 4] =
        [Self::TrainLoss, Self::TrainAccuracy, Self::ValidationLoss, Self::ValidationAccuracy];

    /// The name in experiment files and columns.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrainLoss => "train_loss",
            Self::TrainAccuracy => "train_accuracy",
            Self::ValidationLoss => "validation_loss",
            Self::ValidationAccuracy => "validation_accuracy",
        }
    }

    /// The metric of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// The label of a plot's axis.
    pub fn label(self) -> &'static str {
        match self {
            Self::TrainLoss => "training loss",
            Self::TrainAccuracy => "training accuracy",
            Self::ValidationLoss => "validation loss",
            Self::ValidationAccuracy => "validation accuracy",
        }
    }

    /// Which direction is better.
    pub fn better(self) -> Better {
        if self.is_loss() { Better::Lower } else { Better::Higher }
    }

    /// Whether this is a loss: positive, and best read on a logarithmic axis.
    pub fn is_loss(self) -> bool {
        matches!(self, Self::TrainLoss | Self::ValidationLoss)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
