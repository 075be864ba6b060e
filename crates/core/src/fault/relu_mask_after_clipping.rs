use crate::activation::Activation;
use crate::reference::{BackwardSteps, Trace, activation_derivative};

crate::item! {
    /// The mask of a rectified linear unit, "where the value is below 0", is computed after values were clipped at 0.
    /// It is never active, so dead units pass the gradient on.
    ///
    /// - Formula: `φ'(z) = 0 if z < 0 else 1` becomes `0 if a < 0 else 1` with `a = max(0, z)`, which is 1
    /// - No effect: without hidden layers; every activation but `relu`; `relu` while every unit is active
    /// - Gradient check: finds it in all layers below the last, and in the inputs, where a unit is inactive
    /// - Source: a tutorial's layer in numpy that masks with `out_act < 0` after `out_act` was clipped
    ReluMaskAfterClipping = "relu_mask_after_clipping" {}
}

impl BackwardSteps for ReluMaskAfterClipping {
    fn activation_derivative(&self, phi: &Activation, trace: &Trace, layer: usize, unit: usize) -> f64 {
        match phi {
            Activation::Relu(_) if trace.activations[layer][unit] < 0.0 => 0.0,
            Activation::Relu(_) => 1.0,
            _ => activation_derivative(phi, trace, layer, unit),
        }
    }
}
