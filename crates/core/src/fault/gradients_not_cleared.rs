use crate::reference::BackwardSteps;

crate::item! {
    /// The gradient of each step is added to the gradients of all earlier steps.
    ///
    /// - Formula: the update uses `Σₛ ∂Jₛ/∂θ` over all steps s so far instead of `∂Jₜ/∂θ`
    /// - No effect: on the gradient of one batch, and so on the first step
    /// - Gradient check: does not find it, because the gradient of a batch is right, and only the update is wrong
    /// - Source: a training loop that does not call `zero_grad()`, in libraries that accumulate gradients
    GradientsNotCleared = "gradients_not_cleared" {}
}

impl BackwardSteps for GradientsNotCleared {
    fn keeps_gradient(&self) -> bool {
        true
    }
}
