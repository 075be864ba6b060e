use crate::reference::BackwardSteps;

crate::item! {
    /// The gradients that reach a unit from the units above are not added up: the last one stays.
    ///
    /// - Formula: `eᵢ = Σⱼ wᵢⱼ·δⱼ` becomes `eᵢ = wᵢₙ·δₙ` with n the last unit
    /// - No effect: layers with one unit; `step`, below which nothing is anything but 0. The gradients of the last
    ///   layer's parameters are always right
    /// - Gradient check: finds it in all layers below a layer with several units, and in the inputs
    /// - Source: `=` for `+=` in the inner loop, or a `backward` that gives the gradient of each unit and leaves the
    ///   sum to nobody
    OverwrittenSum = "overwritten_sum" {}
}

impl BackwardSteps for OverwrittenSum {
    fn sum_over_units(&self, _sum: f64, term: f64) -> f64 {
        term
    }
}
