//! What a claim is about.

use super::{LayerMetric, RunMetric};
use crate::{Better, Quantity};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A number of each run that claims can be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One of the whole run.
    Run(RunMetric),
    /// One of a layer.
    Layer {
        /// Which number.
        metric: LayerMetric,
        /// Of which layer; `None` where a trend is over all of them.
        layer: Option<LayerChoice>,
        /// Measured when.
        at: Measured,
    },
    /// One of a traced step.
    Traced {
        /// Which number.
        quantity: Quantity,
        /// Of which step, counted from 0.
        step: u64,
    },
}

impl Subject {
    /// The name in experiment files.
    pub fn name(&self) -> String {
        match self {
            Self::Run(metric) => metric.name().to_owned(),
            Self::Layer { metric, .. } => metric.name().to_owned(),
            Self::Traced { quantity, .. } => quantity.to_string(),
        }
    }

    /// Which direction is better; `None` where neither is.
    pub fn better(&self) -> Option<Better> {
        match self {
            Self::Run(metric) => Some(metric.better()),
            Self::Layer { .. } | Self::Traced { .. } => None,
        }
    }

    /// Whether it is 0 or 1, so that its mean is a share.
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
    /// First of all: before training.
    Start,
    /// Of the parameters that the run kept.
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
    /// Counted from 1 at the input.
    Number(u64),
    /// The one before the output.
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
