use super::{GradientState, OptimizerKernel, Rule};
use crate::real::Real;
use crate::registry::Range;
use crate::simd::vectorized;

crate::item! {
    /// Gradient descent with momentum (the heavy ball): the velocity accumulates earlier gradients.
    ///
    /// - Formula: `v ← μ·v − η·g`, `θ ← θ + v`, from `v = 0`
    /// - Source: Polyak, *Some methods of speeding up the convergence of iteration methods* (1964); in this form Rumelhart,
    ///   Hinton, Williams (1986)
    Momentum = "momentum" {
        /// μ, the fraction of the velocity that each step keeps.
        mu: f64 = 0.9, Range::UNIT_BELOW_ONE;
    }
}

impl<F: Real> OptimizerKernel<F> for Momentum {
    fn start(&self, n_parameters: usize) -> Rule<F> {
        Rule::Gradient(Box::new(State { mu: F::from_f64(self.mu), velocity: vec![F::ZERO; n_parameters] }))
    }

    fn numbers_per_parameter(&self) -> u64 {
        1
    }
}

struct State<F> {
    mu: F,
    velocity: Vec<F>,
}

impl<F: Real> GradientState<F> for State<F> {
    fn step(&mut self, parameters: &mut [F], gradient: &[F], learning_rate: F) {
        let mu = self.mu;
        vectorized(
            #[inline(always)]
            || {
                for ((parameter, v), &g) in parameters.iter_mut().zip(&mut self.velocity).zip(gradient) {
                    *v = mu * *v - learning_rate * g;
                    *parameter += *v;
                }
            },
        );
    }
}
