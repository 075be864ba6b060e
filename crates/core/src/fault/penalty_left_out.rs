use crate::reference::BackwardSteps;

crate::item! {
    /// The penalty is in the cost but not in its gradient.
    ///
    /// - Formula: `∂J/∂w = ∂L/∂w + p'(w)` becomes `∂L/∂w`
    /// - No effect: without a penalty
    /// - Gradient check: finds it in the weights, if it compares with the cost and not with the loss alone
    /// - Source: a penalty that was added to the function that reports the cost
    PenaltyLeftOut = "penalty_left_out" {}
}

impl BackwardSteps for PenaltyLeftOut {
    fn penalty_derivative(&self, _derivative: f64, _scale: f64) -> f64 {
        0.0
    }
}
