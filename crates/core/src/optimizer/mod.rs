//! Optimizers: how parameters move. They do not know about layers: they see all parameters of a network as one vector.
//!
//! Most follow the gradient ([`GradientState`]). Two use no gradient and search for better parameters by trial
//! ([`SearchState`]). Both kinds count their cost in the same units.

mod adagrad;
mod adam;
mod adamw;
mod genetic;
mod momentum;
mod nesterov;
mod random_perturbation;
mod rmsprop;
mod sgd;

use crate::cancel::{Cancel, Cancelled, DRAW};
use crate::error::SettingsError;
use crate::real::Real;
use crate::seed::Stream;

crate::family! {
    /// The optimizer.
    #[derive(Copy)]
    Optimizer = "optimizer", kernel<F: Real> = dyn OptimizerKernel<F>, default Sgd {
        Sgd(sgd),
        Momentum(momentum),
        Nesterov(nesterov),
        Adagrad(adagrad),
        Rmsprop(rmsprop),
        Adam(adam),
        Adamw(adamw),
        RandomPerturbation(random_perturbation),
        Genetic(genetic),
    }
}

/// An optimizer's settings, from which each run makes its own state.
pub trait OptimizerKernel<F> {
    /// The state before the first step, for `n_parameters` parameters.
    fn start(&self, n_parameters: usize) -> Rule<F>;

    /// λ of the weight decay that is part of the optimizer.
    fn weight_decay(&self) -> f64 {
        0.0
    }

    /// Whether its parameters fit together.
    ///
    /// # Errors
    /// If they do not.
    fn check(&self) -> Result<(), SettingsError> {
        Ok(())
    }

    /// How many numbers the state holds for each parameter.
    fn numbers_per_parameter(&self) -> u64;
}

/// The state of an optimizer, by the kind of information it needs.
pub enum Rule<F> {
    /// Uses the gradient.
    Gradient(Box<dyn GradientState<F>>),
    /// Tries parameters and compares their cost.
    Search(Box<dyn SearchState<F>>),
}

impl<F> Rule<F> {
    /// The state of an optimizer that uses the gradient; `None` for the others.
    pub fn gradient(self) -> Option<Box<dyn GradientState<F>>> {
        match self {
            Self::Gradient(state) => Some(state),
            Self::Search(_) => None,
        }
    }
}

/// An optimizer that uses the gradient.
pub trait GradientState<F> {
    /// Moves `parameters` by one step along `gradient`; both have the length given at the start.
    fn step(&mut self, parameters: &mut [F], gradient: &[F], learning_rate: F);
}

/// An optimizer that compares the cost of parameters and uses no gradient.
pub trait SearchState<F> {
    /// One step from `parameters`, which are then the best parameters found in the step.
    ///
    /// # Errors
    /// If it is cancelled. `parameters` then stay unchanged.
    fn step(&mut self, parameters: &mut [F], trial: &mut Trial<'_, F>) -> Result<(), Cancelled>;
}

/// The resources of a search step.
pub struct Trial<'a, F> {
    /// The cost of parameters on the current batch; ∞ if it is not a number. Every call costs a forward pass of the
    /// batch.
    pub cost: &'a mut dyn FnMut(&[F]) -> Result<f64, Cancelled>,
    /// The learning rate: the size of a change.
    pub step_size: f64,
    /// The random numbers of this step.
    pub stream: Stream,
    /// Whether the cost function is the same as in the previous step, so that an earlier result is still valid.
    pub same_cost: bool,
    /// Called after many random numbers.
    pub cancel: &'a Cancel<'a>,
}

/// Random numbers are drawn in blocks of this length, so that a step can be cancelled between blocks.
const BLOCK: usize = 1 << 12;

/// `moved = start + size · ξ`, with ξ drawn from the standard normal distribution, entry by entry.
fn perturb<F: Real>(
    start: &[F],
    size: f64,
    trial: &mut Trial<'_, F>,
    moved: &mut [F],
) -> Result<(), Cancelled> {
    for (moved, start) in moved.chunks_mut(BLOCK).zip(start.chunks(BLOCK)) {
        for (moved, &start) in moved.iter_mut().zip(start) {
            *moved = start + F::from_f64(size * trial.stream.normal());
        }
        trial.cancel.after(start.len() as u64 * DRAW)?;
    }
    Ok(())
}
