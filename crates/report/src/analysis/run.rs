//! The numbers of one run.

use chainrule_record::{Better, Metric, RunMetric, RunRecord, StopReason, TargetReached};

/// The value of a metric in one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    /// It was measured.
    Value(f64),
    /// The run diverged, failed, or missed the target: worse than any number.
    Worst,
    /// It was not measured in this run, so nothing is known.
    Unmeasured,
}

impl Outcome {
    /// The number. It is infinite on the worse side if the run is `Worst` or the number is not finite. `None` if it was
    /// not measured.
    pub(crate) fn number(self, better: Better) -> Option<f64> {
        let worst = match better {
            Better::Lower => f64::INFINITY,
            Better::Higher => f64::NEG_INFINITY,
        };
        match self {
            Self::Value(value) if value.is_finite() => Some(value),
            Self::Value(_) | Self::Worst => Some(worst),
            Self::Unmeasured => None,
        }
    }
}

/// Whether a run ended without a final value.
pub(crate) fn is_lost(run: &RunRecord) -> bool {
    run.stop.is_lost()
}

/// When a run reached the target, if it did. A target reached before divergence counts; a failed run has no result.
pub(crate) fn reached(run: &RunRecord) -> Option<TargetReached> {
    run.target_reached.filter(|_| run.stop != StopReason::Failed)
}

/// A number of a run as an outcome: lost runs rank worse than any number.
pub(crate) fn outcome(run: &RunRecord, value: Option<f64>) -> Outcome {
    match value {
        _ if is_lost(run) => Outcome::Worst,
        Some(value) => Outcome::Value(value),
        None => Outcome::Unmeasured,
    }
}

/// The epoch of a run's kept parameters, if it is not the last one.
pub(crate) fn kept_epoch(run: &RunRecord) -> Option<u64> {
    run.kept_epoch.filter(|kept| run.curve.epoch.last() != Some(kept))
}

/// The final metrics of a run, in the order of tables: [`Metric::ALL`], then the test metrics.
pub const FINALS: [RunMetric; 6] = [
    RunMetric::TrainLoss,
    RunMetric::TrainAccuracy,
    RunMetric::ValidationLoss,
    RunMetric::ValidationAccuracy,
    RunMetric::TestLoss,
    RunMetric::TestAccuracy,
];

/// The index of a metric in [`FINALS`].
pub(crate) fn place(metric: Metric) -> usize {
    Metric::ALL.iter().position(|known| *known == metric).unwrap_or_default()
}

/// One of [`FINALS`], for the run's kept parameters; `None` if it was not measured.
pub(crate) fn final_value(run: &RunRecord, metric: RunMetric) -> Option<f64> {
    match metric {
        RunMetric::TestLoss => run.test.map(|score| score.loss),
        RunMetric::TestAccuracy => run.test.and_then(|score| score.accuracy),
        of_curve => run.final_value(of_curve.of_curve()?),
    }
}

pub(crate) fn epochs_to_target(run: &RunRecord) -> Outcome {
    match reached(run) {
        Some(target) => Outcome::Value(target.epoch as f64),
        None => Outcome::Worst,
    }
}
