//! One run, from its specification to its record.

use super::curve::LongCurve;
use super::function;
use super::gradient_check::{self, Checked};
use super::outcomes;
use super::probing::Probing;
use super::record::{record, without_results};
use crate::data::{DataCache, LoadError};
use crate::plan::Typed;
use crate::weights::{self, Identity, TrainedOn};
use chainrule_core::cancel::{Cancel, Cancelled};
use chainrule_core::error::DataError;
use chainrule_core::network::Network;
use chainrule_core::probe::Measured;
use chainrule_core::real::{Element, Precision};
use chainrule_core::train::{self, EpochMetrics, Observer, StepTrace, Stop, Trained};
use chainrule_record::{
    Divergence, ExperimentKind, RunId, RunRecord, RunSpec, Score, StopReason, TargetReached, TracedStep,
};
use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

/// Where a run finds its data and saves its files.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) data: &'a DataCache,
    /// The results folder.
    pub(super) folder: &'a Path,
}

/// Executes a run. A panic or an error becomes its record; `None` if it was interrupted.
pub(super) fn carry_out(
    spec: RunSpec,
    run_id: RunId,
    place: Place<'_>,
    stopped: &dyn Fn() -> bool,
) -> Option<RunRecord> {
    let begin = Instant::now();
    record(spec, run_id, begin, |identity| match identity.spec.kind() {
        ExperimentKind::Function => function::follow(identity).map(Some),
        ExperimentKind::Train | ExperimentKind::GradientCheck => train_spec(identity, place, stopped, begin),
    })
}

/// `None` if interrupted.
fn train_spec(
    identity: Identity<'_>,
    place: Place<'_>,
    stopped: &dyn Fn() -> bool,
    begin: Instant,
) -> Result<Option<RunRecord>, String> {
    let typed =
        Typed::read(identity.spec).map_err(|error| format!("the specification cannot be read: {error}"))?;
    let limit = TimeLimit::new(begin, typed.run.time_limit());
    let ask = || if stopped() { Err(Cancelled::Interrupted) } else { limit.check() };
    let pause = || std::thread::sleep(Duration::from_millis(2));
    let cancel = Cancel::new(&ask).with_pause(&pause);
    let watch = Watch {
        training: Duration::ZERO,
        resumed: begin,
        curve: LongCurve::new(),
        probes: Probing::default(),
        trace: Vec::new(),
    };
    match typed.run.precision {
        Precision::F32 => train_typed::<f32>(&typed, identity, place, watch, &cancel),
        Precision::F64 => train_typed::<f64>(&typed, identity, place, watch, &cancel),
    }
}

/// The time limit of a run.
struct TimeLimit {
    begin: Instant,
    /// `None` for no limit, or for a limit beyond the range of the clock.
    limit: Cell<Option<Duration>>,
}

/// Extra time for a run that has timed out to measure its final network.
const GRACE: Duration = Duration::from_millis(200);

impl TimeLimit {
    fn new(begin: Instant, seconds: Option<f64>) -> Self {
        let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Self { begin, limit: Cell::new(limit) }
    }

    /// Fails once when the limit has passed, and again after the extra time.
    fn check(&self) -> Result<(), Cancelled> {
        match self.limit.get() {
            Some(limit) if self.begin.elapsed() >= limit => {
                self.limit.set(limit.checked_add(GRACE));
                Err(Cancelled::TimedOut)
            }
            _ => Ok(()),
        }
    }
}

