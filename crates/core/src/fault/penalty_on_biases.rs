use crate::reference::BackwardSteps;

crate::item! {
    /// The gradient of the penalty is added for the biases too, which the cost does not penalise.
    ///
    /// - Formula: `∂J/∂b = ∂L/∂b` becomes `∂L/∂b + p'(b)`
    /// - No effect: without a penalty; without biases; biases of 0, as most networks begin
    /// - Gradient check: finds it in the biases, unless they are all 0: after some training, or with biases drawn at
    ///   random
    /// - Source: a penalty that runs over all parameters, as the weight decay of most optimizers does
    PenaltyOnBiases = "penalty_on_biases" {}
}

impl BackwardSteps for PenaltyOnBiases {
    fn penalises_biases(&self) -> bool {
        true
    }
}
