//! The parameters of an item: their values and allowed ranges.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A parameter of an item.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name in experiment files.
    pub name: &'static str,
    /// The documentation, line by line.
    pub doc: &'static [&'static str],
    /// The default value. A default outside the domain marks a required parameter.
    pub default: ParameterValue,
    /// The allowed values.
    pub domain: Domain,
}

impl Parameter {
    /// Whether a file must set it.
    pub fn is_required(&self) -> bool {
        !self.domain.contains(&self.default)
    }
}

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    /// A real number.
    Number(f64),
    /// A whole number.
    Integer(u64),
    /// `true` or `false`.
    Flag(bool),
    /// A word or a text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// A matrix, row by row.
    Rows(Vec<Vec<f64>>),
    /// A word for each of some names.
    WordOfEach(BTreeMap<String, String>),
}

impl fmt::Display for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value:?}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Flag(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::Rows(value) => write!(f, "{value:?}"),
            Self::Texts(value) => write!(f, "{value:?}"),
            Self::WordOfEach(value) => {
                let entries: Vec<_> =
                    value.iter().map(|(name, word)| format!("{name:?} = {word:?}")).collect();
                if entries.is_empty() { f.write_str("{}") } else { write!(f, "{{ {} }}", entries.join(", ")) }
            }
        }
    }
}

macro_rules! parameter_values {
    ($($variant:ident($type:ty)),*) => {
        $( impl From<$type> for ParameterValue {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        } )*
    };
}

parameter_values!(
    Number(f64),
    Integer(u64),
    Flag(bool),
    Text(String),
    Rows(Vec<Vec<f64>>),
    Texts(Vec<String>),
    WordOfEach(BTreeMap<String, String>)
);

/// The allowed values of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Domain {
    /// The numbers of an interval; whole numbers if the parameter is a whole number.
    Numbers(Range),
    /// `true` or `false`.
    Flag,
    /// One of some words.
    Words(&'static [&'static str]),
    /// A text that is not empty.
    Text,
    /// Rows of numbers, at least one, all of the same length, at least 1.
    Rows,
    /// The name or the number of a column, or a list of at least one of them.
    Columns,
    /// `"auto"`, `true`, `false`, or a list of names.
    Header,
    /// A list of texts, which may be empty.
    Texts,
    /// One of some words for each of any names.
    WordOfEach(&'static [&'static str]),
}

impl Domain {
    /// Whether `value` has the right type and is allowed.
    pub fn contains(&self, value: &ParameterValue) -> bool {
        match (self, value) {
            (Self::Numbers(range), ParameterValue::Number(value)) => range.contains(*value),
            (Self::Numbers(range), ParameterValue::Integer(value)) => range.contains(*value as f64),
            (Self::Flag, ParameterValue::Flag(_)) => true,
            (Self::Words(words), ParameterValue::Text(text)) => words.contains(&text.as_str()),
            (Self::Text, ParameterValue::Text(text)) => !text.trim().is_empty(),
            (Self::Rows, ParameterValue::Rows(rows)) => rows
                .first()
                .is_some_and(|first| !first.is_empty() && rows.iter().all(|row| row.len() == first.len())),
            (Self::Columns | Self::Header, ParameterValue::Texts(texts)) => !texts.is_empty(),
            (Self::Columns, ParameterValue::Text(text)) => !text.trim().is_empty(),
            (Self::Header, ParameterValue::Text(text)) => text == "auto",
            (Self::Header, ParameterValue::Flag(_)) | (Self::Texts, ParameterValue::Texts(_)) => true,
            (Self::WordOfEach(words), ParameterValue::WordOfEach(each)) => {
                each.values().all(|word| words.contains(&word.as_str()))
            }
            _ => false,
        }
    }
}

impl From<Range> for Domain {
    fn from(range: Range) -> Self {
        Self::Numbers(range)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers(range) => range.fmt(f),
            Self::Flag => f.write_str("true, false"),
            Self::Words(words) => f.write_str(&words.join(", ")),
            Self::Text => f.write_str("a string"),
            Self::Rows => f.write_str("rows of numbers"),
            Self::Columns => f.write_str("a column, or a list of columns"),
            Self::Header => f.write_str("auto, true, false, or a list of names"),
            Self::Texts => f.write_str("a list of texts"),
            Self::WordOfEach(words) => write!(f, "for each column one of {}", words.join(", ")),
        }
    }
}

/// An interval of finite numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lower end.
    pub min: f64,
    /// The upper end.
    pub max: f64,
    /// Whether the lower end itself is allowed.
    pub min_included: bool,
    /// Whether the upper end itself is allowed.
    pub max_included: bool,
}

impl Range {
    /// (−∞, ∞)
    pub const FINITE: Self =
        Self { min: f64::NEG_INFINITY, max: f64::INFINITY, min_included: false, max_included: false };
    /// (0, ∞)
    pub const POSITIVE: Self =
        Self { min: 0.0, max: f64::INFINITY, min_included: false, max_included: false };
    /// [0, ∞)
    pub const NON_NEGATIVE: Self = Self { min_included: true, ..Self::POSITIVE };
    /// [0, 1)
    pub const UNIT_BELOW_ONE: Self = Self { max: 1.0, ..Self::NON_NEGATIVE };

    /// [min, max]
    pub const fn closed(min: f64, max: f64) -> Self {
        Self { min, max, min_included: true, max_included: true }
    }

    /// [min, ∞)
    pub const fn at_least(min: f64) -> Self {
        Self { min, ..Self::NON_NEGATIVE }
    }

    /// Whether `value` is in the interval. NaN and the infinities never are.
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.min_included { value >= self.min } else { value > self.min };
        let below = if self.max_included { value <= self.max } else { value < self.max };
        value.is_finite() && above && below
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = if self.min_included { '[' } else { '(' };
        let close = if self.max_included { ']' } else { ')' };
        let end = |x: f64| match x.abs() {
            f64::INFINITY => if x < 0.0 { "-∞" } else { "∞" }.to_owned(),
            size if size == 0.0 || (1e-4..1e9).contains(&size) => x.to_string(),
            _ => format!("{x:e}"),
        };
        write!(f, "{open}{}, {}{close}", end(self.min), end(self.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_say_what_they_contain() {
        assert!(Range::POSITIVE.contains(1e-300) && !Range::POSITIVE.contains(0.0));
        assert!(!Range::POSITIVE.contains(f64::INFINITY) && !Range::NON_NEGATIVE.contains(f64::NAN));
        assert!(Range::UNIT_BELOW_ONE.contains(0.0) && !Range::UNIT_BELOW_ONE.contains(1.0));
        assert_eq!(Range::UNIT_BELOW_ONE.to_string(), "[0, 1)");
        assert_eq!(Range::POSITIVE.to_string(), "(0, ∞)");
        assert!(Range::FINITE.contains(f64::MIN) && !Range::FINITE.contains(f64::NEG_INFINITY));
        assert_eq!(Range::FINITE.to_string(), "(-∞, ∞)");
        assert_eq!(Range::closed(-1.0, 0.5).to_string(), "[-1, 0.5]");
        assert_eq!(Range::closed(1e-30, 1e7).to_string(), "[1e-30, 10000000]");
    }
}
