use super::{GradientState, OptimizerKernel, Rule};
use crate::real::Real;
use crate::registry::Range;
use crate::simd::vectorized;

crate::item! {
    /// RMSprop: each parameter's step is scaled by a running mean of the square of its gradient.
    ///
    /// - Formula: `v ← ρ·v + (1 − ρ)·g²`, `θ ← θ − η·g / (√v + ε)`, from `v = 0`
    /// - Source: Tieleman and Hinton, *Lecture 6.5: rmsprop* of *Neural networks for machine learning* (2012)
    Rmsprop = "rmsprop" {
        /// ρ, the decay of the mean of the square.
        rho: f64 = 0.9, Range::UNIT_BELOW_ONE;
        /// ε, added to the root of the mean square. Its minimum is above 0 in single precision too, because a parameter
        /// without a gradient would otherwise become 0/0.
        epsilon: f64 = 1e-8, Range::at_least(1e-30);
    }
}

impl<F: Real> OptimizerKernel<F> for Rmsprop {
    fn start(&self, n_parameters: usize) -> Rule<F> {
        Rule::Gradient(Box::new(State { settings: *self, mean_square: vec![F::ZERO; n_parameters] }))
    }

    fn numbers_per_parameter(&self) -> u64 {
        1
    }
}

struct State<F> {
    settings: Rmsprop,
    mean_square: Vec<F>,
}

impl<F: Real> GradientState<F> for State<F> {
    fn step(&mut self, parameters: &mut [F], gradient: &[F], learning_rate: F) {
        let Rmsprop { rho, epsilon } = self.settings;
        let [rho, rest, epsilon] = [rho, 1.0 - rho, epsilon].map(F::from_f64);
        vectorized(
            #[inline(always)]
            || {
                for ((parameter, v), &g) in parameters.iter_mut().zip(&mut self.mean_square).zip(gradient) {
                    *v = rho * *v + rest * (g * g);
                    *parameter -= learning_rate * g / (v.sqrt() + epsilon);
                }
            },
        );
    }
}