fn train_typed<F: Element>(
    typed: &Typed,
    identity: Identity<'_>,
    place: Place<'_>,
    mut watch: Watch,
    cancel: &Cancel<'_>,
) -> Result<Option<RunRecord>, String> {
    let parts = match place.data.parts_while::<F>(&typed.data, typed.run.seed, &typed.model.output, cancel) {
        Ok(parts) => parts,
        Err(LoadError::Content(DataError::Cancelled(cancelled))) => {
            return Ok(before_training(identity, cancelled));
        }
        Err(error) => return Err(error.to_string()),
    };
    let (n_in, n_out) = (parts.train.n_in(), parts.train.n_out());
    let made = Network::from_settings(&typed.model, n_in, n_out, typed.run.seed, cancel);
    let network = match made {
        Ok(network) => network,
        Err(cancelled) => return Ok(before_training(identity, cancelled)),
    };
    let checked = typed.check.as_ref().map(|how| gradient_check::check(typed, how, &network, &parts, cancel));
    let gradient_check = match checked {
        Some(Checked::Ended(trained)) => return Ok(ended(identity, &trained, watch)),
        Some(Checked::Made(check)) => Some(check),
        None => None,
    };
    watch.probes.begin(typed, &network, &parts.train);
    let trained = train::train(network, &parts, &typed.train, typed.run.seed, &mut watch, cancel);
    let network = &trained.network;
    let Some(mut record) = ended(identity, &trained, watch) else { return Ok(None) };
    record.gradient_check = gradient_check;
    if !record.stop.is_lost() {
        record.outcomes = outcomes::measure(network, &parts, cancel);
    }
    if typed.run.save_weights && network.parameters.iter().all(|parameter| parameter.is_finite()) {
        let samples = place.data.samples(&typed.data.dataset).map_err(|error| error.to_string())?;
        let classes = samples.samples.targets.classes();
        let data = TrainedOn { classes, preparation: &parts.preparation, target_scale: &parts.target_scale };
        let saved = weights::save(place.folder, identity, network, data);
        saved.map_err(|error| error.to_string())?;
    }
    Ok(Some(record))
}

/// The record of a run cancelled before its data or network was complete, without measurements. `None` if interrupted.
fn before_training(identity: Identity<'_>, cancelled: Cancelled) -> Option<RunRecord> {
    match cancelled {
        Cancelled::TimedOut => Some(without_results(identity, StopReason::TimedOut)),
        Cancelled::Interrupted => None,
    }
}

/// `None` if interrupted.
fn ended<F: Element>(identity: Identity<'_>, trained: &Trained<F>, watch: Watch) -> Option<RunRecord> {
    let Trained { network, stop, target_reached, kept_epoch, test } = trained;
    let (stop, divergence) = match stop {
        Stop::MaxEpochs => (StopReason::MaxEpochs, None),
        Stop::TargetReached => (StopReason::TargetReached, None),
        Stop::GradientBelowTolerance => (StopReason::GradientBelowTolerance, None),
        Stop::EarlyStopping => (StopReason::EarlyStopping, None),
        Stop::BudgetSpent => (StopReason::BudgetSpent, None),
        Stop::TimedOut => (StopReason::TimedOut, None),
        Stop::Diverged(divergence) => (StopReason::Diverged, Some(record_divergence(divergence))),
        Stop::Interrupted => return None,
    };
    Some(RunRecord {
        divergence,
        target_reached: target_reached.map(|(epoch, progress)| TargetReached {
            epoch,
            steps: progress.steps,
            samples: progress.samples,
            cost_units: progress.cost_units,
        }),
        curve: watch.curve.finish(),
        kept_epoch: *kept_epoch,
        test: test.map(|score| Score { loss: score.loss, accuracy: score.accuracy }),
        probes: watch.probes.finish(),
        trace: watch.trace,
        parameter_count: network.parameters.len() as u64,
        weights_digest: Some(weights::digest(network)),
        layer_digests: weights::layer_digests(network),
        ..without_results(identity, stop)
    })
}

fn record_divergence(found: &train::Divergence) -> Divergence {
    Divergence {
        step: found.step,
        layer: found.layer as u64,
        tensor: found.tensor.to_owned(),
        value: found.value.to_string(),
    }
}

/// Records the curve, the probes and the traced steps.
struct Watch {
    /// Training time up to the last resumption. Measuring is not counted.
    training: Duration,
    resumed: Instant,
    curve: LongCurve,
    probes: Probing,
    trace: Vec<TracedStep>,
}

impl Observer for Watch {
    fn after_traced_step(&mut self, traced: StepTrace) {
        let StepTrace { step, learning_rate, matrices } = traced;
        self.trace.push(TracedStep { step, learning_rate, matrices });
    }

    fn before_measuring(&mut self) {
        self.training += self.resumed.elapsed();
    }

    fn after_measuring(&mut self) {
        self.resumed = Instant::now();
    }

    fn after_epoch(&mut self, metrics: &EpochMetrics) {
        if metrics.epoch == 0 {
            // The time before this was spent on making the network.
            self.training = Duration::ZERO;
        }
        self.curve.add(metrics, self.training.as_secs_f64());
        if metrics.is_best {
            self.probes.keep(metrics.epoch);
        }
    }

    fn after_probes(&mut self, measured: &Measured<'_>) {
        self.probes.add(measured);
    }
}
