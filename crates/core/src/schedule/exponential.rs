use super::{Moment, ScheduleKernel};
use crate::registry::Range;

crate::item! {
    /// A learning rate that falls by the same factor in every epoch, a little at every step.
    ///
    /// - Formula: `η(t) = η · γ^epochs`, with the epochs passed as a fraction
    /// - Source: Senior, Heigold, Ranzato, Yang, *An empirical study of learning rates in deep neural networks for speech
    ///   recognition* (2013), exponential scheduling
    Exponential = "exponential" {
        /// γ, the factor per epoch.
        factor: f64 = 0.95, Range::closed(0.0, 1.0);
    }
}

impl ScheduleKernel for Exponential {
    fn factor(&self, at: Moment) -> f64 {
        libm::pow(self.factor, at.epochs())
    }
}
