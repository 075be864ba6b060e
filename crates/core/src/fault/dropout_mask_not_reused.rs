use crate::reference::BackwardSteps;

crate::item! {
    /// The units that dropout removed from the forward pass take part in the backward pass.
    ///
    /// - Formula: `δ = (δ·Wᵀ) ∗ m ∗ φ'(z)` becomes `(δ·Wᵀ) ∗ φ'(z)`
    /// - No effect: without dropout; without hidden layers; `step`, below which every gradient is 0
    /// - Gradient check: finds it in all layers below the last, and in the inputs, if the forward passes of the check
    ///   have the same mask
    /// - Source: dropout as a function in the forward pass only, which does not keep its mask
    DropoutMaskNotReused = "dropout_mask_not_reused" {}
}

impl BackwardSteps for DropoutMaskNotReused {
    fn mask_on_the_way_back(&self, _mask: f64) -> f64 {
        1.0
    }
}
