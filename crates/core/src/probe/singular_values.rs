use super::{LayerState, ProbeKernel, Scope, Sums, Values};
use crate::linalg;
use crate::real::Element;
use ndarray::Array2;

crate::item! {
    /// The largest and the smallest singular value of a layer's weights, and their ratio, the condition number: how
    /// unequally the layer stretches directions, in signals and in gradients. No condition number where the smallest is 0.
    /// Found by LAPACK, whose last digits differ from processor to processor.
    ///
    /// - Formula: `σ₁ = max ‖Wᵀx‖ / ‖x‖`, `σₘ` the least of the m = min(n_in, n_out), `κ = σ₁ / σₘ`
    /// - Source: Saxe, McClelland, Ganguli, *Exact solutions to the nonlinear dynamics of learning in deep linear neural
    ///   networks* (2014)
    SingularValues = "singular_values" {}
}

impl<F: Element> ProbeKernel<F> for SingularValues {
    fn scope(&self) -> Scope {
        Scope::Parameters
    }

    fn columns(&self) -> &'static [&'static str] {
        &["largest_singular_value", "smallest_singular_value", "condition_number"]
    }

    fn needs_lapack(&self) -> bool {
        true
    }

    fn of_layer(&self, layer: &LayerState<'_, F>, _sums: &Sums) -> Values {
        let entries = layer.weights.iter().map(|weight| weight.to_f64()).collect();
        let matrix = Array2::from_shape_vec((layer.layer.n_in, layer.layer.n_out), entries);
        let Some(values) = matrix.ok().and_then(|matrix| linalg::singular_values(matrix.view()).ok()) else {
            return Values::default();
        };
        let (largest, smallest) = (values.first().copied(), values.last().copied());
        let ratio = largest.zip(smallest).filter(|(_, smallest)| *smallest > 0.0);
        [largest, smallest, ratio.map(|(largest, smallest)| largest / smallest)]
    }
}
