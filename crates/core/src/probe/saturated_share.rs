use super::{LayerChunk, LayerState, ProbeKernel, Scope, Sums, Values};
use crate::activation::Activation;
use crate::real::Element;

crate::item! {
    /// The fraction of the activations of a hidden layer, over samples and units, where φ is nearly flat and little of the
    /// gradient passes. For `sigmoid` this is |z| > 4.36, for `tanh` |z| > 2.18, for `relu` z ≤ 0. There is no number for
    /// `step`, which is flat everywhere, and for the last layer.
    ///
    /// - Formula: `share of |φ'(z)| < 0.05 · max |φ'|`, the maximum over the multiples of 1/64 in [−16, 16]
    /// - Source: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010),
    ///   section 3.1
    SaturatedShare = "saturated_share" {}
}

/// Slopes below this fraction of the steepest slope are flat.
const FLAT: f64 = 0.05;

impl<F: Element> ProbeKernel<F> for SaturatedShare {
    fn scope(&self) -> Scope {
        Scope::Forward
    }

    fn columns(&self) -> &'static [&'static str] {
        &["saturated_share"]
    }

    /// The count of flat activations, the count of all, and the steepest slope, which the first chunk computes.
    fn add(&self, chunk: &LayerChunk<'_, F>, sums: &mut Sums) {
        let Some(phi) = chunk.activation.filter(|phi| phi.kernel::<F>().is_informative()) else { return };
        let [flat, all, steepest] = &mut sums.numbers;
        if *all == 0.0 {
            *steepest = steepest_slope::<F>(&phi);
        }
        let kernel = phi.kernel::<F>();
        let limit = FLAT * *steepest;
        let entries = chunk.pre_activation.iter().zip(chunk.activations);
        let is_flat = |(&z, &a): (&F, &F)| kernel.derivative(z, a).to_f64().abs() < limit;
        *flat += entries.map(is_flat).filter(|is_flat| *is_flat).count() as f64;
        *all += chunk.activations.len() as f64;
    }

    fn of_layer(&self, _layer: &LayerState<'_, F>, sums: &Sums) -> Values {
        let [flat, all, steepest] = sums.numbers;
        [(steepest > 0.0).then(|| flat / all), None, None]
    }
}

/// `max |φ'|` over the multiples of 1/64 in [−16, 16].
fn steepest_slope<F: Element>(phi: &Activation) -> f64 {
    let kernel = phi.kernel::<F>();
    let slope = |k: i32| {
        let z = F::from_f64(f64::from(k) / 64.0);
        kernel.derivative(z, kernel.value(z)).to_f64().abs()
    };
    (-1024..=1024).map(slope).fold(0.0, f64::max)
}
