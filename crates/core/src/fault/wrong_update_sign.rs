use crate::reference::BackwardSteps;

crate::item! {
    /// The update adds the gradient instead of subtracting it: every step goes uphill.
    ///
    /// - Formula: `θ ← θ − η·∂J/∂θ` becomes `θ ← θ + η·∂J/∂θ`
    /// - No effect: on the gradient
    /// - Gradient check: does not find it, because the gradient is right, and only the update is wrong. The loss rises from
    ///   the first step
    /// - Source: a learning rate with its own minus sign, in an update that subtracts
    WrongUpdateSign = "wrong_update_sign" {}
}

impl BackwardSteps for WrongUpdateSign {
    fn update_sign(&self) -> f64 {
        -1.0
    }
}
