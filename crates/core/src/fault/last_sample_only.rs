use crate::reference::BackwardSteps;

crate::item! {
    /// The gradients of the samples of a batch are not summed: only the gradient of the last sample remains.
    ///
    /// - Formula: `Σₙ ∂Lₙ/∂θ` becomes `∂L_N/∂θ`
    /// - No effect: a batch of one sample
    /// - Gradient check: finds it in all layers; not in the inputs, each of which belongs to one sample, and not with a
    ///   batch of one
    /// - Source: `=` for `+=` in the loop over the samples
    LastSampleOnly = "last_sample_only" {}
}

impl BackwardSteps for LastSampleOnly {
    fn sum_over_samples(&self, _sum: f64, term: f64) -> f64 {
        term
    }
}
