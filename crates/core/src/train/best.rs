//! The best epoch so far, for early stopping.

use super::{EarlyStopping, EpochMetrics, Patience};
use crate::real::Element;

/// The best epoch so far and, if they are to be restored, its parameters.
pub(super) struct Best<F> {
    settings: EarlyStopping,
    value: f64,
    epoch: u64,
    parameters: Vec<F>,
}

impl<F: Element> Best<F> {
    /// Allocates all memory in advance.
    pub(super) fn new(settings: EarlyStopping, n_parameters: usize) -> Self {
        let restores = matches!(settings, EarlyStopping::After(Patience { restore_best: true, .. }));
        let parameters = if restores { vec![F::ZERO; n_parameters] } else { Vec::new() };
        Self { settings, value: f64::INFINITY, epoch: 0, parameters }
    }

    /// Records an evaluated epoch; returns true when patience runs out.
    pub(super) fn is_at_an_end(&mut self, metrics: &EpochMetrics, parameters: &[F]) -> bool {
        let EarlyStopping::After(Patience { metric, patience, min_delta, .. }) = self.settings else {
            return false;
        };
        let value = metrics.metric(metric).unwrap_or(f64::INFINITY);
        // Losses fall and accuracies rise; with the sign changed, accuracies fall too.
        let value = if metric.is_accuracy() { -value } else { value };
        if value < self.value - min_delta || self.value == f64::INFINITY {
            (self.value, self.epoch) = (value, metrics.epoch);
            if !self.parameters.is_empty() {
                self.parameters.copy_from_slice(parameters);
            }
        }
        metrics.epoch - self.epoch >= patience
    }

    /// Whether this evaluated epoch is the best so far; false without early stopping.
    pub(super) fn is_at(&self, epoch: u64) -> bool {
        self.settings != EarlyStopping::None && self.epoch == epoch
    }

    /// Replaces `parameters`, the last ones, by the best; returns their epoch. `None` if nothing is to be restored or
    /// the last are the best.
    pub(super) fn restore(&self, parameters: &mut [F]) -> Option<u64> {
        if self.parameters.is_empty() || self.parameters == *parameters {
            return None;
        }
        parameters.copy_from_slice(&self.parameters);
        Some(self.epoch)
    }
}
