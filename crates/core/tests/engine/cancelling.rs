//! Long work can be cancelled at any question. All kept results are complete, and the same as without the cancellation.

use crate::watch::{Watch, activation, bytes, divided, loss, network, output, samples, settings, whole};
use chainrule_core::cancel::{Cancel, Cancelled, MAX_OPERATIONS};
use chainrule_core::cost::{CostFunction, Reduction};
use chainrule_core::dataset::{DataSettings, Parts, Whitening, prepare};
use chainrule_core::decomposition::{qr, symmetric_eigen};
use chainrule_core::error::DataError;
use chainrule_core::fault::Fault;
use chainrule_core::gradient_check::{CheckSettings, Effect, Objective, backpropagation_with, check};
use chainrule_core::network::{ModelSettings, Network};
use chainrule_core::optimizer::Optimizer;
use chainrule_core::probe::{Every, Measured, Probe};
use chainrule_core::seed::{Purpose, Stream};
use chainrule_core::train::{BatchSize, EpochMetrics, Observer, Stop, TrainSettings, Trained, train};
use ndarray::Array2;
use std::cell::Cell;

/// Runs work that asks every `every` operations and is cancelled at question `at`; returns the number of questions too.
fn cancelled_at<T>(at: u64, every: u64, work: impl FnOnce(&Cancel<'_>) -> T) -> (T, u64) {
    let asked = Cell::new(0);
    let ask = || {
        asked.set(asked.get() + 1);
        if asked.get() == at { Err(Cancelled::TimedOut) } else { Ok(()) }
    };
    let done = work(&Cancel::every(every, &ask));
    (done, asked.get())
}

/// The number of questions during work that is never cancelled.
fn questions<T>(every: u64, work: impl FnOnce(&Cancel<'_>) -> T) -> u64 {
    cancelled_at(u64::MAX, every, work).1
}

/// Records metrics, steps and probes.
#[derive(Default)]
struct Seen {
    watch: Watch,
    probes: Vec<(u64, Vec<Option<f64>>)>,
}

impl Observer for Seen {
    fn after_step(&mut self) {
        self.watch.after_step();
    }

    fn after_epoch(&mut self, metrics: &EpochMetrics) {
        self.watch.after_epoch(metrics);
    }

    fn after_probes(&mut self, measured: &Measured<'_>) {
        let values = measured.readings.iter().map(|reading| reading.value).collect();
        self.probes.push((measured.step, values));
    }
}

fn start() -> (Network<f64>, Parts<f64>) {
    let softmax = output("softmax");
    (network(&[4, 6, 3], activation("prelu"), softmax, 3), divided("iris", &softmax))
}

fn trained(settings: &TrainSettings, cancel: &Cancel<'_>) -> (Trained<f64>, Seen) {
    let (network, parts) = start();
    let mut seen = Seen::default();
    (train(network, &parts, settings, 5, &mut seen, cancel), seen)
}

/// Training with probes, dropout, a search or a fault, so that every part of the loop is covered.
fn trainings() -> Vec<TrainSettings> {
    let optimizer = |text: &str| serde_json::from_str::<Optimizer>(text).unwrap();
    let measure = ["gradient_norm", "sharpness", "hessian_spectrum", "singular_values"];
    let base = TrainSettings { epochs: 2, loss: loss("cross_entropy"), ..settings() };
    vec![
        TrainSettings {
            measure: measure.map(|name| Probe::from_name(name).unwrap()).to_vec(),
            every: Every::Steps(2),
            ..base.clone()
        },
        TrainSettings { optimizer: optimizer(r#"{ "genetic": { "population": 4 } }"#), ..base.clone() },
        TrainSettings { optimizer: optimizer(r#""random_perturbation""#), ..base.clone() },
        TrainSettings { fault: Fault::from_name("wrong_sign").unwrap(), batch_size: BatchSize::Full, ..base },
    ]
}

/// Training is cancelled at every question. Metrics and probes are the first ones of an uncancelled run, bit for bit.
/// The network has the parameters of the last complete step.
#[test]
fn a_training_that_is_cancelled_keeps_whole_measurements() {
    for settings in trainings() {
        let all = trained(&settings, &Cancel::new(&|| Ok(())));
        let n = questions(0, |cancel| trained(&settings, cancel));
        assert!(n > 20, "{n} questions");
        for at in (1..=n).step_by(1 + n as usize / 150) {
            let ((ended, seen), _) = cancelled_at(at, 0, |cancel| trained(&settings, cancel));
            assert_eq!(ended.stop, Stop::TimedOut, "question {at}");
            let (metrics, whole) = (&seen.watch.metrics, &all.1.watch.metrics);
            assert_eq!(metrics[..], whole[..metrics.len()], "question {at}");
            assert_eq!(seen.probes[..], all.1.probes[..seen.probes.len()], "question {at}");
            let last = metrics.last().map_or(0, |metrics| metrics.progress.steps);
            assert!(seen.watch.steps >= last && seen.watch.steps <= all.1.watch.steps);
            // A step may be complete while the probe after it is not: then the step has not been reported.
            if seen.watch.steps == last && settings.measure.is_empty() {
                let epochs = metrics.last().map_or(0, |metrics| metrics.epoch);
                let there = TrainSettings { epochs, measure: Vec::new(), ..settings.clone() };
                let there = trained(&there, &Cancel::new(&|| Ok(()))).0;
                assert_eq!(bytes(&ended.network), bytes(&there.network), "question {at}");
            }
        }
    }
}

/// A check of each slow kind, cancelled at each of its questions.
#[test]
fn everything_else_that_is_cancelled_says_so() {
    let (network, parts) = start();
    let objective = Objective {
        features: &parts.train.features,
        targets: &parts.train.targets,
        cost: CostFunction {
            loss: loss("cross_entropy"),
            reduction: Reduction::Mean,
            penalty: Default::default(),
        },
        seed: 1,
        step: 0,
    };
    let fault = Fault::from_name("wrong_sign").unwrap();
    let how = CheckSettings::default();
    let checked = |cancel: &Cancel<'_>| {
        let engine = |network: &mut Network<f64>, objective: &Objective<'_, f64>| {
            backpropagation_with(&fault, network, objective, cancel)
        };
        check(&network, &objective, &how, 1, engine, cancel).map(drop)
    };
    let effect = |cancel: &Cancel<'_>| Effect::of(&fault, &network, &objective, cancel).map(drop);
    let mut stream = Stream::new(1, Purpose::Weights, 0, 0);
    let matrix = Array2::from_shape_simple_fn((30, 30), || stream.normal());
    let eigen = |cancel: &Cancel<'_>| symmetric_eigen((&matrix + &matrix.t()).view(), cancel).map(drop);
    let factors = |cancel: &Cancel<'_>| qr(matrix.view(), cancel).map(drop);
    let prepared = |cancel: &Cancel<'_>| {
        let data =
            DataSettings { whitening: Whitening::Zca, standardize: true, feature_noise: 0.1, ..whole() };
        match prepare::<f32>(&samples("wine"), &data, 0, &output("softmax"), cancel) {
            Err(DataError::Cancelled(cancelled)) => Err(cancelled),
            other => {
                other.unwrap();
                Ok(())
            }
        }
    };
    let drawn = |cancel: &Cancel<'_>| {
        let model = ModelSettings {
            architecture: vec![20, 20],
            initialization: serde_json::from_str(r#""orthogonal""#).unwrap(),
            ..Default::default()
        };
        Network::<f64>::from_settings(&model, 4, 3, 1, cancel).map(drop)
    };
    type Work<'a> = &'a dyn Fn(&Cancel<'_>) -> Result<(), Cancelled>;
    let all: [(&str, Work<'_>); 6] = [
        ("check", &checked),
        ("effect", &effect),
        ("eigen", &eigen),
        ("qr", &factors),
        ("prepare", &prepared),
        ("weights", &drawn),
    ];
    for (name, work) in all {
        let n = questions(0, work);
        assert!(n > 3, "{name}: {n} questions");
        for at in (1..=n).step_by(1 + n as usize / 100) {
            let (ended, asked) = cancelled_at(at, 0, work);
            assert_eq!((ended, asked), (Err(Cancelled::TimedOut), at), "{name}");
        }
    }
}

/// A large step asks within itself: at least once per [`MAX_OPERATIONS`] vector instructions.
#[test]
fn one_large_step_asks_many_times() {
    let softmax = output("softmax");
    let data = DataSettings { standardize: false, ..whole() };
    let spirals = serde_json::from_str(r#"{ "spirals": { "samples": 20000 } }"#).unwrap();
    let samples = chainrule_core::dataset::Dataset::kernel(&spirals).samples(&[]).unwrap();
    let parts: Parts<f32> = crate::uncancelled::prepare(&samples, &data, &softmax).unwrap();
    let settings = TrainSettings {
        epochs: 1,
        batch_size: BatchSize::Full,
        loss: loss("cross_entropy"),
        evaluate_every: u64::MAX,
        ..settings()
    };
    let start = network::<f32>(&[2, 300, 300, 2], activation("relu"), softmax, 3);
    let multiply_adds = 20_000 * 300 * 300 * 3;
    let least = multiply_adds / 16 / MAX_OPERATIONS;
    let step = |cancel: &Cancel<'_>| train(start, &parts, &settings, 5, &mut (), cancel);
    let n = questions(MAX_OPERATIONS, step);
    assert!(n >= least && least > 15, "{n} of {least}");
}
