//! The relation of the best value to another, as described in the answer.

use crate::analysis::{Comparison, Comparisons, Judges, Standing};

/// The relation of the best value to another, as described in the answer.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Stance {
    Better,
    Worse,
    Equivalent,
    Identical,
    /// Undecided, and the other is ahead.
    Ahead,
    /// Undecided, and the other is not ahead.
    Open,
    /// Undecided, because these runs cannot judge.
    Unjudged,
}

impl Stance {
    pub(super) fn of(one: &Comparison, all: &Comparisons) -> Self {
        match one.standing {
            Standing::Better => Self::Better,
            Standing::Worse => Self::Worse,
            Standing::Equivalent => Self::Equivalent,
            Standing::Identical => Self::Identical,
            Standing::Undecided if one.paired.estimate.is_some_and(|estimate| estimate < 0.0) => Self::Ahead,
            Standing::Undecided if all.judges == Judges::Choosers => Self::Unjudged,
            Standing::Undecided if one.paired.n < all.fewest_seeds() => Self::Unjudged,
            Standing::Undecided => Self::Open,
        }
    }
}
