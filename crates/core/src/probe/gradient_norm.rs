use super::{LayerState, ProbeKernel, Scope, Sums, Values, norm, one};
use crate::real::Element;

crate::item! {
    /// The size of the gradient of a layer's weights. If it falls from layer to layer towards the input, gradients vanish,
    /// and the first layers barely learn.
    ///
    /// - Formula: `‖∂J/∂W‖ = √(Σ (∂J/∂wᵢⱼ)²)`, of the cost on the whole training set, penalty included, before clipping
    /// - Source: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010),
    ///   section 4.2
    GradientNorm = "gradient_norm" {}
}

impl<F: Element> ProbeKernel<F> for GradientNorm {
    fn scope(&self) -> Scope {
        Scope::Backward
    }

    fn columns(&self) -> &'static [&'static str] {
        &["gradient_norm"]
    }

    fn of_layer(&self, layer: &LayerState<'_, F>, _sums: &Sums) -> Values {
        one(norm(layer.gradient))
    }
}
