//! Measurements during training.

use super::run::Run;
use super::{Divergence, EpochMetrics, Limit, Observer, Score, Stop, Target};
use crate::cancel::Cancelled;
use crate::dataset::Part;
use crate::optimizer::Rule;
use crate::real::Element;
use crate::simd;

impl<F: Element> Run<'_, F> {
    pub(super) fn evaluate(&mut self, epoch: u64, observer: &mut dyn Observer) -> Result<(), Stop> {
        observer.before_measuring();
        let result = self.measure(epoch, observer);
        observer.after_measuring();
        result?;
        // Even for a small network: a time limit can end training between two evaluated epochs. A finished training
        // stays finished.
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
        let has_penalty = !self.cost.penalty.is_none();
        let penalty_value = has_penalty.then(|| self.cost.penalty_value(&self.network));
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

    /// Records the last step, and measures if it is due.
    pub(super) fn probe_step(&mut self, observer: &mut dyn Observer) -> Result<(), Cancelled> {
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

    /// Measures the network at the end, unless that is already done.
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
        observer.after_probes(&probes.measure(now, &self.network, part, self.cancel)?);
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

    /// Loss and accuracy on a set, or an autopsy of the forward pass if the loss is not finite.
    pub(super) fn score(&mut self, part: &Part<F>) -> Result<Score, Stop> {
        let score = self.evaluator.score(&self.network, part, &self.settings.loss, self.cancel)?;
        if score.loss.is_finite() {
            return Ok(score);
        }
        let last = ("loss", score.loss);
        Err(Stop::Diverged(Divergence::find(&self.network, self.evaluator.pass(), self.progress.steps, last)))
    }

    /// A bounded activation makes a finite loss from infinite parameters, so the parameters are checked too.
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

    /// Marks the epoch that first reaches the target; returns true if training ends with it.
    fn look_for_target(&mut self, metrics: &mut EpochMetrics) -> bool {
        let Target::Reach(goal) = self.settings.target else { return false };
        metrics.reaches_target = self.target_reached.is_none() && metrics.reaches(goal);
        if metrics.reaches_target {
            self.target_reached = Some((metrics.epoch, metrics.progress));
        }
        metrics.reaches_target && goal.stop
    }

    /// Compares the gradient of the cost on the whole training set, without dropout, with the tolerance.
    fn check_tolerance(&mut self) -> Result<(), Stop> {
        let Limit::At(tolerance) = self.settings.gradient_tolerance else { return Ok(()) };
        let settings = self.settings;
        let scale = settings.reduction.scale(self.parts.train.len());
        let part = &self.parts.train;
        let gradient =
            self.evaluator.full_gradient(&self.network, part, &settings.loss, scale, self.cancel)?;
        self.cost.add_penalty_gradient(&self.network, gradient);
        let norm = simd::sum_of_squares(gradient).sqrt();
        if norm <= tolerance { Err(Stop::GradientBelowTolerance) } else { Ok(()) }
    }

    pub(super) fn diverged(&self, tensor: &'static str, value: f64) -> Stop {
        Stop::Diverged(Divergence::find(&self.network, &self.pass, self.progress.steps, (tensor, value)))
    }
}
