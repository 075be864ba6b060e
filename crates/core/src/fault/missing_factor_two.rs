use crate::loss::Loss;
use crate::reference::{BackwardSteps, OutputUnit, loss_derivative};

crate::item! {
    /// The squared error is derived as if it were half of it: ŷ − y instead of 2·(ŷ − y).
    ///
    /// - Formula: `∂ℓ/∂ŷ = 2·(ŷ − y)` becomes `ŷ − y`
    /// - No effect: every loss but `squared_error`
    /// - Gradient check: finds it in all layers and in the inputs, where each entry is half the right value. Training works
    ///   as with half the learning rate
    /// - Source: a lecture that has the loss (y − ŷ)² on one slide and the derivative of ½(y − ŷ)² on the next
    MissingFactorTwo = "missing_factor_two" {}
}

impl BackwardSteps for MissingFactorTwo {
    fn loss_derivative(&self, loss: &Loss, output: OutputUnit, target: f64) -> f64 {
        let right = loss_derivative(loss, output, target);
        if matches!(loss, Loss::SquaredError(_)) { 0.5 * right } else { right }
    }
}
