use super::{GradientState, OptimizerKernel, Rule};
use crate::real::Real;
use crate::simd::vectorized;

crate::item! {
    /// Stochastic gradient descent.
    ///
    /// - Formula: `θ ← θ − η·g`
    /// - Source: Robbins and Monro, *A stochastic approximation method* (1951)
    Sgd = "sgd" {}
}

impl<F: Real> OptimizerKernel<F> for Sgd {
    fn start(&self, _n_parameters: usize) -> Rule<F> {
        Rule::Gradient(Box::new(*self))
    }

    fn numbers_per_parameter(&self) -> u64 {
        0
    }
}

impl<F: Real> GradientState<F> for Sgd {
    fn step(&mut self, parameters: &mut [F], gradient: &[F], learning_rate: F) {
        vectorized(
            #[inline(always)]
            || {
                for (parameter, &g) in parameters.iter_mut().zip(gradient) {
                    *parameter -= learning_rate * g;
                }
            },
        );
    }
}
