//! The gradient check of a run.

#[cfg(test)]
mod tests;

use crate::plan::{Checking, Typed};
use chainrule_core::cancel::{Cancel, Cancelled};
use chainrule_core::dataset::Parts;
use chainrule_core::gradient_check::{self, Check, Effect, Gradient, Objective, TensorCheck};
use chainrule_core::network::Network;
use chainrule_core::real::Element;
use chainrule_core::train::{self, Budget, EarlyStopping, Limit, Stop, Target, TrainSettings, Trained};
use chainrule_record::{GradientCheck, TensorRow, WorstEntry};

/// The outcome of a check.
pub(super) enum Checked<F> {
    /// The check was made.
    Made(GradientCheck),
    /// The check was not made: the training before it stopped early, or the check was cancelled.
    Ended(Box<Trained<F>>),
}

/// A function that computes a gradient.
type Engine<'a, F> = &'a dyn Fn(&mut Network<F>, &Objective<'_, F>) -> Result<Gradient<F>, Cancelled>;

/// Trains for the epochs before the check, then checks the gradient of the first batch of the next epoch.
pub(super) fn check<F: Element>(
    typed: &Typed,
    checking: &Checking,
    network: &Network<F>,
    parts: &Parts<F>,
    cancel: &Cancel<'_>,
) -> Checked<F> {
    let (train, seed, after) = (&typed.train, typed.run.seed, checking.plan.check_after);
    let trained = match before(network, parts, train, after, seed, cancel) {
        Ok(network) => network,
        Err(ended) => return Checked::Ended(ended),
    };
    let (features, targets, step) = train::first_batch(&parts.train, train, seed, after + 1);
    let objective = Objective { features: &features, targets: &targets, cost: train.cost(), seed, step };
    match check_batch(&trained, &objective, checking, train, cancel) {
        Ok((found, effect)) => {
            Checked::Made(record(&found, checking, features.len() / network.n_in(), effect))
        }
        Err(cancelled) => Checked::Ended(Box::new(ended(trained, cancelled))),
    }
}

/// Checks the gradient of a batch. If there is a fault, also determines its effects.
fn check_batch<F: Element>(
    network: &Network<F>,
    objective: &Objective<'_, F>,
    checking: &Checking,
    train: &TrainSettings,
    cancel: &Cancel<'_>,
) -> Result<(Check, Option<Effect>), Cancelled> {
    // A limit applies even to the smallest check.
    cancel.now()?;
    let (fault, how) = (&train.fault, &checking.how);
    let engine: Engine<'_, F> =
        &|network, objective| gradient_check::backpropagation_with(fault, network, objective, cancel);
    let found = gradient_check::check(network, objective, how, objective.seed, engine, cancel)?;
    let effect = (!fault.is_none()).then(|| Effect::of(fault, network, objective, cancel)).transpose()?;
    Ok((found, effect))
}

/// The network after the given number of epochs, without any early end of training; or, if training failed, how it
/// ended.
fn before<F: Element>(
    network: &Network<F>,
    parts: &Parts<F>,
    train: &TrainSettings,
    epochs: u64,
    seed: u64,
    cancel: &Cancel<'_>,
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
    // Nothing is recorded here: the curve comes from the run itself.
    let trained = train::train(network.clone(), parts, &settings, seed, &mut (), cancel);
    if trained.stop == Stop::MaxEpochs { Ok(trained.network) } else { Err(Box::new(trained)) }
}

fn ended<F>(network: Network<F>, cancelled: Cancelled) -> Trained<F> {
    Trained { network, stop: cancelled.into(), target_reached: None, kept_epoch: None, test: None }
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
