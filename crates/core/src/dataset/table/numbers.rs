//! The numbers of a table without texts, kept from the first reading so that it is the only one.

use super::roles::Roles;
use super::structure::Table;
use crate::dataset::features::{Collector, NoRoom};

/// The numbers of all rows that have a target. A missing number is NaN.
#[derive(Debug)]
pub(super) struct Numbers {
    /// For each column: whether it is a target.
    is_target: Vec<bool>,
    /// All other columns, row by row.
    pub(super) features: Collector,
    /// The target columns, row by row, in the order of the file.
    pub(super) targets: Vec<f64>,
    row: Vec<f64>,
    target_row: Vec<f64>,
    pub(super) without_target: usize,
}

impl Numbers {
    pub(super) fn new(table: &Table<'_>, roles: &Roles) -> Self {
        let mut is_target = vec![false; table.columns.len()];
        roles.targets.iter().for_each(|&column| is_target[column] = true);
        let lines = 1 + line_ends(table.cells.text.as_bytes());
        let width = is_target.iter().filter(|is_target| !**is_target).count();
        let features = Collector::new(width.saturating_mul(lines));
        let (row, target_row) = (Vec::with_capacity(width), Vec::new());
        Self { is_target, features, targets: Vec::new(), row, target_row, without_target: 0 }
    }

    pub(super) fn see(&mut self, column: usize, number: f64) {
        if self.is_target[column] { &mut self.target_row } else { &mut self.row }.push(number);
    }

    /// Ends a row.
    pub(super) fn end_row(&mut self) -> Result<(), NoRoom> {
        if self.target_row.iter().any(|y| y.is_nan()) {
            self.without_target += 1;
        } else {
            self.targets.append(&mut self.target_row);
            self.row.iter().try_for_each(|&x| self.features.push(x))?;
        }
        self.target_row.clear();
        self.row.clear();
        Ok(())
    }
}

/// The number of line ends, which bounds the number of rows. Short blocks are counted in bytes, many at once.
fn line_ends(text: &[u8]) -> usize {
    let in_block = |block: &[u8]| block.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>();
    text.chunks(usize::from(u8::MAX)).map(|block| usize::from(in_block(block))).sum()
}
