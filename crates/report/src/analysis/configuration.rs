//! Summarizes the runs of a configuration.

use super::grid::Grid;
use super::observation::{fingerprint, observed};
use super::run::{FINALS, epochs_to_target, final_value, outcome, place};
use super::spread::Spread;
use chainrule_record::{Better, Digest, Metric, RunMetric, RunRecord, StopReason};
use indexmap::IndexMap;
use std::cmp::Ordering;
use std::collections::HashSet;

/// One value for every setting that varies and is not a task. The runs differ only in seed and task.
pub(crate) struct Configuration<'a> {
    /// The level of each factor.
    pub(crate) levels: Vec<usize>,
    /// The recorded runs. Runs of one observation are adjacent; otherwise they are in plan order.
    pub(crate) runs: Vec<&'a RunRecord>,
    /// The end index of each observation's runs.
    ends: Vec<usize>,
    /// The observations that repeat an earlier one bit by bit.
    copies: HashSet<usize>,
    /// The number of runs per outcome.
    pub(crate) outcomes: OutcomeCounts,
    /// The final metrics, in the order of [`FINALS`].
    finals: [Spread; FINALS.len()],
    /// Epochs until the target was reached. A run that missed it ranks worse than any number.
    pub(crate) epochs_to_target: Spread,
}

/// How runs ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OutcomeCounts {
    /// Trained to the end.
    pub(crate) finished: usize,
    /// Produced a number that is not finite.
    pub(crate) diverged: usize,
    /// Stopped with an error.
    pub(crate) failed: usize,
    /// Stopped by the time limit.
    pub(crate) timed_out: usize,
}

impl OutcomeCounts {
    fn add(&mut self, stop: StopReason) {
        *match stop {
            StopReason::Diverged => &mut self.diverged,
            StopReason::Failed => &mut self.failed,
            StopReason::TimedOut => &mut self.timed_out,
            StopReason::MaxEpochs
            | StopReason::TargetReached
            | StopReason::GradientBelowTolerance
            | StopReason::EarlyStopping
            | StopReason::BudgetSpent
            | StopReason::NotTrained => &mut self.finished,
        } += 1;
    }

    /// Counts the outcomes of these runs.
    pub(crate) fn of<'a>(runs: impl IntoIterator<Item = &'a RunRecord>) -> Self {
        let mut counts = Self::default();
        runs.into_iter().for_each(|run| counts.add(run.stop));
        counts
    }

    /// The number of recorded runs.
    pub(crate) fn total(&self) -> usize {
        self.finished + self.diverged + self.failed + self.timed_out
    }
}

/// Which of [`FINALS`] occur in the records. A lost run ranks worst only in these: a regression has no accuracy,
/// however many of its runs diverge.
fn measured(records: &[RunRecord]) -> [bool; FINALS.len()] {
    let has = |run: &RunRecord, metric: RunMetric| match metric.of_curve() {
        Some(of_curve) => run.curve.column(of_curve).iter().any(Option::is_some),
        None => final_value(run, metric).is_some(),
    };
    FINALS.map(|metric| records.iter().any(|run| has(run, metric)))
}

impl<'a> Configuration<'a> {
    /// Groups `records` into configurations, in order of first appearance.
    pub(crate) fn group(grid: &Grid, records: &'a [RunRecord]) -> Vec<Self> {
        let mut groups: IndexMap<Vec<usize>, Vec<&RunRecord>> = IndexMap::new();
        for run in records {
            groups.entry(grid.locate(&run.spec)).or_default().push(run);
        }
        let measured = measured(records);
        groups.into_iter().map(|(levels, runs)| Self::new(grid, levels, runs, measured)).collect()
    }

    fn new(
        grid: &Grid,
        levels: Vec<usize>,
        mut runs: Vec<&'a RunRecord>,
        measured: [bool; FINALS.len()],
    ) -> Self {
        let ends = observations(grid, &mut runs);
        let spread = |index: usize| {
            let metric = FINALS[index];
            let value = |run: &RunRecord| outcome(run, final_value(run, metric));
            let outcomes = split(&runs, &ends).map(|runs| observed(runs, value));
            if measured[index] { Spread::of(outcomes, metric.better()) } else { Spread::default() }
        };
        let epochs = split(&runs, &ends).map(|runs| observed(runs, epochs_to_target));
        Self {
            levels,
            outcomes: OutcomeCounts::of(runs.iter().copied()),
            finals: std::array::from_fn(spread),
            epochs_to_target: Spread::of(epochs, Better::Lower),
            copies: copies(&runs, &ends),
            runs,
            ends,
        }
    }

    /// The runs of each observation: one run, unless there are several tasks or several seeds for each split.
    pub(crate) fn observations(&self) -> impl Iterator<Item = &[&'a RunRecord]> {
        split(&self.runs, &self.ends)
    }

