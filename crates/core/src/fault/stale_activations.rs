use crate::reference::{BackwardSteps, Trace};

crate::item! {
    /// The gradients of the weights are made with the hidden activations of the sample before; the first sample of a
    /// batch has its own.
    ///
    /// - Formula: `∂L/∂wˡᵢⱼ = aˡ⁻¹ᵢ·δˡⱼ` for l > 1 becomes that with `aˡ⁻¹` of the sample before
    /// - No effect: without hidden layers; a batch of one sample
    /// - Gradient check: finds it in the weights of all layers above the first
    /// - Source: buffers that are used again: the backward pass of one sample runs after the forward pass of another
    StaleActivations = "stale_activations" {}
}

impl BackwardSteps for StaleActivations {
    fn input_of(&self, traces: &[Trace], sample: usize, layer: usize) -> Vec<f64> {
        let stale = if layer > 0 { sample.saturating_sub(1) } else { sample };
        traces[stale].input_of(layer)
    }
}
