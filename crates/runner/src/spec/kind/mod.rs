//! The types of values that settings take.

mod read;

pub(crate) use read::example;
pub(super) use read::written;

use super::diagnostic::list;
use chainrule_core::registry::{self, Range};
use read::kind_of;
use serde_json::{Map, Value};

/// The largest integer in a TOML file.
const LARGEST: i128 = i64::MAX as i128;

/// The type of a setting's values.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A whole number from `min` to `max`.
    Whole {
        /// The minimum.
        min: u64,
        /// The maximum.
        max: u64,
    },
    /// A number in a range.
    Number(Range),
    /// `true` or `false`.
    Flag,
    /// One of several words.
    Choice(&'static [&'static str]),
    /// A special word, or a value of another type.
    WordOr(&'static str, &'static Kind),
    /// One of several words, or a value of another type.
    WordsOr(&'static [&'static str], &'static Kind),
    /// A list of items of a family, each without parameters and at most once.
    Items(fn() -> Vec<registry::Entry>),
    /// A text that is not empty.
    Text,
    /// A list of widths, each at least 1.
    Widths,
    /// Two numbers, the first smaller than the second.
    Pair,
    /// A matrix: rows of numbers, all of the same length.
    Rows,
    /// An item of a family.
    Family(fn() -> Vec<registry::Entry>),
    /// One weight matrix per layer.
    Matrices,
    /// One number for all layers, a list of numbers for each layer, or an item of a family.
    NumberListsOr(fn() -> Vec<registry::Entry>),
    /// A table with its own fields.
    Table(&'static Table),
    /// The name or the number of a column, or a list of them.
    Columns,
    /// `"auto"`, `true`, `false`, or a list of names.
    Header,
    /// A list of texts.
    Texts,
    /// A table of one of several words for any name.
    WordOfEach(&'static [&'static str]),
}

/// A table as the value of a setting.
#[derive(Debug)]
pub struct Table {
    /// Its fields.
    pub fields: &'static [Field],
    /// An example for messages.
    pub example: &'static str,
    /// Makes a short name for a value.
    pub label: fn(&Map<String, Value>) -> String,
}

/// A field of a table.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The type of its values.
    pub kind: Kind,
    /// The default as TOML; `None` if the field is required.
    pub default: Option<&'static str>,
    /// Its meaning.
    pub about: &'static str,
}

impl Kind {
    /// The expected values, for messages and the reference page.
    pub fn expected(&self) -> String {
        match self {
            Self::Whole { min, max } => {
                format!("a whole number from {min} to {}", (*max).min(LARGEST as u64))
            }
            Self::Number(range) if *range == Range::FINITE => "a finite number".to_owned(),
            Self::Number(range) => format!("a number in {range}"),
            Self::Flag => "true or false".to_owned(),
            Self::Choice(words) => format!("one of {}", list(words)),
            Self::WordOr(word, kind) => format!("\"{word}\", or {}", kind.expected()),
            Self::WordsOr(words, kind) => {
                let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
                format!("{}, or {}", words.join(", "), kind.expected())
            }
            Self::Items(entries) => {
                let names: Vec<_> = entries().iter().map(|entry| entry.name).collect();
                format!("a list of any of {}", list(&names))
            }
            Self::Text => "a non-empty string".to_owned(),
            Self::Pair => "two numbers in ascending order, such as [0.1, 0.9]".to_owned(),
            Self::Rows => "a list of rows of equal length, such as [[0, 1], [1, 0]]".to_owned(),
            Self::Widths => {
                "a list of widths, each a whole number of at least 1, such as [64, 32]".to_owned()
            }
            Self::Family(entries) => {
                let names: Vec<_> = entries().iter().map(|entry| entry.name).collect();
                format!("one of {}", list(&names))
            }
            Self::Matrices => "a matrix for each layer, with a row for each input".to_owned(),
            Self::NumberListsOr(entries) => {
                format!(
                    "a number, a list of numbers for each layer, or {}",
                    Self::Family(*entries).expected()
                )
            }
            Self::Table(table) => format!("a table such as {}", table.example),
            Self::Columns => "the name or the number of a column, or a list of them".to_owned(),
            Self::Header => "\"auto\", true, false, or a list of names".to_owned(),
            Self::Texts => "a list of texts".to_owned(),
            Self::WordOfEach(words) => format!("a table that gives columns one of {}", list(words)),
        }
    }

    /// Whether a range of numbers (`{ log = … }`) makes sense.
    pub fn is_numeric(&self) -> bool {
        match self {
            Self::Whole { .. } | Self::Number(_) => true,
            Self::WordOr(_, kind) | Self::WordsOr(_, kind) => kind.is_numeric(),
            _ => false,
        }
    }

    /// Whether its numbers are integers.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Self::Whole { .. } => true,
            Self::WordOr(_, kind) | Self::WordsOr(_, kind) => kind.is_whole(),
            _ => false,
        }
    }

    /// The fields, if the value is a table.
    pub fn table(&self) -> Option<&'static Table> {
        match self {
            Self::Table(table) => Some(table),
            Self::WordOr(_, kind) => kind.table(),
            _ => None,
        }
    }

    /// The type of a part: a field of a table, or `item.parameter` of a family. An empty `part` means the whole value.
    pub(super) fn part(&self, part: &str) -> Option<Kind> {
        match self {
            _ if part.is_empty() => Some(*self),
            Self::Table(table) => {
                table.fields.iter().find(|field| field.name == part).map(|field| field.kind)
            }
            Self::WordOr(_, kind) => kind.part(part),
            Self::Family(entries) | Self::NumberListsOr(entries) => {
                let (item, name) = part.split_once('.')?;
                let entry = entries().into_iter().find(|entry| entry.name == item)?;
                entry.parameters.iter().find(|parameter| parameter.name == name).map(kind_of)
            }
            _ => None,
        }
    }

    /// The nesting depth of a value's lists; `None` if no value is a list.
    pub(super) fn list_depth(&self) -> Option<usize> {
        match self {
            Self::Widths | Self::Items(_) | Self::Pair | Self::Columns | Self::Header | Self::Texts => {
                Some(1)
            }
            Self::NumberListsOr(_) => Some(2),
            Self::Matrices => Some(3),
            Self::WordOr(_, kind) => kind.list_depth(),
            _ => None,
        }
    }
}
