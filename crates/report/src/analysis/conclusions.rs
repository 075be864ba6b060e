//! The conclusions from the runs of an experiment.

use super::claims::{self, Verdict};
use super::comparisons::Comparisons;
use super::confirmation;
use super::runs::Runs;
use super::{compared, profiles, warnings};
use crate::results::Results;
use chainrule_record::{ExperimentInfo, RunRecord};
use std::ops::Deref;

/// More compared values cannot be distinguished in a plot.
const MAX_DRAWN: usize = 24;

/// The runs of an experiment and the conclusions from them. Everything that is shown is here, except the data of single
/// plots.
pub(crate) struct Analysis<'a> {
    runs: Runs<'a>,
    /// The compared values with recorded runs, ordered by their best configuration; with several data sets, ordered by
    /// mean rank.
    pub(crate) compared_ranking: Vec<usize>,
    /// The best compared value against each other value.
    pub(crate) comparisons: Option<Comparisons>,
    /// The verdicts on the claims, in the order of the file.
    pub(crate) verdicts: Vec<Verdict<'a>>,
    /// Warnings that the reader needs in order to judge the answer.
    pub(crate) warnings: Vec<String>,
}

impl<'a> Deref for Analysis<'a> {
    type Target = Runs<'a>;

    fn deref(&self) -> &Runs<'a> {
        &self.runs
    }
}

impl<'a> Analysis<'a> {
    /// Analyses the recorded runs. Warnings about the results themselves come first.
    pub(crate) fn of(results: &'a Results) -> Self {
        Self::concluded(Runs::of(results), &results.warnings)
    }

    /// Analyses the recorded planned runs.
    #[cfg(test)]
    pub(crate) fn new(info: &'a ExperimentInfo, records: &'a [RunRecord]) -> Self {
        Self::with_confirmation(info, records, &[])
    }

    /// Analyses the recorded planned runs, `records`, and the runs of chosen configurations on fresh seeds,
    /// `confirmation`.
    pub(crate) fn with_confirmation(
        info: &'a ExperimentInfo,
        records: &'a [RunRecord],
        confirmation: &'a [RunRecord],
    ) -> Self {
        Self::concluded(Runs::new(info, records, confirmation, false), &[])
    }

    /// Draws the conclusions, each from the runs and the earlier conclusions.
    fn concluded(runs: Runs<'a>, known: &[String]) -> Self {
        let spans_datasets = runs.spans_datasets();
        let compared_ranking = match spans_datasets {
            true => profiles::ranking(&runs),
            false => compared::ranking(&runs.compared, &runs.ranking),
        };
        let missing = confirmation::missing(&runs);
        let comparisons = Some(&compared_ranking).filter(|_| !spans_datasets);
        let comparisons = comparisons.and_then(|ranking| Comparisons::new(&runs, ranking, missing));
        let verdicts = claims::verdicts(&runs, missing);
        let warnings = warnings::warnings(&runs, &compared_ranking, missing);
        let warnings = known.iter().cloned().chain(warnings).collect();
        Self { runs, compared_ranking, comparisons, verdicts, warnings }
    }

    /// The compared values that plots show: the best of those with recorded runs, in the order of the file.
    pub(crate) fn drawn(&self) -> Vec<usize> {
        let mut drawn: Vec<usize> = self.compared_ranking.iter().copied().take(MAX_DRAWN).collect();
        drawn.sort_unstable();
        drawn
    }

    /// Whether any shown run is on a fresh seed.
    pub(crate) fn shows_fresh(&self) -> bool {
        self.info.confirm_seeds > 0
            && self.drawn().into_iter().any(|compared| self.judged(compared).is_some())
    }
}
