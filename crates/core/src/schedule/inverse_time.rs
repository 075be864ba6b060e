use super::{Moment, ScheduleKernel};
use crate::registry::Range;

crate::item! {
    /// A learning rate that finally falls like the inverse of time: fast enough to remove noise, slowly enough to still
    /// reach every point.
    ///
    /// - Formula: `η(t) = η / (1 + k·epochs)`, with the epochs passed as a fraction
    /// - Source: Darken and Moody, *Note on learning rate schedules for stochastic optimization* (1991); Robbins and Monro
    ///   (1951)
    InverseTime = "inverse_time" {
        /// k: after 1/k epochs the rate is halved.
        rate: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl ScheduleKernel for InverseTime {
    fn factor(&self, at: Moment) -> f64 {
        1.0 / (1.0 + self.rate * at.epochs())
    }
}
