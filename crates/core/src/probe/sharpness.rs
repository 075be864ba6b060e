use super::{Curvature, ProbeKernel, Scope, Values};
use crate::cancel::Cancelled;
use crate::hessian::LANCZOS_STEPS;
use crate::real::Element;

crate::item! {
    /// The largest eigenvalue of the Hessian of the cost on the training set: the curvature in the steepest direction.
    /// Gradient descent with learning rate η is stable if it is below 2/η. The Lanczos process with full reorthogonalisation
    /// computes it from exact products with the Hessian, in double precision. It ends if the residual is below 1e-9 of the
    /// eigenvalue, or after 64 products; then the result is a lower bound, usually a close one.
    ///
    /// For networks of at most 500,000 weights and biases, because the process keeps 64 vectors of that length.
    ///
    /// - Formula: `λ₁ = max vᵀHv` over `‖v‖ = 1`, with `H = ∂²J/∂θ∂θᵀ` over all parameters, penalty included
    /// - Source: Cohen, Kaur, Li, Kolter, Talwalkar, *Gradient descent on neural networks typically occurs at the edge of
    ///   stability* (2021); products as by Pearlmutter, *Fast exact multiplication by the Hessian* (1994)
    Sharpness = "sharpness" {}
}

/// The limit at which the vectors of the process take 256 MB.
const MOST_PARAMETERS: u64 = 32_000_000 / LANCZOS_STEPS as u64;

impl<F: Element> ProbeKernel<F> for Sharpness {
    fn scope(&self) -> Scope {
        Scope::Curvature
    }

    fn columns(&self) -> &'static [&'static str] {
        &["sharpness"]
    }

    fn of_network(&self, curvature: &mut Curvature<'_, F>) -> Result<Values, Cancelled> {
        let Curvature { hessian, lanczos, part, cancel, .. } = curvature;
        let found = lanczos.largest(|v, image| hessian.product(part, v, image, cancel), cancel)?;
        Ok([found.map(|found| found.value), None, None])
    }

    fn most_parameters(&self) -> Option<u64> {
        Some(MOST_PARAMETERS)
    }
}
