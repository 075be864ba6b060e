use super::{LayerChunk, LayerState, ProbeKernel, Scope, Sums, Values};
use crate::real::Element;

crate::item! {
    /// The fraction of the units of a hidden layer that no training sample activates. No gradient reaches their weights, so
    /// they do not change while the layers below do not. Only for activations that are flat on one side (`relu`;
    /// `leaky_relu` and `elu` with parameter 0). Other activations have a gradient everywhere, however small, and `step` has
    /// none. There is no number for them and for the last layer.
    ///
    /// - Formula: `share of the units with φ'(z) = 0 for every training sample`
    /// - Source: Maas, Hannun, Ng, *Rectifier nonlinearities improve neural network acoustic models* (2013), section 2.1
    DeadShare = "dead_share" {}
}

impl<F: Element> ProbeKernel<F> for DeadShare {
    fn scope(&self) -> Scope {
        Scope::Forward
    }

    fn columns(&self) -> &'static [&'static str] {
        &["dead_share"]
    }

    /// Which units are alive; the first number is 1 if units can die.
    fn add(&self, chunk: &LayerChunk<'_, F>, sums: &mut Sums) {
        let Some(phi) = chunk.activation.filter(|phi| phi.kernel::<F>().can_die()) else { return };
        let kernel = phi.kernel::<F>();
        sums.numbers[0] = 1.0;
        let rows = chunk.pre_activation.chunks_exact(chunk.units);
        for (z, a) in rows.zip(chunk.activations.chunks_exact(chunk.units)) {
            for ((alive, &z), &a) in sums.units.iter_mut().zip(z).zip(a) {
                *alive |= kernel.derivative(z, a) != F::ZERO;
            }
        }
    }

    fn of_layer(&self, _layer: &LayerState<'_, F>, sums: &Sums) -> Values {
        let dead = sums.units.iter().filter(|alive| !**alive).count() as f64;
        [(sums.numbers[0] == 1.0).then(|| dead / sums.units.len() as f64), None, None]
    }
}
