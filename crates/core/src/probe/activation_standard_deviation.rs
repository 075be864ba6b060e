use super::{LayerChunk, LayerState, ProbeKernel, Scope, Sums, Values, one};
use crate::real::Element;

crate::item! {
    /// The spread of the activations of a layer, or of the outputs of the last layer. If it falls from layer to layer, the
    /// signal vanishes in the forward pass.
    ///
    /// - Formula: `√(mean (a − mean a)²)`, over samples and units
    /// - Source: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010),
    ///   section 3
    ActivationStandardDeviation = "activation_standard_deviation" {}
}

impl<F: Element> ProbeKernel<F> for ActivationStandardDeviation {
    fn scope(&self) -> Scope {
        Scope::Forward
    }

    fn columns(&self) -> &'static [&'static str] {
        &["activation_standard_deviation"]
    }

    /// Count, mean and sum of squared deviations. Chunks are combined as by Chan, Golub and LeVeque (1983). A mean
    /// square minus a squared mean would lose the small deviations of a layer whose activations hardly vary.
    fn add(&self, chunk: &LayerChunk<'_, F>, sums: &mut Sums) {
        let values = || chunk.activations.iter().map(|a| a.to_f64());
        let count = chunk.activations.len() as f64;
        let mean = values().sum::<f64>() / count;
        let deviations: f64 = values().map(|a| (a - mean) * (a - mean)).sum();
        let [known, known_mean, known_deviations] = sums.numbers;
        let all = known + count;
        let apart = mean - known_mean;
        sums.numbers = [
            all,
            known_mean + apart * count / all,
            known_deviations + deviations + apart * apart * known * count / all,
        ];
    }

    fn of_layer(&self, _layer: &LayerState<'_, F>, sums: &Sums) -> Values {
        one((sums.numbers[2] / sums.numbers[0]).sqrt())
    }
}
