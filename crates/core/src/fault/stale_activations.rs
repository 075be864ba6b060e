use crate::reference::{BackwardSteps, Trace};

crate::item! {
    /// The gradients of the weights use the hidden activations of the previous sample; the first sample of a batch uses
    /// its own.
    ///
    /// - Formula: `∂L/∂wˡᵢⱼ = aˡ⁻¹ᵢ·δˡⱼ` for l > 1 becomes the same with `aˡ⁻¹` of the previous sample
    /// - No effect: without hidden layers; a batch of one sample
    /// - Gradient check: finds it in the weights of all layers above the first
    /// - Source: reused buffers: the backward pass of one sample runs after the forward pass of another
    StaleActivations = "stale_activations" {}
}

impl BackwardSteps for StaleActivations {
    fn input_of(&self, traces: &[Trace], sample: usize, layer: usize) -> Vec<f64> {
        let stale = if layer > 0 { sample.saturating_sub(1) } else { sample };
        traces[stale].input_of(layer)
    }
}
