use super::{GradientState, OptimizerKernel, Rule};
use crate::real::Real;
use crate::registry::Range;
use crate::simd::vectorized;

crate::item! {
    /// AdaGrad: the step of each parameter is scaled by all its gradients so far, so that parameters with rare or small
    /// gradients make large steps.
    ///
    /// - Formula: `s ← s + g²`, `θ ← θ − η·g / (√s + ε)`, from `s = 0`
    /// - Source: Duchi, Hazan, Singer, *Adaptive subgradient methods for online learning and stochastic optimization*
    ///   (2011)
    Adagrad = "adagrad" {
        /// ε, added to the root of the sum of squares. Its minimum is above 0 in single precision too, because a
        /// parameter without a gradient would otherwise become 0/0.
        epsilon: f64 = 1e-10, Range::at_least(1e-30);
    }
}

impl<F: Real> OptimizerKernel<F> for Adagrad {
    fn start(&self, n_parameters: usize) -> Rule<F> {
        Rule::Gradient(Box::new(State {
            epsilon: F::from_f64(self.epsilon),
            sum_of_squares: vec![F::ZERO; n_parameters],
        }))
    }

    fn numbers_per_parameter(&self) -> u64 {
        1
    }
}

struct State<F> {
    epsilon: F,
    sum_of_squares: Vec<F>,
}

impl<F: Real> GradientState<F> for State<F> {
    fn step(&mut self, parameters: &mut [F], gradient: &[F], learning_rate: F) {
        let epsilon = self.epsilon;
        vectorized(
            #[inline(always)]
            || {
                for ((parameter, s), &g) in parameters.iter_mut().zip(&mut self.sum_of_squares).zip(gradient)
                {
                    *s += g * g;
                    *parameter -= learning_rate * g / (s.sqrt() + epsilon);
                }
            },
        );
    }
}
