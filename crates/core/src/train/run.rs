//! A training in progress.

use super::best::Best;
use super::order::Batches;
use super::{Divergence, EpochMetrics, Evaluator, Observer, Progress, Score, Stop};
use super::{evaluate, faulty, gradient};
use crate::cancel::{Cancel, Cancelled};
use crate::dataset::{Part, Parts};
use crate::network::{Network, Pass};
use crate::optimizer::{Rule, Trial};
use crate::probe::Probes;
use crate::real::Element;
use crate::reference::CostFunction;
use crate::schedule::Moment;
use crate::seed::{Purpose, Stream};
use crate::settings::{Budget, LastBatch, Limit, Reduction, Target, TrainSettings};
use crate::simd;

/// Forward pass of one sample: 1 unit of cost. Forward and backward: 3, since each of the two products of the backward
/// pass costs as much as that of the forward pass.
const FORWARD_COST: u64 = 1;
const TRAINING_COST: u64 = 3;

/// Operations that a step counts as beside those that grow with the network: the calls of its functions.
const OPERATIONS_OF_A_STEP: u64 = 512;

/// A training in progress. All its memory is taken when it is made: no step allocates.
pub(super) struct Run<'a, F> {
    pub(super) network: Network<F>,
    pub(super) parts: &'a Parts<F>,
    pub(super) settings: &'a TrainSettings,
    seed: u64,
    pub(super) batches: Batches<F>,
    pub(super) pass: Pass<F>,
    pub(super) gradient: Vec<F>,
    rule: Rule<F>,
    /// Where a search tries other parameters; `None` for optimizers that move along the gradient.
    tried: Option<Network<F>>,
    losses: Vec<F>,
    evaluator: Evaluator<F>,
    pub(super) progress: Progress,
    steps_per_epoch: u64,
    pub(super) learning_rate: f64,
    /// λ of the decoupled weight decay, the setting's or the optimizer's own.
    weight_decay: f64,
    /// Norm of the last gradient before it was clipped; `None` where it was not.
    norm_before_clipping: Option<f64>,
    target_reached: Option<(u64, Progress)>,
    best: Best<F>,
    /// `None` where nothing is measured.
    probes: Option<Box<Probes<F>>>,
    /// The epoch under way.
    epoch: u64,
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
            probes: Probes::new(&network, settings),
            epoch: 0,
            network,
            parts,
            settings,
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

    /// Goes back to the best parameters, if that is asked for; gives their epoch.
    pub(super) fn restore_best(&mut self) -> Option<u64> {
        self.best.restore(&mut self.network.parameters)
    }

    /// All epochs; an early stop travels as the error.
    pub(super) fn epochs(&mut self, observer: &mut dyn Observer) -> Result<(), Stop> {
        self.evaluate(0, observer)?;
        for epoch in 1..=self.settings.epochs {
            self.epoch = epoch;
            self.batches.start_epoch(self.seed, epoch);
            let end = self.epoch(observer);
            // A budget may end within an epoch: what it bought is measured there.
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
            self.pass.draw_masks_while(&self.network, samples, self.seed, step, self.cancel)?;
        }
        let cost = if self.tried.is_some() { self.search_step() } else { self.gradient_step() }?;
        self.progress.steps += 1;
        self.progress.samples += samples as u64;
        self.progress.cost_units += cost;
        Ok(())
    }

    /// Forward, backward, update; gives its cost.
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
        let scale = scale(settings.reduction, samples);
        let (pass, gradient, cancel) = (&mut self.pass, &mut self.gradient, self.cancel);
        self.network.forward_while(input, pass, cancel)?;
        self.network.backward_while(input, targets, &settings.loss, scale, pass, gradient, cancel)?;
        // What is not finite in the forward pass ends in δᴸ, and what overflows later in the next forward pass, unless a
        // bounded activation hides it: that is left to the evaluation.
        let delta_sum = simd::sum(self.pass.output_delta(self.network.n_out()));
        if !delta_sum.is_finite() {
            return Err(self.diverged("delta", delta_sum.to_f64()));
        }
        gradient::add_penalty(&settings.penalty, &self.network, &mut self.gradient);
        Ok(())
    }

    /// The same with the error of `fault`, by the reference engine; the forward pass is for the autopsy.
    fn backpropagate_wrongly(&mut self) -> Result<(), Stop> {
        let settings = self.settings;
        let (input, targets, samples) = self.batches.current(&self.parts.train);
        let scale = scale::<F>(settings.reduction, samples).to_f64();
        self.network.forward_while(input, &mut self.pass, self.cancel)?;
        let cost = CostFunction { loss: &settings.loss, scale, penalty: &settings.penalty };
        let batch = (input, targets);
        let (network, pass, fault) = (&mut self.network, &self.pass, &settings.fault);
        let wrong = faulty::backpropagation(network, pass, batch, cost, fault, self.cancel)?;
        faulty::replace(&mut self.gradient, &wrong, &settings.fault);
        let sum = simd::sum(&self.gradient);
        if sum.is_finite() { Ok(()) } else { Err(self.diverged("gradient", sum.to_f64())) }
    }

    /// Decoupled weight decay.
    fn decay(&mut self) {
        if self.weight_decay > 0.0 {
            gradient::decay(&mut self.network, self.learning_rate, self.weight_decay);
        }
    }

    /// A step of an optimizer that tries parameters; gives its cost.
    fn search_step(&mut self) -> Result<u64, Stop> {
        self.decay();
        let settings = self.settings;
        let (input, targets, samples) = self.batches.current(&self.parts.train);
        let (Rule::Search(state), Some(tried)) = (&mut self.rule, &mut self.tried) else { return Ok(0) };
        let (pass, losses) = (&mut self.pass, &mut self.losses[..samples]);
        let scale = scale::<F>(settings.reduction, samples).to_f64();
        let (mut calls, cancel) = (0, self.cancel);
        let mut cost = |parameters: &[F]| {
            calls += 1;
            tried.parameters.copy_from_slice(parameters);
            tried.forward_while(input, pass, cancel)?;
            cancel.after(tried.operations(samples))?;
            evaluate::sample_losses(tried, pass, targets, &settings.loss, losses);
            let loss = simd::sum_in_double(losses) * scale;
            let cost = loss + gradient::penalty_value(&settings.penalty, tried);
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

    fn evaluate(&mut self, epoch: u64, observer: &mut dyn Observer) -> Result<(), Stop> {
        observer.before_measuring();
        let result = self.measure(epoch, observer);
        observer.after_measuring();
        result?;
        // However small the network: a limit ends training between two evaluated epochs. What is over stays over.
        if epoch < self.settings.epochs {
            self.cancel.now()?;
        }
        Ok(())
    }

    fn measure(&mut self, epoch: u64, observer: &mut dyn Observer) -> Result<(), Stop> {
        let parts = self.parts;
        let train = self.score(&parts.train)?;
        let validation = parts.validation.as_ref().map(|part| self.score(part)).transpose()?;
        let trained = epoch > 0;
        let gradient_norm = self.gradient_norm().filter(|_| trained);
        let weight_norm = self.network.weight_norm();
        let penalty = &self.settings.penalty;
        let penalty_value = (!penalty.is_none()).then(|| gradient::penalty_value(penalty, &self.network));
        self.check_finite(weight_norm, gradient_norm, penalty_value)?;
        let mut metrics = EpochMetrics {
            epoch,
            progress: self.progress,
            learning_rate: trained.then_some(self.learning_rate),
            train,
            validation,
            gradient_norm,
            weight_norm,
            penalty_value,
            is_best: false,
            reaches_target: false,
        };
        let patience_ends = self.best.is_at_an_end(&metrics, &self.network.parameters);
        metrics.is_best = self.best.is_at(epoch);
        let stops_at_target = self.look_for_target(&mut metrics);
        observer.after_epoch(&metrics);
        if self.probes.as_ref().is_some_and(|probes| probes.is_due_at_epochs() || !trained) {
            self.probe(observer)?;
        }
        if stops_at_target {
            return Err(Stop::TargetReached);
        }
        self.check_tolerance()?;
        if patience_ends { Err(Stop::EarlyStopping) } else { Ok(()) }
    }

    /// Looks at the step that was made, and measures if it is time.
    fn probe_step(&mut self, observer: &mut dyn Observer) -> Result<(), Cancelled> {
        let Some(probes) = &mut self.probes else { return Ok(()) };
        probes.after_step(&self.network);
        if probes.is_due(self.progress.steps) {
            observer.before_measuring();
            let result = self.probe(observer);
            observer.after_measuring();
            result?;
        }
        Ok(())
    }

    /// Measures the network as it ended, unless that was done already.
    pub(super) fn probe_at_end(&mut self, observer: &mut dyn Observer) -> Result<(), Cancelled> {
        if self.probes.as_ref().is_some_and(|probes| probes.measured() != Some(self.progress.steps)) {
            self.probe(observer)?;
        }
        Ok(())
    }

    fn probe(&mut self, observer: &mut dyn Observer) -> Result<(), Cancelled> {
        let Some(probes) = &mut self.probes else { return Ok(()) };
        let now = (self.epoch, self.progress.steps);
        let part = &self.parts.train;
        observer.after_probes(&probes.measure(now, &self.network, part, self.settings, self.cancel)?);
        Ok(())
    }

    /// Norm of the last gradient, before clipping; `None` for a search.
    fn gradient_norm(&self) -> Option<f64> {
        match self.rule {
            Rule::Search(_) => None,
            Rule::Gradient(_) => {
                self.norm_before_clipping.or_else(|| Some(simd::sum_of_squares(&self.gradient).sqrt()))
            }
        }
    }

    /// Loss and accuracy on a part; an autopsy of its forward pass where the loss is no finite number.
    pub(super) fn score(&mut self, part: &Part<F>) -> Result<Score, Stop> {
        let score = self.evaluator.score_while(&self.network, part, &self.settings.loss, self.cancel)?;
        if score.loss.is_finite() {
            return Ok(score);
        }
        let last = ("loss", score.loss);
        Err(Stop::Diverged(Divergence::find(&self.network, self.evaluator.pass(), self.progress.steps, last)))
    }

    /// A bounded activation makes a finite loss of infinite parameters: they are looked at themselves.
    fn check_finite(
        &self,
        weight_norm: f64,
        gradient_norm: Option<f64>,
        penalty_value: Option<f64>,
    ) -> Result<(), Stop> {
        let parameter = self.network.parameters.iter().find(|parameter| !parameter.is_finite());
        let values = [
            parameter.map(|parameter| ("parameters", parameter.to_f64())),
            Some(("weight_norm", weight_norm)),
            gradient_norm.map(|norm| ("gradient_norm", norm)),
            penalty_value.map(|value| ("penalty_value", value)),
        ];
        match values.into_iter().flatten().find(|(_, value)| !value.is_finite()) {
            Some((tensor, value)) => Err(self.diverged(tensor, value)),
            None => Ok(()),
        }
    }

    /// Marks the epoch that first reaches the target; true if training ends with it.
    fn look_for_target(&mut self, metrics: &mut EpochMetrics) -> bool {
        let Target::Reach(goal) = self.settings.target else { return false };
        metrics.reaches_target = self.target_reached.is_none() && metrics.reaches(goal);
        if metrics.reaches_target {
            self.target_reached = Some((metrics.epoch, metrics.progress));
        }
        metrics.reaches_target && goal.stop
    }

    /// The gradient of the cost on the whole training part, without dropout, against the tolerance.
    fn check_tolerance(&mut self) -> Result<(), Stop> {
        let Limit::At(tolerance) = self.settings.gradient_tolerance else { return Ok(()) };
        let settings = self.settings;
        let scale = scale(settings.reduction, self.parts.train.len());
        let part = &self.parts.train;
        let gradient =
            self.evaluator.full_gradient(&self.network, part, &settings.loss, scale, self.cancel)?;
        gradient::add_penalty(&settings.penalty, &self.network, gradient);
        let norm = simd::sum_of_squares(gradient).sqrt();
        if norm <= tolerance { Err(Stop::GradientBelowTolerance) } else { Ok(()) }
    }

    fn diverged(&self, tensor: &'static str, value: f64) -> Stop {
        Stop::Diverged(Divergence::find(&self.network, &self.pass, self.progress.steps, (tensor, value)))
    }
}

/// What the sum over the samples of a batch is multiplied by.
pub(crate) fn scale<F: Element>(reduction: Reduction, samples: usize) -> F {
    match reduction {
        Reduction::Mean => F::ONE / F::from_f64(samples as f64),
        Reduction::Sum => F::ONE,
    }
}
