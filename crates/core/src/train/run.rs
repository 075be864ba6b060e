//! A training run in progress.

use super::best::Best;
use super::order::Batches;
use super::{Budget, Evaluator, LastBatch, Limit, Observer, Progress, Stop, TrainSettings, gradient};
use crate::cancel::Cancel;
use crate::cost::{self, CostFunction};
use crate::dataset::Parts;
use crate::fault;
use crate::network::{Network, Pass};
use crate::optimizer::{Rule, Trial};
use crate::probe::Probes;
use crate::real::Element;
use crate::reference::ScaledCost;
use crate::schedule::Moment;
use crate::seed::{Purpose, Stream};
use crate::simd;

/// A forward pass of one sample costs 1 unit. Forward and backward cost 3: each of the two products of the backward
/// pass costs as much as the forward pass.
const FORWARD_COST: u64 = 1;
const TRAINING_COST: u64 = 3;

/// The fixed operations of a step, for the calls of its functions, in addition to those that grow with the network.
const OPERATIONS_OF_A_STEP: u64 = 512;

/// A training run in progress. Construction allocates all its memory: no step allocates.
pub(super) struct Run<'a, F> {
    pub(super) network: Network<F>,
    pub(super) parts: &'a Parts<F>,
    pub(super) settings: &'a TrainSettings,
    pub(super) cost: CostFunction,
    seed: u64,
    pub(super) batches: Batches<F>,
    pub(super) pass: Pass<F>,
    pub(super) gradient: Vec<F>,
    pub(super) rule: Rule<F>,
    /// The parameters that a search tries; `None` for optimizers that use the gradient.
    tried: Option<Network<F>>,
    losses: Vec<F>,
    pub(super) evaluator: Evaluator<F>,
    pub(super) progress: Progress,
    steps_per_epoch: u64,
    pub(super) learning_rate: f64,
    /// λ of the decoupled weight decay, from the setting or the optimizer.
    weight_decay: f64,
    /// Norm of the last gradient before clipping; `None` without limits.
    pub(super) norm_before_clipping: Option<f64>,
    pub(super) target_reached: Option<(u64, Progress)>,
    pub(super) best: Best<F>,
    /// `None` if there are no probes.
    pub(super) probes: Option<Box<Probes<F>>>,
    /// The current epoch.
    pub(super) epoch: u64,
    pub(super) cancel: &'a Cancel<'a>,
}

impl<'a, F: Element> Run<'a, F> {
    pub(super) fn new(
        network: Network<F>,
        parts: &'a Parts<F>,
        settings: &'a TrainSettings,
        seed: u64,
        cancel: &'a Cancel<'a>,
    ) -> Self {
        let n_parameters = network.parameters.len();
        let batch_size = settings.batch_size.samples(parts.train.len());
        let rule = settings.optimizer.kernel().start(n_parameters);
        let searches = matches!(rule, Rule::Search(_));
        let room = |needed: bool, n: usize| vec![F::ZERO; if needed { n } else { 0 }];
        let batches = Batches::new(&parts.train, settings.batch_size);
        let keep_last = settings.last_batch == LastBatch::Keep;
        let evaluator = match settings.gradient_tolerance {
            Limit::None => Evaluator::new(&network),
            Limit::At(_) => Evaluator::with_gradient(&network),
        };
        Self {
            steps_per_epoch: batches.steps_per_epoch(parts.train.len(), keep_last),
            batches,
            pass: Pass::for_training(&network, batch_size),
            gradient: room(!searches, n_parameters),
            rule,
            tried: searches.then(|| network.clone()),
            losses: room(searches, batch_size),
            evaluator,
            progress: Progress::default(),
            learning_rate: settings.learning_rate,
            weight_decay: settings.weight_decay + settings.optimizer.kernel::<F>().weight_decay(),
            norm_before_clipping: None,
            target_reached: None,
            best: Best::new(settings.early_stopping, n_parameters),
            probes: Probes::new(&network, &settings.measure, settings.every, settings.cost()),
            epoch: 0,
            network,
            parts,
            settings,
            cost: settings.cost(),
            seed,
            cancel,
        }
    }

    pub(super) fn into_network(self) -> Network<F> {
        self.network
    }

    pub(super) fn target_reached(&self) -> Option<(u64, Progress)> {
        self.target_reached
    }

    /// Restores the best parameters, if requested; returns their epoch.
    pub(super) fn restore_best(&mut self) -> Option<u64> {
        self.best.restore(&mut self.network.parameters)
    }

    /// Runs all epochs; an early stop is returned as the error.
    pub(super) fn epochs(&mut self, observer: &mut dyn Observer) -> Result<(), Stop> {
        self.evaluate(0, observer)?;
        for epoch in 1..=self.settings.epochs {
            self.epoch = epoch;
            self.batches.start_epoch(self.seed, epoch);
            let end = self.epoch(observer);
            // A budget may end within an epoch: the result is then measured there.
            let is_over = matches!(end, Err(Stop::BudgetSpent)) || epoch == self.settings.epochs;
            if !matches!(end, Ok(()) | Err(Stop::BudgetSpent)) {
                return end;
            }
            if is_over || epoch % self.settings.evaluate_every == 0 {
                self.evaluate(epoch, observer)?;
            }
            end?;
        }
        Ok(())
    }

