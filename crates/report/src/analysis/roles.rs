//! The role of each setting that varies.

use super::{Analysis, tuning};

/// Why a setting varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Its values are compared.
    Compared,
    /// Its best value is chosen for each compared value, as the experiment asks.
    Tuned,
    /// Each combination of its values is a separate problem.
    Problem,
    /// Each data set is a separate problem without a common scale.
    Dataset,
    /// The experiment does not specify a role; the best value is shown.
    Free,
}

/// The role of a factor.
pub(crate) fn role(analysis: &Analysis, factor: usize) -> Role {
    let (info, grid) = (analysis.info, &analysis.grid);
    if grid.compare == Some(factor) {
        Role::Compared
    } else if analysis.spans_datasets() && grid.datasets() == Some(factor) {
        Role::Dataset
    } else if tuning::is_tuned(info, grid, factor) {
        Role::Tuned
    } else if info.problems.contains(&grid.factors[factor].setting) {
        Role::Problem
    } else {
        Role::Free
    }
}
