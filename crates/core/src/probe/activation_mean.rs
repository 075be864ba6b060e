use super::{LayerChunk, LayerState, ProbeKernel, Scope, Sums, Values, one};
use crate::real::Element;

crate::item! {
    /// The mean activation of a layer, or the mean output of the last layer.
    ///
    /// - Formula: `mean a`, over samples and units
    /// - Source: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010),
    ///   section 3
    ActivationMean = "activation_mean" {}
}

impl<F: Element> ProbeKernel<F> for ActivationMean {
    fn scope(&self) -> Scope {
        Scope::Forward
    }

    fn columns(&self) -> &'static [&'static str] {
        &["activation_mean"]
    }

    /// The sum and the count.
    fn add(&self, chunk: &LayerChunk<'_, F>, sums: &mut Sums) {
        sums.numbers[0] += chunk.activations.iter().map(|a| a.to_f64()).sum::<f64>();
        sums.numbers[1] += chunk.activations.len() as f64;
    }

    fn of_layer(&self, _layer: &LayerState<'_, F>, sums: &Sums) -> Values {
        one(sums.numbers[0] / sums.numbers[1])
    }
}
