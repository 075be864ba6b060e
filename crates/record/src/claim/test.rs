//! What a claim says of a number.

use super::Selection;
use crate::Better;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a claim says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimTest {
    /// Groups of runs from the first to the last: each is before the next, paired over the seeds.
    Order {
        /// At least two.
        arms: Vec<Selection>,
        /// Which direction is before: lower or higher.
        prefers: Better,
    },
    /// From each level of an axis to the next, the value falls or rises.
    Trend {
        /// Where it goes.
        direction: Direction,
        /// Over what.
        over: TrendAxis,
    },
    /// The mean, or the share, is on one side of a bound.
    Threshold {
        /// On which.
        side: Side,
        /// The bound.
        #[serde(with = "crate::exact")]
        bound: f64,
        /// Of the mean over the seeds, or of every run.
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

/// Where a trend goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Down.
    Falls,
    /// Up.
    Rises,
}

/// On which side of a bound, the bound included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// At least the bound.
    AtLeast,
    /// At most the bound.
    AtMost,
}

/// What a threshold is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// The mean over the seeds; the share of the runs for what is 0 or 1.
    Mean,
    /// Each run by itself.
    Every,
}

/// What a trend is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrendAxis {
    /// A setting of numbers, from the smallest to the largest.
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
