//! The subject of a claim.

use super::{LayerMetric, RunMetric};
use crate::{Better, Quantity};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number of each run that a claim can be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A metric of the whole run.
    Run(RunMetric),
    /// A metric of a layer.
    Layer {
        /// The metric.
        metric: LayerMetric,
        /// The layer; `None` if a trend runs over all layers.
        layer: Option<LayerChoice>,
        /// When it was measured.
        at: Measured,
    },
    /// A number of a traced step.
    Traced {
        /// The number.
        quantity: Quantity,
        /// The step, counted from 0.
        step: u64,
    },
}

impl Subject {
    /// Its name in experiment files.
    pub fn name(&self) -> String {
        match self {
            Self::Run(metric) => metric.name().to_owned(),
            Self::Layer { metric, .. } => metric.name().to_owned(),
            Self::Traced { quantity, .. } => quantity.to_string(),
        }
    }

    /// Which direction is better; `None` if neither is.
    pub fn better(&self) -> Option<Better> {
        match self {
            Self::Run(metric) => Some(metric.better()),
            Self::Layer { .. } | Self::Traced { .. } => None,
        }
    }

    /// Whether it is 0 or 1, so that its mean is a fraction.
    pub fn is_flag(&self) -> bool {
        matches!(self, Self::Run(RunMetric::ReachesTarget | RunMetric::Diverged | RunMetric::PassesCheck))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(metric) => f.write_str(metric.name()),
            Self::Layer { metric, layer: None, at } => write!(f, "{}{}", metric.name(), at.words()),
            Self::Layer { metric, layer: Some(layer), at } => {
                write!(f, "{} of {layer}{}", metric.name(), at.words())
            }
            Self::Traced { quantity, step } => write!(f, "{quantity} of step {step}"),
        }
    }
}

/// When a number of a layer was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// At the first measurement, before training.
    Start,
    /// With the parameters that the run kept.
    End,
}

impl Measured {
    fn words(self) -> &'static str {
        match self {
            Self::Start => " before training",
            Self::End => "",
        }
    }
}

/// A layer of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerChoice {
    /// By its number, counted from 1 at the input.
    Number(u64),
    /// The last layer, which produces the output.
    Last,
}

impl fmt::Display for LayerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "layer {number}"),
            Self::Last => f.write_str("the last layer"),
        }
    }
}
