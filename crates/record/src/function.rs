//! A function of one number.

use serde::{Deserialize, Serialize};

/// A function and its derivative over an interval, one column each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionCurve {
    /// The points.
    #[serde(with = "crate::exact")]
    pub x: Vec<f64>,
    /// The value at each point. Records of earlier versions have `None` for a value that is not finite.
    #[serde(with = "crate::exact")]
    pub value: Vec<Option<f64>>,
    /// The derivative at each point. Records of earlier versions have `None` for a derivative that is not finite.
    #[serde(with = "crate::exact")]
    pub derivative: Vec<Option<f64>>,
}
