//! The metrics that experiments compare.

use crate::named::named;
use serde::{Deserialize, Serialize};

/// Which direction of a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Smaller is better, as for losses.
    Lower,
    /// Larger is better, as for accuracies.
    Higher,
}

named! {
    /// A number measured on a whole training or validation set.
    pub enum Metric {
        /// Mean loss per training sample.
        TrainLoss = "train_loss",
        /// Fraction of training samples classified correctly.
        TrainAccuracy = "train_accuracy",
        /// Mean loss per validation sample.
        ValidationLoss = "validation_loss",
        /// Fraction of validation samples classified correctly.
        ValidationAccuracy = "validation_accuracy",
    }
}

impl Metric {
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

    /// Whether this is a loss: positive, and clearest on a logarithmic axis.
    pub fn is_loss(self) -> bool {
        matches!(self, Self::TrainLoss | Self::ValidationLoss)
    }
}
