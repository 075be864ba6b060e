//! The times at which probes measure.

use crate::word::WordOr;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// The times at which probes measure: always before the first step and at the end. In between, `"epoch"` measures at
/// every evaluated epoch, `"log"` after 1, 2, 4, 8, … steps, and a number n after every n steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// At every evaluated epoch.
    Epoch,
    /// After 1, 2, 4, 8, … steps.
    Log,
    /// After every so many steps; at least 1.
    Steps(u64),
}

impl Every {
    /// Whether probes measure after this many steps.
    pub fn is_due(self, step: u64) -> bool {
        match self {
            Self::Epoch => false,
            Self::Steps(every) => step.is_multiple_of(every),
            Self::Log => step.is_power_of_two(),
        }
    }
}

impl Serialize for Every {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Epoch => serializer.serialize_str("epoch"),
            Self::Log => serializer.serialize_str("log"),
            Self::Steps(steps) => serializer.serialize_u64(*steps),
        }
    }
}

impl<'de> Deserialize<'de> for Every {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match WordOr::<u64>::deserialize(deserializer)? {
            WordOr::Word(word) if word == "epoch" => Ok(Self::Epoch),
            WordOr::Word(word) if word == "log" => Ok(Self::Log),
            WordOr::Word(word) => Err(D::Error::custom(format!("`{word}` is not \"epoch\" or \"log\""))),
            WordOr::Value(0) => Err(D::Error::custom("the number of steps must be at least 1")),
            WordOr::Value(steps) => Ok(Self::Steps(steps)),
        }
    }
}
