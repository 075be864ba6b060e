//! The statement of a claim about a number.

use super::Selection;
use crate::Better;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The statement of a claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimTest {
    /// Groups of runs in order: each group comes before the next, paired over the seeds.
    Order {
        /// At least two.
        arms: Vec<Selection>,
        /// Whether the lower or the higher value comes first.
        prefers: Better,
    },
    /// The value falls or rises from each level of an axis to the next.
    Trend {
        /// The direction.
        direction: Direction,
        /// The axis.
        over: TrendAxis,
    },
    /// The mean, or the fraction, is on one side of a bound.
    Threshold {
        /// The side.
        side: Side,
        /// The bound.
        #[serde(with = "crate::exact")]
        bound: f64,
        /// Whether the bound applies to the mean over the seeds or to every run.
        of: Extent,
    },
    /// Every run has this value.
    Equals {
        /// The value.
        #[serde(with = "crate::exact")]
        value: f64,
        /// The largest difference that counts as equal.
        #[serde(with = "crate::exact")]
        tolerance: f64,
    },
}

/// The direction of a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Down.
    Falls,
    /// Up.
    Rises,
}

/// The side of a bound. The bound itself is included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// At least the bound.
    AtLeast,
    /// At most the bound.
    AtMost,
}

/// The values that a threshold applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// The mean over the seeds; for a value of 0 or 1, the fraction of the runs.
    Mean,
    /// Each single run.
    Every,
}

/// The axis of a trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrendAxis {
    /// A numeric setting, from the smallest value to the largest.
    Setting(String),
    /// The number of hidden layers.
    Depth,
    /// The layers of each network, from the input to the output.
    Layer,
}

impl fmt::Display for TrendAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Setting(setting) => setting,
            Self::Depth => "depth",
            Self::Layer => "layer",
        })
    }
}
