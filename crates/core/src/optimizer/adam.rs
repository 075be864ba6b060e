use super::{GradientState, OptimizerKernel, Rule};
use crate::real::Real;
use crate::registry::Range;
use crate::simd::vectorized;

crate::item! {
    /// Adam: each parameter's step is scaled by running means of its gradient and of its square.
    ///
    /// - Formula: `m ← β₁·m + (1 − β₁)·g`, `v ← β₂·v + (1 − β₂)·g²`,
    ///   `θ ← θ − η·m̂ / (√v̂ + ε)` with `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`, t counted from 1
    /// - Source: Kingma and Ba, *Adam: a method for stochastic optimization* (2015), algorithm 1
    Adam = "adam" {
        /// β₁, the decay of the mean of the gradient.
        beta1: f64 = 0.9, Range::UNIT_BELOW_ONE;
        /// β₂, the decay of the mean of its square.
        beta2: f64 = 0.999, Range::UNIT_BELOW_ONE;
        /// ε, added to the root of the mean square. Its minimum is above 0 in single precision too, because a parameter
        /// without a gradient would otherwise become 0/0.
        epsilon: f64 = 1e-8, Range::at_least(1e-30);
    }
}

impl<F: Real> OptimizerKernel<F> for Adam {
    fn start(&self, n_parameters: usize) -> Rule<F> {
        let zeros = || vec![F::ZERO; n_parameters];
        Rule::Gradient(Box::new(State {
            settings: *self,
            beta1_power: 1.0,
            beta2_power: 1.0,
            mean: zeros(),
            mean_square: zeros(),
        }))
    }

    fn numbers_per_parameter(&self) -> u64 {
        2
    }
}

struct State<F> {
    settings: Adam,
    /// β₁ᵗ, in double precision for every run: a power of 0.999 in single precision would drift.
    beta1_power: f64,
    /// β₂ᵗ
    beta2_power: f64,
    mean: Vec<F>,
    mean_square: Vec<F>,
}

impl<F: Real> GradientState<F> for State<F> {
    fn step(&mut self, parameters: &mut [F], gradient: &[F], learning_rate: F) {
        let Adam { beta1, beta2, epsilon } = self.settings;
        self.beta1_power *= beta1;
        self.beta2_power *= beta2;
        let rate = F::from_f64(learning_rate.to_f64() / (1.0 - self.beta1_power));
        let square_scale = F::from_f64(1.0 / (1.0 - self.beta2_power).sqrt());
        let [beta1, rest1, beta2, rest2, epsilon] =
            [beta1, 1.0 - beta1, beta2, 1.0 - beta2, epsilon].map(F::from_f64);
        let (mean, mean_square) = (&mut self.mean, &mut self.mean_square);
        vectorized(
            #[inline(always)]
            || {
                let state = mean.iter_mut().zip(mean_square);
                for ((parameter, (m, v)), &g) in parameters.iter_mut().zip(state).zip(gradient) {
                    *m = beta1 * *m + rest1 * g;
                    *v = beta2 * *v + rest2 * (g * g);
                    *parameter -= rate * *m / (v.sqrt() * square_scale + epsilon);
                }
            },
        );
    }
}
