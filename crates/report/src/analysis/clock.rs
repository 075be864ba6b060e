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

    /// The name in columns, and the axis of curves with this unit.
    fn about(self) -> (&'static str, XAxis) {
        match self {
            Self::Epochs => ("epochs", XAxis::Epochs),
            Self::Steps => ("steps", XAxis::Steps),
            Self::GradientEvaluations => ("gradient_evaluations", XAxis::CostUnits),
            Self::Flops => ("flops", XAxis::Flops),
            Self::Seconds => ("seconds", XAxis::Seconds),
        }
    }

    /// The name in columns.
    pub(crate) fn name(self) -> &'static str {
        self.about().0
    }

    /// The clock for an axis of curves. Samples and cost both use gradient evaluations.
    pub(crate) fn of_axis(axis: XAxis) -> Self {
        Self::ALL.into_iter().find(|clock| clock.about().1 == axis).unwrap_or(Self::GradientEvaluations)
    }

    /// The time at a row of a run's curve.
    fn at(self, run: &RunRecord, row: usize) -> Option<f64> {
        let value = run.at(self.about().1, row)?;
        let value = if self == Self::GradientEvaluations { value / 3.0 } else { value };
        Some(value).filter(|value| value.is_finite())
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
