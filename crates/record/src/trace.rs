//! All numbers of a training step, and the syntax that names one of them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// All numbers of a training step, for networks that fit on a blackboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TracedStep {
    /// The step, counted from 0.
    pub step: u64,
    /// Its learning rate.
    #[serde(with = "crate::exact")]
    pub learning_rate: f64,
    /// Matrices by name, row by row: `input`, `weights1`, `pre_activation1`, `delta1`, `weight_gradient1`, …
    #[serde(with = "crate::exact")]
    pub matrices: BTreeMap<String, Vec<Vec<f64>>>,
}

impl TracedStep {
    /// The number that a quantity names; `None` if the matrix or the entry does not exist.
    pub fn value(&self, quantity: &Quantity) -> Option<f64> {
        let matrix = self.matrices.get(&quantity.name)?;
        let [row, column] = match quantity.indices.as_slice() {
            [column] if matrix.len() == 1 => [Index::At(1), *column],
            [row] if matrix.iter().all(|entries| entries.len() == 1) => [*row, Index::At(1)],
            [row, column] => [*row, *column],
            _ => return None,
        };
        let rows = row.select(matrix)?;
        let entries: Option<Vec<&[f64]>> = rows.iter().map(|entries| column.select(entries)).collect();
        Some(entries?.concat().iter().sum())
    }
}

/// A number of a traced step: the name of a matrix and the position in it, with row and column counted from 1, as in
/// `weight_gradient1[1,2]`. A matrix with one row or one column needs one index: `biases1[2]`. `*` means the sum over
/// all entries: `weight_gradient1[*,*]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Quantity {
    name: String,
    indices: Vec<Index>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    At(usize),
    All,
}

impl Index {
    /// The items to sum; `None` if the item does not exist.
    fn select<T>(self, items: &[T]) -> Option<&[T]> {
        match self {
            Self::All => Some(items),
            Self::At(index) => items.get(index.checked_sub(1)?..index),
        }
    }
}

/// The matrices of a traced step, and whether their name ends in a number, of the layer or of the sample.
const NAMES: [(&str, bool); 19] = [
    ("input", false),
    ("target", false),
    ("output", false),
    ("loss", false),
    ("output_gradient", false),
    ("output_jacobian", true),
    ("weights", true),
    ("biases", true),
    ("learnt", true),
    ("pre_activation", true),
    ("activation", true),
    ("derivative", true),
    ("delta", true),
    ("weight_gradient", true),
    ("bias_gradient", true),
    ("learnt_gradient", true),
    ("new_weights", true),
    ("new_biases", true),
    ("new_learnt", true),
];

impl Quantity {
    /// Checks that a traced step can have a matrix with this name: a known one, followed by a number if it needs one.
    ///
    /// # Errors
    /// The known names.
    pub fn check_name(&self) -> Result<(), Vec<String>> {
        let base = self.name.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = &self.name[base.len()..];
        let is_known = |(name, numbered): &(&str, bool)| {
            *name == base
                && if *numbered { !number.is_empty() && !number.starts_with('0') } else { number.is_empty() }
        };
        match NAMES.iter().any(is_known) {
            true => Ok(()),
            false => Err(NAMES
                .iter()
                .map(|(name, numbered)| if *numbered { format!("{name}1") } else { (*name).to_owned() })
                .collect()),
        }
    }

    /// The name of the matrix.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl std::str::FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            format!(
                "`{text}` is not a number of a step; expected a name and indices, as in weight_gradient1[1,2]"
            )
        };
        let (name, places) =
            text.trim().strip_suffix(']').and_then(|text| text.split_once('[')).ok_or_else(expected)?;
        let index = |text: &str| match text.trim() {
            "*" => Some(Index::All),
            number => number.parse().ok().filter(|&index| index > 0).map(Index::At),
        };
        let indices: Option<Vec<Index>> = places.split(',').map(index).collect();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match indices {
            Some(indices) if is_name && indices.len() <= 2 => Ok(Self { name: name.to_owned(), indices }),
            _ => Err(expected()),
        }
    }
}

impl TryFrom<String> for Quantity {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> Self {
        quantity.to_string()
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let index = |index: &Index| match index {
            Index::At(index) => index.to_string(),
            Index::All => "*".to_owned(),
        };
        let indices: Vec<_> = self.indices.iter().map(index).collect();
        write!(f, "{}[{}]", self.name, indices.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step() -> TracedStep {
        let matrices = [
            ("weights1".to_owned(), vec![vec![1.0, 2.0], vec![4.0, 8.0]]),
            ("biases1".to_owned(), vec![vec![16.0, 32.0]]),
            ("loss".to_owned(), vec![vec![64.0], vec![128.0]]),
        ];
        TracedStep { step: 0, learning_rate: 1.0, matrices: matrices.into() }
    }

    #[test]
    fn quantities_name_entries_and_sums() {
        for (text, expected) in [
            ("weights1[1,2]", Some(2.0)),
            ("weights1[ 2 , 1 ]", Some(4.0)),
            ("weights1[2,*]", Some(12.0)),
            ("weights1[*,1]", Some(5.0)),
            ("weights1[*,*]", Some(15.0)),
            ("biases1[2]", Some(32.0)),
            ("biases1[1,1]", Some(16.0)),
            ("loss[2]", Some(128.0)),
            ("loss[*]", Some(192.0)),
            ("weights1[1]", None),
            ("weights1[3,1]", None),
            ("weights1[1,3]", None),
            ("weights2[1,1]", None),
        ] {
            let quantity: Quantity = text.parse().unwrap();
            assert_eq!(step().value(&quantity), expected, "{text}");
            assert_eq!(quantity.to_string().parse::<Quantity>().unwrap(), quantity);
        }
    }

    #[test]
    fn names_are_those_of_a_step() {
        let check = |text: &str| text.parse::<Quantity>().unwrap().check_name();
        for name in
            ["input[1]", "weights1[1,1]", "output_jacobian12[1,1]", "new_biases2[1]", "new_learnt1[2]"]
        {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in ["inputs[1]", "input1[1]", "weights[1,1]", "weights0[1,1]", "weight1[1,1]"] {
            assert!(check(name).unwrap_err().contains(&"weights1".to_owned()), "{name}");
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in
            ["", "loss", "loss[", "loss]", "loss[]", "loss[0]", "loss[-1]", "loss[1,2,3]", "[1]", "a b[1]"]
        {
            assert!(text.parse::<Quantity>().unwrap_err().contains("weight_gradient1[1,2]"), "{text}");
        }
    }
}
