use crate::reference::BackwardSteps;

crate::item! {
    /// The gradients of a batch are summed although the cost is a mean: the factor 1/N is missing.
    ///
    /// - Formula: `∂J/∂θ = (1/N)·Σₙ ∂Lₙ/∂θ` becomes `Σₙ ∂Lₙ/∂θ`
    /// - No effect: a batch of one sample; `reduction = "sum"`
    /// - Gradient check: finds it in all layers and in the inputs, each entry N times too large; not with a batch of
    ///   one. Training works as with N times the learning rate, or diverges
    /// - Source: code that was checked with one sample and then given batches
    MissingBatchMean = "missing_batch_mean" {}
}

impl BackwardSteps for MissingBatchMean {
    fn scale(&self, _scale: f64) -> f64 {
        1.0
    }
}