    fn epoch(&mut self, observer: &mut dyn Observer) -> Result<(), Stop> {
        let keep_last = self.settings.last_batch == LastBatch::Keep;
        while self.batches.advance(&self.parts.train, keep_last) {
            let before = (self.progress.steps < self.settings.trace_steps).then(|| self.network.clone());
            self.step()?;
            if self.probes.is_some() {
                self.probe_step(observer)?;
            }
            if let Some(before) = before {
                observer.after_traced_step(self.trace(&before)?);
            }
            observer.after_step();
            if let Budget::Spend(cost) = self.settings.budget
                && self.progress.cost_units >= cost.forward_samples
            {
                return Err(Stop::BudgetSpent);
            }
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), Stop> {
        self.learning_rate = self.settings.learning_rate * self.schedule_factor();
        let samples = self.batches.samples();
        self.cancel.after(OPERATIONS_OF_A_STEP + 3 * self.network.operations(samples))?;
        if self.network.dropout > 0.0 {
            let step = self.progress.steps;
            self.pass.draw_masks(&self.network, samples, self.seed, step, self.cancel)?;
        }
        let cost = if self.tried.is_some() { self.search_step() } else { self.gradient_step() }?;
        self.progress.steps += 1;
        self.progress.samples += samples as u64;
        self.progress.cost_units += cost;
        Ok(())
    }

    /// Forward pass, backward pass and update; returns the cost.
    fn gradient_step(&mut self) -> Result<u64, Stop> {
        let settings = self.settings;
        if settings.fault.is_none() {
            self.backpropagate()?
        } else {
            self.backpropagate_wrongly()?
        }
        self.norm_before_clipping =
            gradient::clip(settings.clip_value, settings.clip_norm, &mut self.gradient);
        self.decay();
        if let Rule::Gradient(state) = &mut self.rule {
            state.step(&mut self.network.parameters, &self.gradient, F::from_f64(self.learning_rate));
        }
        Ok(TRAINING_COST * self.batches.samples() as u64)
    }

    /// The gradient of the current batch, penalty included.
    fn backpropagate(&mut self) -> Result<(), Stop> {
        let settings = self.settings;
        let (input, targets, samples) = self.batches.current(&self.parts.train);
        let scale = settings.reduction.scale(samples);
        let (pass, gradient, cancel) = (&mut self.pass, &mut self.gradient, self.cancel);
        self.network.forward(input, pass, cancel)?;
        self.network.backward(input, targets, &settings.loss, scale, pass, gradient, cancel)?;
        // A number that is not finite in the forward pass reaches δᴸ. A later overflow reaches the next forward pass,
        // unless a bounded activation hides it. The evaluation finds the hidden cases.
        let delta_sum = simd::sum(self.pass.output_delta(self.network.n_out()));
        if !delta_sum.is_finite() {
            return Err(self.diverged("delta", delta_sum.to_f64()));
        }
        self.cost.add_penalty_gradient(&self.network, &mut self.gradient);
        Ok(())
    }

    /// The same with the error of `fault`, by the reference engine; the forward pass is for the autopsy.
    fn backpropagate_wrongly(&mut self) -> Result<(), Stop> {
        let settings = self.settings;
        let (input, targets, samples) = self.batches.current(&self.parts.train);
        let scale = settings.reduction.scale::<F>(samples).to_f64();
        self.network.forward(input, &mut self.pass, self.cancel)?;
        let cost = ScaledCost { loss: &settings.loss, scale, penalty: &settings.penalty };
        let batch = (input, targets);
        let (network, pass, fault) = (&mut self.network, &self.pass, &settings.fault);
        let wrong = fault::backpropagation(network, pass, batch, cost, fault, self.cancel)?;
        fault::replace(&mut self.gradient, &wrong, &settings.fault);
        let sum = simd::sum(&self.gradient);
        if sum.is_finite() { Ok(()) } else { Err(self.diverged("gradient", sum.to_f64())) }
    }

    /// Decoupled weight decay.
    fn decay(&mut self) {
        if self.weight_decay > 0.0 {
            gradient::decay(&mut self.network, self.learning_rate, self.weight_decay);
        }
    }

    /// A step of an optimizer that tries parameters; returns its cost.
    fn search_step(&mut self) -> Result<u64, Stop> {
        self.decay();
        let settings = self.settings;
        let (input, targets, samples) = self.batches.current(&self.parts.train);
        let (Rule::Search(state), Some(tried)) = (&mut self.rule, &mut self.tried) else { return Ok(0) };
        let (pass, losses) = (&mut self.pass, &mut self.losses[..samples]);
        let scale = settings.reduction.scale::<F>(samples).to_f64();
        let (mut calls, cancel, terms) = (0, self.cancel, self.cost);
        let mut cost = |parameters: &[F]| {
            calls += 1;
            tried.parameters.copy_from_slice(parameters);
            tried.forward(input, pass, cancel)?;
            cancel.after(tried.operations(samples))?;
            cost::sample_losses(tried, pass, targets, &settings.loss, losses);
            let loss = simd::sum_in_double(losses) * scale;
            let cost = loss + terms.penalty_value(tried);
            Ok(if cost.is_nan() { f64::INFINITY } else { cost })
        };
        let is_same_cost = self.batches.is_full() && self.network.dropout == 0.0 && self.weight_decay == 0.0;
        let mut trial = Trial {
            cost: &mut cost,
            step_size: self.learning_rate,
            stream: Stream::new(self.seed, Purpose::Search, 0, self.progress.steps),
            same_cost: is_same_cost && self.progress.steps > 0,
            cancel,
        };
        state.step(&mut self.network.parameters, &mut trial)?;
        Ok(FORWARD_COST * calls * samples as u64)
    }

    fn schedule_factor(&self) -> f64 {
        let steps_per_epoch = self.steps_per_epoch;
        let steps = steps_per_epoch * self.settings.epochs;
        let at = Moment { step: self.progress.steps, steps, steps_per_epoch };
        self.settings.schedule.factor(self.settings.warmup_epochs, at)
    }
}
