//! Runs that are not recorded.

/// The numbers of runs that choose or judge and are not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The planned runs that are missing.
    pub(crate) planned: usize,
    /// The recorded runs on fresh seeds.
    pub(crate) recorded: usize,
    /// The runs on fresh seeds that the chosen configurations should have.
    pub(crate) expected: usize,
}

impl Missing {
    /// The number of missing runs on fresh seeds.
    pub(crate) fn fresh(self) -> usize {
        self.expected.saturating_sub(self.recorded)
    }
}
