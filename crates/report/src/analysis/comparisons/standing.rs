//! The result of comparing the best with another value.

use chainrule_statistics::{LEVEL, MIN_PAIRS, Paired};

/// How the best compares with another value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is better.
    Better,
    /// It is worse, although it is first by the planned runs.
    Worse,
    /// The difference is too small to matter.
    Equivalent,
    /// Their results are equal bit by bit.
    Identical,
    /// The runs do not decide.
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

/// Equivalent if the whole interval is within ±margin, however small p is: then the difference does not matter.
/// Otherwise better or worse if the adjusted p is at most 5 %. Fewer than six pairs are always undecided.
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
