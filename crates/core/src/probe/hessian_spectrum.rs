use super::{Curvature, ProbeKernel, Scope, Values};
use crate::cancel::Cancelled;
use crate::hessian::{condition_number, spectrum};
use crate::real::Element;

crate::item! {
    /// All eigenvalues of the Hessian of the cost on the training set. They show in how many directions the cost is steep,
    /// flat or falling. The probe also gives the largest and the smallest eigenvalue (below 0 at a saddle) and the condition
    /// number. LAPACK computes them, so their last digits differ between processors.
    ///
    /// For networks of at most 1,000 weights and biases, because the whole matrix is computed, with one product per column.
    ///
    /// - Formula: `λ₁ ≥ … ≥ λₙ` of `H = ∂²J/∂θ∂θᵀ` over all parameters, penalty included; `κ = max |λ| / min |λ|`, no
    ///   number where an eigenvalue is 0 to rounding, at most 1e-14 of the largest
    /// - Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp* (1998), section 5
    HessianSpectrum = "hessian_spectrum" {}
}

impl<F: Element> ProbeKernel<F> for HessianSpectrum {
    fn scope(&self) -> Scope {
        Scope::Curvature
    }

    fn columns(&self) -> &'static [&'static str] {
        &["largest_eigenvalue", "smallest_eigenvalue", "hessian_condition_number"]
    }

    fn needs_lapack(&self) -> bool {
        true
    }

    fn of_network(&self, curvature: &mut Curvature<'_, F>) -> Result<Values, Cancelled> {
        let found = spectrum(curvature.hessian, curvature.part, curvature.cancel)?;
        let Ok(values) = found else { return Ok(Values::default()) };
        let found = [values.first().copied(), values.last().copied(), condition_number(&values)];
        *curvature.spectrum = values;
        Ok(found)
    }

    /// The whole matrix and its transpose, which LAPACK then overwrites.
    fn working_numbers(&self, parameters: f64, _largest_layer: f64) -> f64 {
        2.2 * parameters * parameters
    }

    fn most_parameters(&self) -> Option<u64> {
        Some(1_000)
    }
}
