use crate::reference::BackwardSteps;

crate::item! {
    /// The gradients of a batch are divided by its size twice: in the loss and again in the update.
    ///
    /// - Formula: `∂J/∂θ = (1/N)·Σₙ ∂Lₙ/∂θ` becomes `(1/N²)·Σₙ ∂Lₙ/∂θ`
    /// - No effect: a batch of one sample; `reduction = "sum"`
    /// - Gradient check: finds it in all layers and in the inputs, each entry N times too small; not with a batch of
    ///   one. Training works as with 1/N of the learning rate: it looks slow
    /// - Source: a loss that is already a mean, in a training loop written for sums
    BatchMeanTwice = "batch_mean_twice" {}
}

impl BackwardSteps for BatchMeanTwice {
    fn scale(&self, scale: f64) -> f64 {
        scale * scale
    }
}
