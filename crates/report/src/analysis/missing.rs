//! Runs that are not on record.

/// How many runs that judge or choose are not on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The planned runs that are missing.
    pub(crate) planned: usize,
    /// The runs on fresh seeds that are on record.
    pub(crate) recorded: usize,
    /// The runs on fresh seeds that the chosen configurations should have.
    pub(crate) expected: usize,
}

impl Missing {
    /// How many runs on fresh seeds are missing.
    pub(crate) fn fresh(self) -> usize {
        self.expected.saturating_sub(self.recorded)
    }
}