    /// The observations without copies. Estimates, intervals and tests count only these.
    pub(crate) fn distinct(&self) -> impl Iterator<Item = &[&'a RunRecord]> {
        self.observations()
            .enumerate()
            .filter(|(index, _)| !self.copies.contains(index))
            .map(|(_, runs)| runs)
    }

    /// The number of observations, and the number without copies.
    pub(crate) fn counted(&self) -> (usize, usize) {
        (self.ends.len(), self.ends.len() - self.copies.len())
    }

    /// The first run on each task.
    pub(crate) fn by_task(&self, grid: &Grid) -> Vec<&'a RunRecord> {
        let mut seen = HashSet::new();
        let is_new = |run: &&&RunRecord| seen.insert(grid.task(&run.spec));
        self.runs.iter().filter(is_new).copied().collect()
    }

    /// A metric over the runs on one task.
    pub(crate) fn on_task(&self, grid: &Grid, task: &[usize], metric: Metric) -> Spread {
        let ours = self.runs.iter().filter(|run| grid.task(&run.spec) == task);
        Spread::of(ours.map(|run| outcome(run, run.final_value(metric))), metric.better())
    }

    /// Whether half or more of the runs diverged or failed: then metrics have no median. A metric that was not measured
    /// has no median either, but its runs are not lost.
    pub(crate) fn is_mostly_lost(&self) -> bool {
        2 * (self.outcomes.diverged + self.outcomes.failed) >= self.runs.len()
    }

    /// The median of a metric, with the sign that makes smaller better; infinite if there is none.
    pub(crate) fn cost(&self, metric: Metric) -> f64 {
        let sign = if metric.better() == Better::Lower { 1.0 } else { -1.0 };
        self.final_metric(metric).median.map_or(f64::INFINITY, |median| sign * median)
    }

    /// Why there is no median.
    pub(crate) fn absence(&self) -> &'static str {
        match self.outcomes {
            OutcomeCounts { diverged: 0, failed: 0, .. } => "not measured",
            OutcomeCounts { diverged, failed, .. } if diverged < failed => "failed",
            _ => "diverged",
        }
    }

    /// A metric over the seeds, measured with each run's kept parameters.
    pub(crate) fn final_metric(&self, metric: Metric) -> &Spread {
        &self.finals[place(metric)]
    }

    /// One of [`FINALS`] over the seeds.
    pub(crate) fn final_of(&self, metric: RunMetric) -> &Spread {
        &self.finals[FINALS.iter().position(|known| *known == metric).unwrap_or_default()]
    }

    /// Orders two configurations: by median, then by fewer lost runs. `Less` is better.
    pub(crate) fn compare(&self, other: &Self, metric: Metric) -> Ordering {
        let (a, b) = (self.final_metric(metric), other.final_metric(metric));
        match (a.median, b.median) {
            (Some(a), Some(b)) if metric.better() == Better::Lower => a.total_cmp(&b),
            (Some(a), Some(b)) => b.total_cmp(&a),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => b.values.cmp(&a.values).then(a.worst.cmp(&b.worst)),
        }
    }
}

/// Makes the runs of each observation adjacent, and returns the end index of each.
fn observations(grid: &Grid, runs: &mut [&RunRecord]) -> Vec<usize> {
    if !grid.has_tasks() && !grid.has_splits() {
        return (1..=runs.len()).collect();
    }
    runs.sort_by_key(|run| (grid.observation(&run.spec), grid.task(&run.spec), run.spec.seed()));
    let mut end = 0;
    let same = runs.chunk_by(|a, b| grid.observation(&a.spec) == grid.observation(&b.spec));
    same.map(|runs| {
        end += runs.len();
        end
    })
    .collect()
}

/// Splits the runs by observation.
fn split<'a, 'b>(runs: &'b [&'a RunRecord], ends: &'b [usize]) -> impl Iterator<Item = &'b [&'a RunRecord]> {
    let starts = std::iter::once(&0).chain(ends);
    starts.zip(ends).map(|(start, end)| &runs[*start..*end])
}

/// The observations that repeat an earlier one bit by bit.
fn copies(runs: &[&RunRecord], ends: &[usize]) -> HashSet<usize> {
    let mut weights = HashSet::new();
    if runs.iter().filter_map(|run| run.weights_digest).all(|digest| weights.insert(digest)) {
        return HashSet::new();
    }
    let mut seen = HashSet::new();
    let is_copy = |runs: &[&RunRecord]| {
        let prints: Vec<Digest> = runs.iter().map(|run| fingerprint(run)).collect();
        !seen.insert(prints)
    };
    let copies = split(runs, ends).map(is_copy).enumerate();
    copies.filter(|(_, is_copy)| *is_copy).map(|(index, _)| index).collect()
}
