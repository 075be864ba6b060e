use crate::reference::BackwardSteps;

crate::item! {
    /// Each entry of the first layer's gradient is the sum of all of them: a formula whose result has no free index.
    ///
    /// - Formula: `∂J/∂w¹ᵢⱼ = xᵢ·δ¹ⱼ` becomes `Σᵢ Σⱼ xᵢ·δ¹ⱼ`
    /// - No effect: a first layer with a single weight; `step`, below which every gradient is 0
    /// - Gradient check: finds it in the weights of the first layer
    /// - Source: a hand derivation for a network with three layers, which sums over the inputs too
    SummedFirstLayer = "summed_first_layer" {}
}

impl BackwardSteps for SummedFirstLayer {
    fn weight_gradient(&self, layer: usize, gradient: &mut [Vec<f64>]) {
        if layer > 0 || gradient.iter().flatten().count() == 1 {
            return;
        }
        let sum: f64 = gradient.iter().flatten().sum();
        gradient.iter_mut().flatten().for_each(|entry| *entry = sum);
    }
}
