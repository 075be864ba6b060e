use super::{Moment, ScheduleKernel};
use crate::registry::Range;

crate::item! {
    /// A learning rate that falls at once, every few epochs.
    ///
    /// - Formula: `η(t) = η · γ^⌊epoch / every⌋`, with the epoch counted from 0
    /// - Source: He, Zhang, Ren, Sun, *Deep residual learning for image recognition* (2016), section 3.4, where the rate is
    ///   divided by 10 again and again
    Step = "step" {
        /// Number of epochs between two reductions.
        every: u64 = 10, Range::at_least(1.0);
        /// γ, the factor of each reduction.
        factor: f64 = 0.1, Range::closed(0.0, 1.0);
    }
}

impl ScheduleKernel for Step {
    fn factor(&self, at: Moment) -> f64 {
        libm::pow(self.factor, (at.epoch() / self.every) as f64)
    }
}
