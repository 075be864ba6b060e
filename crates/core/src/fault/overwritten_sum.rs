use crate::reference::BackwardSteps;

crate::item! {
    /// The gradients that reach a unit from the units above are not added: only the last one remains.
    ///
    /// - Formula: `eᵢ = Σⱼ wᵢⱼ·δⱼ` becomes `eᵢ = wᵢₙ·δₙ` with n the last unit
    /// - No effect: layers with one unit; `step`, below which every gradient is 0. The gradients of the last layer's
    ///   parameters are always right
    /// - Gradient check: finds it in all layers below a layer with several units, and in the inputs
    /// - Source: `=` for `+=` in the inner loop, or a `backward` that returns the gradient of each unit, without a sum
    ///   over the units
    OverwrittenSum = "overwritten_sum" {}
}

impl BackwardSteps for OverwrittenSum {
    fn sum_over_units(&self, _sum: f64, term: f64) -> f64 {
        term
    }
}
