//! How a table was read: every decision, for people.

use serde::{Deserialize, Serialize};

/// How a table was read. It is plain data; a report shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The path of the file, as the experiment gives it.
    pub file: String,
    /// `CSV` or `ARFF`.
    pub format: String,
    /// The encoding of the text.
    pub encoding: String,
    /// The word for the delimiter.
    pub delimiter: String,
    /// The word for the quotation mark.
    pub quote: String,
    /// Whether the first row holds the names.
    pub has_header: bool,
    /// Rows of data in the file: those used, and those left out.
    pub rows: u64,
    /// Rows that became samples.
    pub used: u64,
    /// Rows that were left out, by reason.
    pub left_out: Vec<LeftOut>,
    /// The target.
    pub target: TargetReading,
    /// All columns, in the order of the file.
    pub columns: Vec<ColumnReading>,
    /// Sentences about columns to check.
    pub warnings: Vec<String>,
}

/// Rows that were left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Why.
    pub reason: String,
    /// How many.
    pub rows: u64,
}

/// The target of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetReading {
    /// The names of its columns.
    pub names: Vec<String>,
    /// `classes` or `regression`.
    pub task: String,
    /// Why it is this task.
    pub reason: String,
    /// The key that changes the task.
    pub key: String,
    /// The classes with their samples, in their order; empty for regression.
    pub classes: Vec<ClassCount>,
    /// Minimum, mean and maximum of each target of a regression; empty for classes.
    pub ranges: Vec<[f64; 3]>,
    /// The score of guessing over all samples: the fraction of the most common class, or for each target of a
    /// regression the standard deviation, which is the root-mean-square error of its mean.
    pub guessing: Vec<f64>,
}

/// A class and its number of samples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassCount {
    /// The class.
    pub name: String,
    /// Its samples.
    pub samples: u64,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnReading {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: ColumnKind,
    /// Missing cells in the file.
    pub missing: u64,
    /// The number of inputs that it became; 0 if it is left out.
    pub inputs: u64,
    /// The first levels of a category.
    pub levels: Vec<String>,
    /// The number of levels of a category.
    pub level_count: u64,
    /// Why it is left out or treated so; empty if its kind says enough.
    pub reason: String,
    /// The key that changes the decision; empty if there is none.
    pub key: String,
}

/// The kind of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Numbers.
    Number,
    /// 0 and 1, or true and false.
    Indicator,
    /// A few different texts.
    Category,
    /// Dates.
    Date,
    /// A different text in nearly every row.
    Text,
    /// Numbers that count or name the rows.
    Id,
    /// The same value in every row.
    Constant,
    /// No value in any row.
    Empty,
    /// Left out by the user.
    Ignored,
    /// The target.
    Target,
    /// The groups that no split divides.
    Group,
}
