use super::{LayerChunk, LayerState, ProbeKernel, Scope, Sums, Values, one};
use crate::real::Element;
use crate::simd::sum_of_squares;

crate::item! {
    /// The size of the gradient that is propagated back to the pre-activations of a layer.
    ///
    /// - Formula: `√(mean δ²)` with `δ = ∂L/∂z` of each sample's own loss, over samples and units: neither `reduction` nor
    ///   the penalty takes part
    /// - Source: He, Zhang, Ren, Sun, *Delving deep into rectifiers* (2015), section 2.2
    DeltaRms = "delta_rms" {}
}

impl<F: Element> ProbeKernel<F> for DeltaRms {
    fn scope(&self) -> Scope {
        Scope::Backward
    }

    fn columns(&self) -> &'static [&'static str] {
        &["delta_rms"]
    }

    /// The sum of squares and the count.
    fn add(&self, chunk: &LayerChunk<'_, F>, sums: &mut Sums) {
        sums.numbers[0] += sum_of_squares(chunk.delta);
        sums.numbers[1] += chunk.delta.len() as f64;
    }

    fn of_layer(&self, _layer: &LayerState<'_, F>, sums: &Sums) -> Values {
        let [squares, count, _] = sums.numbers;
        one((squares / count).sqrt())
    }
}
