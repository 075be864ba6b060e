//! Counts runs by stop reason.

use super::Analysis;
use chainrule_record::{RunRecord, StopReason};

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
        let compared = |run: &RunRecord| {
            let levels = analysis.grid.locate(&run.spec);
            analysis.grid.compare.and_then(|factor| levels.get(factor).copied()).unwrap_or_default()
        };
        let mut by_compared = vec![vec![0; reasons.len()]; analysis.compared.len()];
        for run in analysis.records {
            let counts = by_compared.get_mut(compared(run));
            if let (Some(counts), Ok(reason)) = (counts, reasons.binary_search(&run.stop)) {
                counts[reason] += 1;
            }
        }
        let all = (0..reasons.len()).map(|reason| by_compared.iter().map(|counts| counts[reason]).sum());
        Self { all: all.collect(), reasons, by_compared }
    }
}
