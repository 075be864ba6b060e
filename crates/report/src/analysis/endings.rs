//! Counts runs by stop reason.

use super::{Analysis, Compared};
use chainrule_record::StopReason;

/// The number of runs per stop reason.
#[derive(Debug, PartialEq)]
pub(crate) struct Endings {
    /// The reasons that occur, in the order of their documentation.
    pub(crate) reasons: Vec<StopReason>,
    /// The number of runs per reason.
    pub(crate) all: Vec<usize>,
    /// The same for each compared value, over all its configurations.
    pub(crate) by_compared: Vec<Vec<usize>>,
}

impl Endings {
    /// Counts the recorded runs.
    pub(crate) fn new(analysis: &Analysis) -> Self {
        let mut reasons: Vec<StopReason> = analysis.records.iter().map(|run| run.stop).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let count = |compared: &Compared| {
            let mut counts = vec![0; reasons.len()];
            let runs = compared.configurations.iter().flat_map(|index| &analysis.configurations[*index].runs);
            runs.filter_map(|run| reasons.binary_search(&run.stop).ok())
                .for_each(|reason| counts[reason] += 1);
            counts
        };
        let by_compared: Vec<Vec<usize>> = analysis.compared.iter().map(count).collect();
        let all = (0..reasons.len()).map(|reason| by_compared.iter().map(|counts| counts[reason]).sum());
        Self { all: all.collect(), reasons, by_compared }
    }
}
