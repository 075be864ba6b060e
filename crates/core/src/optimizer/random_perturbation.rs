use super::{OptimizerKernel, Rule, SearchState, Trial, perturb};
use crate::cancel::Cancelled;
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// Random search without a gradient: a random change of all parameters is kept if the cost falls. Otherwise the opposite
    /// change is tried. If both fail, the next change is smaller.
    ///
    /// - Formula: `d = η·s·ξ` with `ξ ~ N(0, I)`; `θ ← θ + d` if `J(θ + d) < J(θ)`, or else `θ − d` if `J(θ − d) < J(θ)`;
    ///   `s ← s·expansion` after a success, `s ← s·contraction` after a failure, from `s = 1`
    /// - Cost: two or three forward passes of the batch per step (one less if the batch is the whole training set)
    /// - Source: Solis and Wets, *Minimization by random search techniques* (1981), algorithm 1, without its bias and with
    ///   the scale adapted after every step
    RandomPerturbation = "random_perturbation" {
        /// Factor for the size of the changes after a success.
        expansion: f64 = 1.2, Range::closed(1.0, 10.0);
        /// Factor for the size of the changes after a failure.
        contraction: f64 = 0.8, Range::closed(0.1, 1.0);
    }
}

/// The limits of the scale of changes, so that it can always recover.
const SMALLEST: f64 = 1e-12;
const LARGEST: f64 = 1e6;

impl<F: Real> OptimizerKernel<F> for RandomPerturbation {
    fn start(&self, n_parameters: usize) -> Rule<F> {
        let tried = vec![F::ZERO; n_parameters];
        Rule::Search(Box::new(State { settings: *self, scale: 1.0, cost: None, tried }))
    }

    fn numbers_per_parameter(&self) -> u64 {
        1
    }
}

struct State<F> {
    settings: RandomPerturbation,
    /// s
    scale: f64,
    /// The cost of the parameters after the last step.
    cost: Option<f64>,
    tried: Vec<F>,
}

impl<F: Real> SearchState<F> for State<F> {
    fn step(&mut self, parameters: &mut [F], trial: &mut Trial<'_, F>) -> Result<(), Cancelled> {
        let known = self.cost.filter(|_| trial.same_cost);
        let before = known.map_or_else(|| (trial.cost)(parameters), Ok)?;
        perturb(parameters, trial.step_size * self.scale, trial, &mut self.tried)?;
        let mut after = (trial.cost)(&self.tried)?;
        if after >= before {
            // The opposite change: θ − d = 2θ − (θ + d).
            for (tried, &parameter) in self.tried.iter_mut().zip(&*parameters) {
                *tried = parameter - (*tried - parameter);
            }
            after = (trial.cost)(&self.tried)?;
        }
        let success = after < before;
        if success {
            parameters.copy_from_slice(&self.tried);
        }
        self.cost = Some(if success { after } else { before });
        let factor = if success { self.settings.expansion } else { self.settings.contraction };
        self.scale = (self.scale * factor).clamp(SMALLEST, LARGEST);
        Ok(())
    }
}
