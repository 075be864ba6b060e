use crate::activation::Activation;
use crate::reference::{BackwardSteps, Libm, Trace};

crate::item! {
    /// The derivative of the activation is evaluated at its value a instead of at z.
    ///
    /// - Formula: `φ'(z)` becomes `φ'(a)` with `a = φ(z)`
    /// - No effect: without hidden layers; activations whose slope is the same at z and at φ(z): `identity`, `relu`,
    ///   `leaky_relu` and `prelu` with slopes above 0, `step`
    /// - Gradient check: finds it in all layers below the last, and in the inputs
    /// - Source: code that keeps only the activations and calls `derivative(a)`. It was written for `relu`, and is
    ///   right until the activation changes
    DerivativeAtOutput = "derivative_at_output" {}
}

impl BackwardSteps for DerivativeAtOutput {
    fn activation_derivative(&self, phi: &Activation, trace: &Trace, layer: usize, unit: usize) -> f64 {
        let (kernel, a) = (phi.kernel::<Libm>(), Libm(trace.activations[layer][unit]));
        kernel.derivative(a, kernel.value(a)).0
    }
}
