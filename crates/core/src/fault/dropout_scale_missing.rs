use crate::reference::BackwardSteps;

crate::item! {
    /// The backward pass reuses the mask of dropout, without the factor that the forward pass applied to the remaining
    /// units.
    ///
    /// - Formula: `m` of 0 and 1/(1 − p) becomes 0 and 1 in `δ = (δ·Wᵀ) ∗ m ∗ φ'(z)`
    /// - No effect: without dropout; without hidden layers; `step`, below which every gradient is 0
    /// - Gradient check: finds it in all layers below the last, and in the inputs, if the forward passes of the check
    ///   have the same mask. Each hidden layer makes the entries below it smaller by 1 − p
    /// - Source: a mask of true and false, with the factor only in the forward pass
    DropoutScaleMissing = "dropout_scale_missing" {}
}

impl BackwardSteps for DropoutScaleMissing {
    fn mask_on_the_way_back(&self, mask: f64) -> f64 {
        if mask == 0.0 { 0.0 } else { 1.0 }
    }
}
