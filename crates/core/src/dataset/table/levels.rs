//! The different texts of a column.

use super::cell::{Cell, number};
use std::cmp::Ordering;
use std::collections::HashMap;

/// The most levels of a column that are kept, unless the user asks for them.
pub(super) const MAX_LEVELS: usize = 1000;

/// The different texts of a column with their counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Levels {
    counts: HashMap<Box<[u8]>, usize>,
    /// The most texts that are kept.
    most: usize,
    /// Whether there are more.
    pub(super) overflows: bool,
}

impl Levels {
    pub(super) fn at_most(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Adds a text, unless there were too many.
    pub(super) fn see(&mut self, text: &[u8]) {
        if self.overflows {
            return;
        }
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else if self.counts.len() < self.most {
            self.counts.insert(text.into(), 1);
        } else {
            self.overflows = true;
        }
    }

    /// The texts that are not missing, as [`level`] says.
    pub(super) fn without_missing(mut self, has_plus: bool) -> Self {
        self.counts.retain(|text, _| level(text, has_plus).is_some());
        self
    }

    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    /// All texts with their counts: numbers in numeric order, others in the order of their letters.
    pub(super) fn in_order(&self) -> Vec<(&[u8], usize)> {
        let mut levels: Vec<(&[u8], usize)> =
            self.counts.iter().map(|(text, count)| (&**text, *count)).collect();
        let are_numbers = levels.iter().all(|(text, _)| number(text).is_some());
        levels.sort_by(|(a, _), (b, _)| if are_numbers { by_number(a, b) } else { a.cmp(b) });
        levels
    }
}

fn by_number(a: &[u8], b: &[u8]) -> Ordering {
    let (x, y) = (number(a).unwrap_or(f64::NAN), number(b).unwrap_or(f64::NAN));
    x.partial_cmp(&y).unwrap_or(Ordering::Equal).then_with(|| a.cmp(b))
}

/// The text of a cell as a level; `None` if it is missing. A lone `-` is missing too, unless there is a `+`.
pub(super) fn level(cell: &[u8], has_plus: bool) -> Option<&[u8]> {
    match Cell::of(cell) {
        Cell::Missing => None,
        Cell::Weak(b"-") if !has_plus => None,
        _ => Some(cell.trim_ascii()),
    }
}

/// A number as a key. −0 is 0.
pub(super) fn key(number: f64) -> u64 {
    (number + 0.0).to_bits()
}
