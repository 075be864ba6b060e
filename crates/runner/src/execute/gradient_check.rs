//! The gradient check of a run.

#[cfg(test)]
mod tests;

use super::one::Watch;
use crate::plan::{Checking, Typed};
use chainrule_core::dataset::Parts;
use chainrule_core::fault::Fault;
use chainrule_core::gradient_check::{self, Check, Gradient, Objective, TensorCheck};
use chainrule_core::network::Network;
use chainrule_core::real::Element;
use chainrule_core::settings::{Budget, EarlyStopping, Limit, Target, TrainSettings};
use chainrule_core::train::{self, Flow, Observer, Stop, Trained};
use chainrule_record::{GradientCheck, TensorRow, WorstEntry};

/// What became of a check.
pub(super) enum Checked<F> {
    /// It was made.
    Made(GradientCheck),
    /// It was not: the training before it ended otherwise than by its number of epochs, or time was up.
    Ended(Box<Trained<F>>),
}

/// An engine's gradient.
type Engine<'a, F> = &'a dyn Fn(&mut Network<F>, &Objective<'_, F>) -> Gradient<F>;

/// Trains for as many epochs as go before the check, and checks the gradient of the first batch of the next.
pub(super) fn check<F: Element>(
    typed: &Typed,
    checking: &Checking,
    network: &Network<F>,
    parts: &Parts<F>,
    watch: &mut Watch<'_>,
) -> Checked<F> {
    let (train, seed, after) = (&typed.train, typed.run.seed, checking.plan.check_after);
    let trained = match before(network, parts, train, after, seed, watch) {
        Ok(network) => network,
        Err(ended) => return Checked::Ended(ended),
    };
    let (features, targets, step) = train::first_batch(&parts.train, train, seed, after + 1);
    let objective = Objective {
        features: &features,
        targets: &targets,
        loss: train.loss,
        reduction: train.reduction,
        penalty: train.penalty,
        seed,
        step,
    };
    let fault = &train.fault;
    let engine: Engine<'_, F> =
        &|network, objective| gradient_check::backpropagation_with(fault, network, objective);
    let go_on = || watch.flow() == Flow::Continue;
    match gradient_check::check_while(&trained, &objective, &checking.how, seed, engine, &go_on) {
        Some(found) => {
            let effect = (!fault.is_none()).then(|| Effect::of(fault, &trained, &objective));
            Checked::Made(record(&found, checking, features.len() / network.n_in(), effect))
        }
        None => Checked::Ended(Box::new(stopped(trained, watch.flow()))),
    }
}

/// The network after so many epochs, whatever else could end its training; or how it ended.
fn before<F: Element>(
    network: &Network<F>,
    parts: &Parts<F>,
    train: &TrainSettings,
    epochs: u64,
    seed: u64,
    watch: &mut Watch<'_>,
) -> Result<Network<F>, Box<Trained<F>>> {
    if epochs == 0 {
        return Ok(network.clone());
    }
    let settings = TrainSettings {
        epochs,
        evaluate_every: epochs,
        target: Target::None,
        early_stopping: EarlyStopping::None,
        gradient_tolerance: Limit::None,
        budget: Budget::None,
        trace_steps: 0,
        ..train.clone()
    };
    let trained = train::train(network.clone(), parts, &settings, seed, &mut Quietly(watch));
    if trained.stop == Stop::MaxEpochs { Ok(trained.network) } else { Err(Box::new(trained)) }
}

/// Looks at the clock and listens for the user, and writes nothing down: the curve is that of the run itself.
struct Quietly<'w, 'a>(&'w Watch<'a>);

impl Observer for Quietly<'_, '_> {
    fn after_step(&mut self) -> Flow {
        self.0.flow()
    }
}

fn stopped<F>(network: Network<F>, flow: Flow) -> Trained<F> {
    let stop = if flow == Flow::Interrupted { Stop::Interrupted } else { Stop::TimedOut };
    Trained { network, stop, target_reached: None, kept_epoch: None, test: None }
}

/// What a fault makes a difference to.
#[derive(Clone, Copy)]
struct Effect {
    gradient: bool,
    update: bool,
}

impl Effect {
    fn of<F: Element>(fault: &Fault, network: &Network<F>, objective: &Objective<'_, F>) -> Self {
        Self {
            gradient: gradient_check::changes_gradient(fault, network, objective),
            update: gradient_check::changes_update(fault, network, objective),
        }
    }
}

fn record(found: &Check, checking: &Checking, samples: usize, effect: Option<Effect>) -> GradientCheck {
    let (passed, expect) = (found.passed(), checking.plan.expect);
    GradientCheck {
        after_epochs: checking.plan.check_after,
        samples: samples as u64,
        cost: Some(found.cost),
        noise: Some(found.noise),
        tolerance: found.tolerance,
        passed,
        parameters_unchanged: found.parameters_unchanged,
        changes_gradient: effect.map(|effect| effect.gradient),
        changes_update: effect.map(|effect| effect.update),
        expect,
        as_expected: expect.is_met_by(passed),
        rows: found.rows.iter().map(|row| tensor(row, found.tolerance)).collect(),
    }
}

fn tensor(row: &TensorCheck, tolerance: f64) -> TensorRow {
    let errors = row.errors.as_ref();
    let worst = errors.map(|errors| WorstEntry {
        at: errors.worst.at.iter().map(|index| *index as u64).collect(),
        analytic: Some(errors.worst.analytic),
        numeric: Some(errors.worst.numeric),
    });
    TensorRow {
        layer: row.layer as u64,
        tensor: row.tensor.name().to_owned(),
        passed: row.passed(tolerance),
        entries: row.entries as u64,
        checked: row.checked as u64,
        kinks: row.kinks as u64,
        below_noise: row.below_noise as u64,
        largest_absolute: errors.map(|errors| errors.largest_absolute),
        largest_relative: errors.map(|errors| errors.largest_relative),
        median_relative: errors.map(|errors| errors.median_relative),
        sign_disagreements: errors.map(|errors| errors.sign_disagreements),
        worst,
    }
}
