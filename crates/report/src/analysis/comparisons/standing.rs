//! How the best stands to another.

use chainrule_statistics::{LEVEL, MIN_PAIRS, Paired};

/// How the best stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is better.
    Better,
    /// It is worse, although the planned runs put it first.
    Worse,
    /// They differ by less than matters.
    Equivalent,
    /// Their results are the same, bit by bit.
    Identical,
    /// The runs do not tell.
    Undecided,
}

impl Standing {
    /// The word in tables and pages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Equivalent => "equivalent",
            Self::Identical => "identical",
            Self::Undecided => "undecided",
        }
    }
}

/// Equivalent where the whole interval lies within ±margin, however small p is: then the difference does not matter. Otherwise
/// better or worse where the adjusted p is at most 5 %. Fewer than six pairs tell nothing.
pub(in crate::analysis) fn standing(paired: &Paired, adjusted: Option<f64>, margin: Option<f64>) -> Standing {
    match adjusted {
        _ if paired.n < MIN_PAIRS => Standing::Undecided,
        _ if margin.is_some_and(|margin| paired.is_within(margin)) => Standing::Equivalent,
        Some(p) if p <= 1.0 - LEVEL => {
            if paired.leads {
                Standing::Better
            } else {
                Standing::Worse
            }
        }
        _ => Standing::Undecided,
    }
}
