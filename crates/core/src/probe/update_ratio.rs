use super::{LayerState, ProbeKernel, Scope, Sums, Values};
use crate::real::Element;

crate::item! {
    /// The size of the last update of a layer's weights, relative to the weights. About 1e-3 is common; much more is
    /// unstable, much less is slow. There is no number before the first step, or if the weights were 0.
    ///
    /// - Formula: `‖W' − W‖ / ‖W‖`, with W before and W' after the step, whatever moved them: gradient, clipping, decay
    /// - Source: Bottou, *Stochastic gradient descent tricks* (2012), on choosing learning rates by the size of the updates
    UpdateRatio = "update_ratio" {}
}

impl<F: Element> ProbeKernel<F> for UpdateRatio {
    fn scope(&self) -> Scope {
        Scope::Step
    }

    fn columns(&self) -> &'static [&'static str] {
        &["update_ratio"]
    }

    fn of_layer(&self, layer: &LayerState<'_, F>, _sums: &Sums) -> Values {
        [layer.update_ratio, None, None]
    }
}
