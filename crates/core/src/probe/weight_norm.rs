use super::{LayerState, ProbeKernel, Scope, Sums, Values, norm, one};
use crate::real::Element;

crate::item! {
    /// The size of a layer's weights, without biases.
    ///
    /// - Formula: `‖W‖ = √(Σ wᵢⱼ²)`
    /// - Source: Krogh and Hertz, *A simple weight decay can improve generalization* (1992)
    WeightNorm = "weight_norm" {}
}

impl<F: Element> ProbeKernel<F> for WeightNorm {
    fn scope(&self) -> Scope {
        Scope::Parameters
    }

    fn columns(&self) -> &'static [&'static str] {
        &["weight_norm"]
    }

    fn of_layer(&self, layer: &LayerState<'_, F>, _sums: &Sums) -> Values {
        one(norm(layer.weights))
    }
}
