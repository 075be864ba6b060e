use super::{LayerState, ProbeKernel, Scope, Sums, Values};
use crate::cancel::{Cancel, Cancelled};
use crate::linalg;
use crate::real::Element;
use ndarray::Array2;

crate::item! {
    /// The largest and the smallest singular value of a layer's weights, and their ratio, the condition number. It shows how
    /// unequally the layer stretches directions, in signals and in gradients. There is no condition number if the smallest
    /// value is 0. LAPACK computes them, so their last digits differ between processors.
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

    /// The weights and LAPACK's workspace.
    fn working_numbers(&self, _parameters: f64, largest_layer: f64) -> f64 {
        4.0 * largest_layer
    }

    fn measure_layer(
        &self,
        layer: &LayerState<'_, F>,
        _sums: &Sums,
        cancel: &Cancel<'_>,
    ) -> Result<Values, Cancelled> {
        let (n_in, n_out) = (layer.layer.n_in, layer.layer.n_out);
        let entries = layer.weights.iter().map(|weight| weight.to_f64()).collect();
        let Ok(matrix) = Array2::from_shape_vec((n_in, n_out), entries) else { return Ok(Values::default()) };
        let find = move || linalg::singular_values(matrix.view());
        let is_short = n_in.saturating_mul(n_out).saturating_mul(n_in.min(n_out)) <= MAX_UNASKED;
        let Ok(values) = (if is_short { find() } else { cancel.wait_for(find)? }) else {
            return Ok(Values::default());
        };
        let (largest, smallest) = (values.first().copied(), values.last().copied());
        let ratio = largest.zip(smallest).filter(|(_, smallest)| *smallest > 0.0);
        Ok([largest, smallest, ratio.map(|(largest, smallest)| largest / smallest)])
    }
}

/// LAPACK cannot be cancelled: if `n_in · n_out · min(n_in, n_out)` is more than this, it gets its own thread.
const MAX_UNASKED: usize = 1 << 26;
