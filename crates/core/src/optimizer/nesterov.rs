use super::{GradientState, OptimizerKernel, Rule};
use crate::real::Real;
use crate::registry::Range;
use crate::simd::vectorized;

crate::item! {
    /// Gradient descent with Nesterov's momentum: the gradient is evaluated at the point to which the velocity leads.
    ///
    /// - Formula: `v ← μ·v − η·g`, `θ ← θ + μ·v − η·g`, from `v = 0`, where θ is the point looked ahead to
    /// - Source: Nesterov, *A method for solving the convex programming problem with convergence rate O(1/k²)* (1983);
    ///   Sutskever, Martens, Dahl, Hinton, *On the importance of initialization and momentum in deep learning* (2013), in
    ///   the form of Bengio, Boulanger-Lewandowski, Pascanu, *Advances in optimizing recurrent networks* (2013)
    Nesterov = "nesterov" {
        /// μ, the fraction of the velocity that each step keeps.
        mu: f64 = 0.9, Range::UNIT_BELOW_ONE;
    }
}

impl<F: Real> OptimizerKernel<F> for Nesterov {
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
                    *parameter += mu * *v - learning_rate * g;
                }
            },
        );
    }
}
