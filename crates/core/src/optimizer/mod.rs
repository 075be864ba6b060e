//! Optimizers: how parameters move along the gradient. They know nothing of layers: they see all parameters of a
//! network as one vector.

mod adagrad;
mod adam;
mod momentum;
mod nesterov;
mod rmsprop;
mod sgd;

use crate::real::Real;

crate::family! {
    /// The optimizer.
    Optimizer = "optimizer", kernel<F: Real> = dyn OptimizerKernel<F>, default Sgd {
        Sgd(sgd),
        Momentum(momentum),
        Nesterov(nesterov),
        Adagrad(adagrad),
        Rmsprop(rmsprop),
        Adam(adam),
    }
}

/// An optimizer's settings, from which each run makes a state of its own.
pub trait OptimizerKernel<F> {
    /// The state before the first step, for `n_parameters` parameters.
    fn start(&self, n_parameters: usize) -> Box<dyn OptimizerState<F>>;
}

/// An optimizer at work.
pub trait OptimizerState<F> {
    /// Moves `parameters` by one step along `gradient`; both have the length given at the start.
    fn step(&mut self, parameters: &mut [F], gradient: &[F], learning_rate: F);
}
