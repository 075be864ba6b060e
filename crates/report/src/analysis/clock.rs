//! The units of the time to a target.

use super::run::{is_lost, reached};
use chainrule_record::{RunRecord, StopReason, XAxis};
use chainrule_statistics::Observation;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Passes over the training set.
    Epochs,
    /// Parameter updates.
    Steps,
    /// Forward and backward passes of a sample: cost units / 3. A forward pass alone is a third.
    GradientEvaluations,
    /// Floating-point operations, counted as in [`RunRecord::at`].
    Flops,
    /// Wall time of training.
    Seconds,
}

impl Clock {
    /// All clocks, in the order of tables.
    pub(crate) const ALL: [Self; 5] =
        [Self::Epochs, Self::Steps, Self::GradientEvaluations, Self::Flops, Self::Seconds];

    /// The name in columns.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Epochs => "epochs",
            Self::Steps => "steps",
            Self::GradientEvaluations => "gradient_evaluations",
            Self::Flops => "flops",
            Self::Seconds => "seconds",
        }
    }

    /// The clock for an axis of curves. Samples and cost both use gradient evaluations.
    pub(crate) fn of_axis(axis: XAxis) -> Self {
        match axis {
            XAxis::Epochs => Self::Epochs,
            XAxis::Steps => Self::Steps,
            XAxis::Samples | XAxis::CostUnits => Self::GradientEvaluations,
            XAxis::Flops => Self::Flops,
            XAxis::Seconds => Self::Seconds,
        }
    }

    /// The time at a row of a run's curve.
    fn at(self, run: &RunRecord, row: usize) -> Option<f64> {
        let value = match self {
            Self::Epochs => run.at(XAxis::Epochs, row),
            Self::Steps => run.at(XAxis::Steps, row),
            Self::GradientEvaluations => run.at(XAxis::CostUnits, row).map(|cost| cost / 3.0),
            Self::Flops => run.at(XAxis::Flops, row),
            Self::Seconds => run.at(XAxis::Seconds, row),
        };
        value.filter(|value| value.is_finite())
    }

    /// The time when a run reached the target, or at the end of its curve. A failed run has no curve, and its recorded
    /// time is 0.
    pub(super) fn spent(self, run: &RunRecord) -> Option<f64> {
        if run.stop == StopReason::Failed && run.curve.is_empty() {
            return Some(0.0);
        }
        let row = reached_row(run).or_else(|| run.curve.len().checked_sub(1))?;
        self.at(run, row)
    }

    /// The observed time of a run; `None` if it was not measured.
    pub(super) fn observe(self, run: &RunRecord) -> Option<Observation> {
        match reached_row(run) {
            Some(row) => self.at(run, row).map(Observation::at),
            None if is_lost(run) => Some(Observation::never()),
            None => self.spent(run).map(Observation::not_by),
        }
    }
}

/// The row of a run's curve at which it reached the target.
pub(super) fn reached_row(run: &RunRecord) -> Option<usize> {
    run.curve.epoch.binary_search(&reached(run)?.epoch).ok()
}
