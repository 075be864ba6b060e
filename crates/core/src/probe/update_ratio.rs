use super::{LayerState, ProbeKernel, Scope, Sums, Values};
use crate::real::Element;

crate::item! {
    /// How far the last step moved the weights of a layer, as a share of their size: about 1e-3 is common, much more is
    /// restless, much less is slow. No number before the first step, and none where the weights were 0.
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
