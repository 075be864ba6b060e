use super::{Moment, ScheduleKernel};
use crate::registry::Range;

crate::item! {
    /// A learning rate that falls in the end as the inverse of time: fast enough that noise dies out, slowly enough that
    /// every place can still be reached.
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
