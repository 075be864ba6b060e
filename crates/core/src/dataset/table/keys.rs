//! The keys with which users override how a table is read.

use crate::registry::ParameterValue;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The words for the delimiter.
pub(in crate::dataset) const DELIMITERS: &[&str] = &["auto", "comma", "semicolon", "tab", "pipe", "blanks"];
/// The words for the quotation mark.
pub(in crate::dataset) const QUOTES: &[&str] = &["auto", "double", "single", "none"];
/// The words for missing cells.
pub(in crate::dataset) const MISSING: &[&str] = &["median", "drop", "indicator", "error"];
/// The words for a column.
pub(in crate::dataset) const COLUMNS: &[&str] = &["number", "decimal_comma", "category", "date", "ignore"];

/// The names of one or several columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ParameterValue", into = "ParameterValue")]
pub enum Names {
    /// One column.
    One(String),
    /// Several columns.
    Several(Vec<String>),
}

impl Names {
    /// The names.
    pub(super) fn all(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// Whether a table has a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ParameterValue", into = "ParameterValue")]
pub enum Header {
    /// `true` or `false`: the first row holds the names, or not.
    Known(bool),
    /// `"auto"`: the first row shows it.
    Word(String),
    /// The names, for a table without a header.
    Names(Vec<String>),
}

impl From<Names> for ParameterValue {
    fn from(names: Names) -> Self {
        match names {
            Names::One(name) => Self::Text(name),
            Names::Several(names) => Self::Texts(names),
        }
    }
}

impl TryFrom<ParameterValue> for Names {
    type Error = String;

    fn try_from(value: ParameterValue) -> Result<Self, String> {
        match value {
            ParameterValue::Text(name) => Ok(Self::One(name)),
            ParameterValue::Texts(names) => Ok(Self::Several(names)),
            other => Err(format!("{other} is not a column or a list of columns")),
        }
    }
}

impl TryFrom<ParameterValue> for Header {
    type Error = String;

    fn try_from(value: ParameterValue) -> Result<Self, String> {
        match value {
            ParameterValue::Flag(known) => Ok(Self::Known(known)),
            ParameterValue::Text(word) => Ok(Self::Word(word)),
            ParameterValue::Texts(names) => Ok(Self::Names(names)),
            other => Err(format!("{other} is not a header")),
        }
    }
}

impl From<Header> for ParameterValue {
    fn from(header: Header) -> Self {
        match header {
            Header::Known(known) => Self::Flag(known),
            Header::Word(word) => Self::Text(word),
            Header::Names(names) => Self::Texts(names),
        }
    }
}

/// All keys of a table. Each is documented at the item `csv`.
#[derive(Debug, Clone, Copy)]
pub(in crate::dataset) struct Keys<'a> {
    pub(in crate::dataset) target: &'a Names,
    pub(in crate::dataset) task: &'a str,
    pub(in crate::dataset) delimiter: &'a str,
    pub(in crate::dataset) quote: &'a str,
    pub(in crate::dataset) encoding: &'a str,
    pub(in crate::dataset) header: &'a Header,
    pub(in crate::dataset) missing: &'a str,
    pub(in crate::dataset) ignore: &'a [String],
    pub(in crate::dataset) keep: &'a [String],
    pub(in crate::dataset) columns: &'a BTreeMap<String, String>,
    pub(in crate::dataset) group: Option<&'a str>,
}
