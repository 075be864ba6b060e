use super::adam::Adam;
use super::{OptimizerKernel, Rule};
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// Adam with decoupled weight decay: unlike the gradient of a penalty, the decay is not divided by the root of the mean
    /// square gradient.
    ///
    /// - Formula: `W ← W − η·λ·W` for weights, not biases, then the step of `adam`
    /// - Source: Loshchilov and Hutter, *Decoupled weight decay regularization* (2019), algorithm 2, with the decay scaled
    ///   by the learning rate as in PyTorch
    Adamw = "adamw" {
        /// β₁, the decay of the mean of the gradient.
        beta1: f64 = 0.9, Range::UNIT_BELOW_ONE;
        /// β₂, the decay of the mean of its square.
        beta2: f64 = 0.999, Range::UNIT_BELOW_ONE;
        /// ε, added to the root of the mean square.
        epsilon: f64 = 1e-8, Range::at_least(1e-30);
        /// λ, the weight decay.
        weight_decay: f64 = 0.01, Range::NON_NEGATIVE;
    }
}

impl<F: Real> OptimizerKernel<F> for Adamw {
    fn start(&self, n_parameters: usize) -> Rule<F> {
        let Self { beta1, beta2, epsilon, .. } = *self;
        Adam { beta1, beta2, epsilon }.start(n_parameters)
    }

    fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    fn numbers_per_parameter(&self) -> u64 {
        2
    }
}
