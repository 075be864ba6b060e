//! All configurations at once: parallel coordinates.

use super::Analysis;

/// With fewer varying settings, the map of the final metric shows everything.
const LEAST_FACTORS: usize = 3;

/// One axis for each setting that varies, and one for the deciding metric.
pub(crate) struct Parallel {
    /// The settings that vary, in the order of the file, with the compared setting first.
    pub(crate) factors: Vec<usize>,
    /// The configurations, best first.
    pub(crate) configurations: Vec<usize>,
}

impl Parallel {
    /// `None` if a map shows the same, or if the deciding metric was not measured.
    pub(crate) fn new(analysis: &Analysis) -> Option<Self> {
        let grid = &analysis.grid;
        let varies = |factor: &usize| grid.factors[*factor].levels.len() > 1;
        let is_own = |factor: &usize| !analysis.follows_compared(*factor);
        let others = grid.others(grid.compare.as_slice()).filter(is_own);
        let factors: Vec<usize> = grid.compare.into_iter().chain(others).filter(varies).collect();
        let measured = |index: &usize| {
            analysis.configurations[*index].final_metric(analysis.info.metric).median.is_some()
        };
        let shown = factors.len() >= LEAST_FACTORS && analysis.ranking.iter().any(measured);
        shown.then(|| Self { factors, configurations: analysis.ranking.clone() })
    }
}
