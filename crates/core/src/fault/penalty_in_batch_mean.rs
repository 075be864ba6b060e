use crate::reference::BackwardSteps;

crate::item! {
    /// The gradient of the penalty is divided by the batch size, like the gradient of the loss.
    ///
    /// - Formula: `(1/N)·Σₙ ∂Lₙ/∂w + p'(w)` becomes `(1/N)·(Σₙ ∂Lₙ/∂w + p'(w))`
    /// - No effect: without a penalty; a batch of one sample; `reduction = "sum"`
    /// - Gradient check: finds it in the weights; not with a batch of one
    /// - Source: a penalty that is added before the mean is taken; its strength then depends on the size of the batch
    PenaltyInBatchMean = "penalty_in_batch_mean" {}
}

impl BackwardSteps for PenaltyInBatchMean {
    fn penalty_derivative(&self, derivative: f64, scale: f64) -> f64 {
        derivative * scale
    }
}
