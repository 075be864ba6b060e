use crate::reference::BackwardSteps;

crate::item! {
    /// The sign of the error is reversed: y − ŷ instead of ŷ − y. Every step goes uphill.
    ///
    /// - Formula: `δᴸ` becomes `−δᴸ`
    /// - No effect: where the gradient of the loss is 0
    /// - Gradient check: finds it in all layers and in the inputs
    /// - Source: derivations that write the error as y − ŷ and lose its minus sign
    WrongSign = "wrong_sign" {}
}

impl BackwardSteps for WrongSign {
    fn output_delta(&self, delta: f64, _output: f64, _target: f64) -> f64 {
        -delta
    }
}
