use super::{Moment, ScheduleKernel};
use crate::registry::Range;
use std::f64::consts::PI;

crate::item! {
    /// A learning rate that falls to its minimum along half a cosine: slowly at first, fast in the middle, and slowly at the
    /// end.
    ///
    /// - Formula: `η(t) = η · (m + (1 − m)·(1 + cos(π·step/steps))/2)`, with the step counted from 0
    /// - Source: Loshchilov and Hutter, *SGDR: stochastic gradient descent with warm restarts* (2017), equation 5, without
    ///   restarts
    Cosine = "cosine" {
        /// m, the final fraction of the learning rate.
        minimum: f64 = 0.0, Range::closed(0.0, 1.0);
    }
}

impl ScheduleKernel for Cosine {
    fn factor(&self, at: Moment) -> f64 {
        let angle = PI * (at.step as f64 / at.steps as f64);
        self.minimum + (1.0 - self.minimum) * (0.5 * (1.0 + libm::cos(angle)))
    }
}
