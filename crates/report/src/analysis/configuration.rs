//! The runs of a configuration, summed up.

use super::grid::Grid;
use super::spread::{Outcome, Spread};
use chainrule_record::{Better, Metric, RunRecord, StopReason, TargetReached};
use std::cmp::Ordering;
use std::collections::HashMap;

/// A value for every setting that varies; its runs differ in their seed alone.
pub(crate) struct Configuration<'a> {
    /// The level of each factor.
    pub(crate) levels: Vec<usize>,
    /// The runs on record, in plan order.
    pub(crate) runs: Vec<&'a RunRecord>,
    /// How many of them ended how.
    pub(crate) outcomes: OutcomeCounts,
    /// Final metrics, in the order of [`Metric::ALL`].
    finals: [Spread; Metric::ALL.len()],
    /// Loss on the test part.
    pub(crate) test_loss: Spread,
    /// Accuracy on the test part.
    pub(crate) test_accuracy: Spread,
    /// Epochs until the target was reached. A run that missed it counts as worse than any number.
    pub(crate) epochs_to_target: Spread,
}

/// How runs ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OutcomeCounts {
    /// Trained to their end.
    pub(crate) finished: usize,
    /// Met a number that is not finite.
    pub(crate) diverged: usize,
    /// Could not be carried out.
    pub(crate) failed: usize,
    /// Cut short by the time limit.
    pub(crate) timed_out: usize,
}

impl OutcomeCounts {
    pub(crate) fn add(&mut self, stop: StopReason) {
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

    /// All runs on record.
    pub(crate) fn total(&self) -> usize {
        self.finished + self.diverged + self.failed + self.timed_out
    }
}

/// What the experiment measures, as far as its records show. A run that was lost counts as worst in these metrics
/// only: a regression has no accuracy, however many of its runs diverge.
#[derive(Clone, Copy)]
struct Measured {
    curve: [(Metric, bool); Metric::ALL.len()],
    test_loss: bool,
    test_accuracy: bool,
}

impl Measured {
    fn of(records: &[RunRecord]) -> Self {
        let in_curve =
            |metric| records.iter().any(|run| run.curve.column(metric).iter().any(Option::is_some));
        Self {
            curve: Metric::ALL.map(|metric| (metric, in_curve(metric))),
            test_loss: records.iter().any(|run| test_loss(run).is_some()),
            test_accuracy: records.iter().any(|run| test_accuracy(run).is_some()),
        }
    }
}

/// Whether a run ended without a final value.
pub(crate) fn is_lost(run: &RunRecord) -> bool {
    run.stop.is_lost()
}

/// When a run reached the target, if it did. What was reached before a run diverged is reached; a run that failed leaves nothing.
pub(crate) fn reached(run: &RunRecord) -> Option<TargetReached> {
    run.target_reached.filter(|_| run.stop != StopReason::Failed)
}

/// A number of a run: lost runs are worse than any.
pub(crate) fn outcome(run: &RunRecord, value: Option<f64>) -> Outcome {
    match value {
        _ if is_lost(run) => Outcome::Worst,
        Some(value) => Outcome::Value(value),
        None => Outcome::Unmeasured,
    }
}

impl<'a> Configuration<'a> {
    /// The configurations of `records`, in the order they first appear in.
    pub(crate) fn group(grid: &Grid, records: &'a [RunRecord]) -> Vec<Self> {
        let mut groups: Vec<(Vec<usize>, Vec<&RunRecord>)> = Vec::new();
        let mut index = HashMap::new();
        for record in records {
            let levels = grid.locate(&record.spec);
            let group = *index.entry(levels.clone()).or_insert_with(|| {
                groups.push((levels, Vec::new()));
                groups.len() - 1
            });
            groups[group].1.push(record);
        }
        let measured = Measured::of(records);
        groups.into_iter().map(|(levels, runs)| Self::new(levels, runs, measured)).collect()
    }

    fn new(levels: Vec<usize>, runs: Vec<&'a RunRecord>, measured: Measured) -> Self {
        let mut outcomes = OutcomeCounts::default();
        runs.iter().for_each(|run| outcomes.add(run.stop));
        let spread = |measured, better, value: &dyn Fn(&RunRecord) -> Option<f64>| match measured {
            true => Spread::of(runs.iter().map(|run| outcome(run, value(run))), better),
            false => Spread::default(),
        };
        let of_curve = |(metric, measured): (Metric, bool)| {
            spread(measured, metric.better(), &|run| run.final_value(metric))
        };
        Self {
            finals: measured.curve.map(of_curve),
            test_loss: spread(measured.test_loss, Better::Lower, &test_loss),
            test_accuracy: spread(measured.test_accuracy, Better::Higher, &test_accuracy),
            epochs_to_target: Spread::of(runs.iter().map(|run| epochs_to_target(run)), Better::Lower),
            levels,
            outcomes,
            runs,
        }
    }

    /// Whether half or more of the runs diverged or failed: then metrics have no median. What was not measured has none either, and
    /// is not lost.
    pub(crate) fn is_mostly_lost(&self) -> bool {
        2 * (self.outcomes.diverged + self.outcomes.failed) >= self.runs.len()
    }

    /// Why there is no median.
    pub(crate) fn absence(&self) -> &'static str {
        match self.outcomes {
            OutcomeCounts { diverged: 0, failed: 0, .. } => "not measured",
            OutcomeCounts { diverged, failed, .. } if diverged < failed => "failed",
            _ => "diverged",
        }
    }

    /// A metric over the seeds, for the parameters that each run kept.
    pub(crate) fn final_metric(&self, metric: Metric) -> &Spread {
        &self.finals[Metric::ALL.iter().position(|known| *known == metric).unwrap_or_default()]
    }

    /// Which of two configurations is better: by median; then by fewer runs lost. `Less` is better.
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

pub(super) fn test_loss(run: &RunRecord) -> Option<f64> {
    run.test.map(|score| score.loss)
}

pub(super) fn test_accuracy(run: &RunRecord) -> Option<f64> {
    run.test.and_then(|score| score.accuracy)
}

pub(super) fn epochs_to_target(run: &RunRecord) -> Outcome {
    match reached(run) {
        Some(target) => Outcome::Value(target.epoch as f64),
        None => Outcome::Worst,
    }
}
