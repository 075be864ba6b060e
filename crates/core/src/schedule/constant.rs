use super::{Moment, ScheduleKernel};

crate::item! {
    /// The same learning rate for every step.
    ///
    /// - Formula: `η(t) = η`
    /// - Source: Robbins and Monro, *A stochastic approximation method* (1951), for contrast: it needs a falling rate to
    ///   converge
    Constant = "constant" {}
}

impl ScheduleKernel for Constant {
    fn factor(&self, _at: Moment) -> f64 {
        1.0
    }
}
