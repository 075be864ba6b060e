//! Optimizers: how parameters move. They know nothing of layers: they see all parameters of a network as one vector.
//!
//! Most move along the gradient ([`GradientState`]). Two use none and look for better parameters by trying
//! ([`SearchState`]); what that costs is counted in the same units.

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

/// An optimizer's settings, from which each run makes a state of its own.
pub trait OptimizerKernel<F> {
    /// The state before the first step, for `n_parameters` parameters.
    fn start(&self, n_parameters: usize) -> Rule<F>;

    /// λ of the weight decay that belongs to the optimizer itself.
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

/// An optimizer at work, by what it needs to see.
pub enum Rule<F> {
    /// It moves along the gradient.
    Gradient(Box<dyn GradientState<F>>),
    /// It tries parameters and compares their cost.
    Search(Box<dyn SearchState<F>>),
}

impl<F> Rule<F> {
    /// The state of an optimizer that moves along the gradient; `None` for the others.
    pub fn gradient(self) -> Option<Box<dyn GradientState<F>>> {
        match self {
            Self::Gradient(state) => Some(state),
            Self::Search(_) => None,
        }
    }
}

/// An optimizer that moves along the gradient.
pub trait GradientState<F> {
    /// Moves `parameters` by one step along `gradient`; both have the length given at the start.
    fn step(&mut self, parameters: &mut [F], gradient: &[F], learning_rate: F);
}

/// An optimizer that compares the cost of parameters and never asks for a gradient.
pub trait SearchState<F> {
    /// One step from `parameters`, which afterwards are the best that the step found.
    ///
    /// # Errors
    /// If it is cancelled: `parameters` are then as they were.
    fn step(&mut self, parameters: &mut [F], trial: &mut Trial<'_, F>) -> Result<(), Cancelled>;
}

/// What a search may do in a step.
pub struct Trial<'a, F> {
    /// The cost of parameters on the current batch; ∞ where it is no number. Every call costs a forward pass of the batch.
    pub cost: &'a mut dyn FnMut(&[F]) -> Result<f64, Cancelled>,
    /// The learning rate: the size of a change.
    pub step_size: f64,
    /// The random numbers of this step.
    pub stream: Stream,
    /// Whether the cost is the same function as in the step before, so that what was found then still holds.
    pub same_cost: bool,
    /// Asked after many random numbers.
    pub cancel: &'a Cancel<'a>,
}

/// Random numbers are drawn in blocks of so many, so that a step can be cancelled between them.
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
