use crate::activation::Activation;
use crate::reference::{BackwardSteps, Libm, Trace};

crate::item! {
    /// The derivative of the activation is evaluated at the pre-activations of the next layer. If that layer has
    /// another width, its units are reused cyclically.
    ///
    /// - Formula: `φ'(zˡ)` becomes `φ'(zˡ⁺¹)`
    /// - No effect: without hidden layers; `identity` and `step`, whose slope is the same everywhere
    /// - Gradient check: finds it in all layers below the last, and in the inputs
    /// - Source: lists that are indexed by layer, where the list of activations begins with the input, but the list
    ///   of pre-activations does not
    OffByOneLayer = "off_by_one_layer" {}
}

impl BackwardSteps for OffByOneLayer {
    fn activation_derivative(&self, phi: &Activation, trace: &Trace, layer: usize, unit: usize) -> f64 {
        let (kernel, next) = (phi.kernel::<Libm>(), &trace.pre_activations[layer + 1]);
        let z = Libm(next[unit % next.len()]);
        kernel.derivative(z, kernel.value(z)).0
    }
}
