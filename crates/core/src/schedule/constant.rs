use super::ScheduleKernel;

crate::item! {
    /// The same learning rate for every step.
    ///
    /// - Formula: `η(t) = η`
    /// - Source: Robbins and Monro, *A stochastic approximation method* (1951), for contrast: it needs a falling rate to
    ///   converge
    Constant = "constant" {}
}

impl ScheduleKernel for Constant {
    fn factor(&self, _step: u64, _steps: u64) -> f64 {
        1.0
    }
}
