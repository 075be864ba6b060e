//! Activations, losses, initial weights, ten updates of whole networks, Hessians and probes, compared with PyTorch in
//! double precision.
//!
//! The files of `tests/oracle/` hold every input and PyTorch's results. The script that made each file is beside it,
//! and `just oracle` makes them again. `docs/evidence.md` lists the items that occur in them.

use crate::losses::evaluate;
use crate::numeric::worst;
use crate::uncancelled::{hessian_product, prepare, train};
use chainrule_core::activation::Activation;
use chainrule_core::cancel::to_the_end;
use chainrule_core::dataset::{Parts, Samples, Targets};
use chainrule_core::hessian::Hessian;
use chainrule_core::initializer::{Fan, Initializer};
use chainrule_core::loss::Loss;
use chainrule_core::network::Network;
use chainrule_core::output::Output;
use chainrule_core::probe::{Measured, Probe};
use chainrule_core::seed::{Purpose, Stream};
use chainrule_core::train::{BatchSize, Observer, Stop, TrainSettings};
use ndarray::Array2;
use serde::de::DeserializeOwned;
use serde_json::Value;

const TOLERANCE: f64 = 1e-12;

/// A file and its cases.
fn read(text: &str, cases: usize) -> (Value, Vec<Value>) {
    let file: Value = serde_json::from_str(text).unwrap();
    let all = file["cases"].as_array().unwrap().clone();
    assert_eq!(all.len(), cases);
    (file, all)
}

/// The value of a key.
fn get<T: DeserializeOwned>(value: &Value, key: &str) -> T {
    T::deserialize(&value[key]).unwrap_or_else(|error| panic!("{key}: {error}"))
}

/// NaN if any of them is NaN.
fn largest(errors: impl IntoIterator<Item = f64>) -> f64 {
    errors.into_iter().fold(0.0, |worst, x| if x <= worst { worst } else { x })
}

/// The error, if it is small enough.
fn close(error: f64, name: impl std::fmt::Display) -> f64 {
    assert!(error <= TOLERANCE, "{name}: {error:e}");
    error
}

/// φ, φ' and ∂φ/∂θ, relative to the larger number, or to 1e-3 (for derivatives 1e-2) if both are smaller. PyTorch
/// computes `gelu` far to the left as a difference of numbers near 1, and the derivative of a sigmoid far to the right
/// from 1 − σ.
#[test]
fn activations_equal_those_of_pytorch() {
    let (file, cases) = read(include_str!("../oracle/activations.json"), 23);
    let points: Vec<f64> = get(&file, "points");
    let errors = cases.iter().map(|case| {
        let activation: Activation = get(case, "activation");
        let kernel = activation.kernel::<f64>();
        let values: Vec<f64> = points.iter().map(|&z| kernel.value(z)).collect();
        let at = || points.iter().copied().zip(values.iter().copied());
        let slopes: Vec<f64> = at().map(|(z, a)| kernel.derivative(z, a)).collect();
        let mut errors = vec![
            worst(&values, &get::<Vec<f64>>(case, "values"), 1e-3),
            worst(&slopes, &get::<Vec<f64>>(case, "derivatives"), 1e-2),
        ];
        let of_learnt: Vec<Vec<f64>> = get(case, "of_learnt");
        assert_eq!(of_learnt.len(), kernel.learnt().len());
        for (k, expected) in of_learnt.iter().enumerate() {
            let slopes: Vec<f64> = at().map(|(z, a)| kernel.learnt_derivatives(z, a)[k]).collect();
            errors.push(worst(&slopes, expected, 1e-2));
        }
        close(largest(errors), &case["activation"])
    });
    println!("worst: {:e}", largest(errors));
}

/// The loss of each sample and its gradient in the logits, relative to the larger number, or to 1e-3.
#[test]
fn losses_equal_those_of_pytorch() {
    let (file, cases) = read(include_str!("../oracle/losses.json"), 42);
    let errors = cases.iter().map(|case| {
        let pairing: (Loss, Output) = (get(case, "loss"), get(case, "output"));
        let (logits, targets): (Vec<f64>, Vec<f64>) = (get(case, "logits"), get(case, "targets"));
        let (losses, delta) = evaluate(&pairing, get(&file, "n_out"), &logits, &targets);
        let errors = [
            worst(&losses, &get::<Vec<f64>>(case, "losses"), 1e-3),
            worst(&delta, &get::<Vec<f64>>(case, "delta"), 1e-3),
        ];
        close(largest(errors), format!("{} {}", case["loss"], case["output"]))
    });
    println!("worst: {:e}", largest(errors));
}

/// Every weight, for the same draws.
#[test]
fn initial_weights_equal_those_of_pytorch() {
    let (file, cases) = read(include_str!("../oracle/initializers.json"), 28);
    let errors = cases.iter().map(|case| {
        let initializer: Initializer = get(case, "initialization");
        let fan = Fan { fan_in: get(case, "n_in"), fan_out: get(case, "n_out") };
        let mut weights = vec![f64::NAN; fan.fan_in * fan.fan_out];
        let mut stream = Stream::new(get(&file, "seed"), Purpose::Weights, 1, 0);
        to_the_end(|cancel| initializer.kernel().fill(fan, &mut stream, &mut weights, cancel));
        let error = worst(&weights, &get::<Vec<f64>>(case, "weights"), 1e-3);
        close(error, format!("{} {} × {}", case["initialization"], fan.fan_in, fan.fan_out))
    });
    println!("worst: {:e}", largest(errors));
}

fn network(case: &Value) -> Network<f64> {
    let widths: Vec<usize> = get(case, "widths");
    let mut network = Network::new(&widths, true, get(case, "activation"), get(case, "output"));
    network.parameters.copy_from_slice(&get::<Vec<f64>>(case, "start"));
    network
}

/// All samples are in the training set.
fn parts(case: &Value, network: &Network<f64>) -> Parts<f64> {
    let matrix = |key, width| {
        let entries: Vec<f64> = get(case, key);
        Array2::from_shape_vec((entries.len() / width, width), entries).unwrap()
    };
    let features = matrix("features", network.n_in());
    let targets = Targets::Values(matrix("targets", network.n_out()));
    let samples = Samples::new(features, targets);
    prepare(&samples, &crate::watch::whole(), &network.output).unwrap()
}

/// The settings of a run: from the file, with defaults for all others.
fn settings(case: &Value, run: &Value) -> TrainSettings {
    let defaults =
        TrainSettings { batch_size: BatchSize::Full, loss: get(case, "loss"), ..Default::default() };
    let mut settings = serde_json::to_value(defaults).unwrap();
    for (name, value) in run["settings"].as_object().unwrap() {
        let default = settings.get_mut(name).unwrap_or_else(|| panic!("no setting is called {name}"));
        *default = value.clone();
    }
    serde_json::from_value(settings).unwrap()
}

/// After one, three and ten steps, relative to the larger number, or to 1 if both are smaller.
fn error_of_run(case: &Value, run: &Value, after: &[u64]) -> f64 {
    let (start, expected): (_, Vec<Vec<f64>>) = (network(case), get(run, "parameters"));
    let parts = parts(case, &start);
    assert_eq!(expected.len(), after.len());
    largest(after.iter().zip(expected).map(|(&steps, expected)| {
        // With the full batch, an epoch is a step.
        let settings = TrainSettings { epochs: steps, evaluate_every: 1000, ..settings(case, run) };
        let trained = train(start.clone(), &parts, &settings, 0, &mut ());
        assert_eq!(trained.stop, Stop::MaxEpochs);
        worst(&trained.network.parameters, &expected, 1.0)
    }))
}

/// Optimizers, penalties, clipping and decay, through the training loop, learnt parameters of activations included.
#[test]
fn ten_updates_equal_those_of_pytorch() {
    let (file, cases) = read(include_str!("../oracle/updates.json"), 5);
    let after: Vec<u64> = get(&file, "after");
    assert_eq!(after, [1, 3, 10]);
    let errors = cases.iter().flat_map(|case| {
        let runs = case["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 13);
        let error = |run: &Value| error_of_run(case, run, &after);
        runs.iter().map(move |run| close(error(run), format!("{} {}", case["activation"], run["settings"])))
    });
    println!("worst: {:e}", largest(errors));
}

/// `H·v`, all eigenvalues, and every probe that PyTorch can compute, relative to the larger number, or to 1e-3 if both
/// are smaller. Eigenvalues are within 1e-12 of the largest.
#[test]
fn hessians_and_probes_equal_those_of_pytorch() {
    let (_, cases) = read(include_str!("../oracle/probes.json"), 5);
    let errors = cases.iter().flat_map(|case| {
        let network = network(case);
        let parts = parts(case, &network);
        let probes: Vec<(Probe, Vec<Vec<f64>>)> = case["probes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|probe| (get(probe, "measure"), get(probe, "values")))
            .collect();
        let settings = TrainSettings {
            epochs: 0,
            loss: get(case, "loss"),
            penalty: get::<Option<_>>(case, "penalty").unwrap_or_default(),
            measure: probes.iter().map(|(probe, _)| *probe).collect(),
            ..Default::default()
        };
        let mut product = vec![f64::NAN; network.parameters.len()];
        let v: Vec<f64> = get(case, "v");
        hessian_product(&mut Hessian::new(&network, settings.cost()), &parts.train, &v, &mut product);
        let mut errors = vec![worst(&product, &get::<Vec<f64>>(case, "product"), 1e-3)];
        let mut seen = Read(Vec::new(), Vec::new());
        train(network, &parts, &settings, 0, &mut seen);
        let spectrum: Vec<f64> = get(case, "spectrum");
        errors.push(worst(&seen.1, &spectrum, spectrum[0]));
        for (probe, layers) in probes {
            let expected: Vec<f64> = layers.concat();
            let columns = &probe.kernel::<f64>().columns()[..layers[0].len()];
            let found: Vec<f64> = seen
                .0
                .iter()
                .filter(|(column, _)| columns.contains(column))
                .map(|(_, value)| *value)
                .collect();
            // Small eigenvalues of the spectrum are compared relative to the largest.
            let scale = if probe.name() == "hessian_spectrum" { spectrum[0] } else { 1e-3 };
            errors.push(close(
                worst(&found, &expected, scale),
                format!("{} {}", case["activation"], probe.name()),
            ));
        }
        errors.into_iter().map(|error| close(error, &case["activation"])).collect::<Vec<_>>()
    });
    println!("worst: {:e}", largest(errors));
}

/// The columns with their values, and the spectrum, of the last measurement.
struct Read(Vec<(&'static str, f64)>, Vec<f64>);

impl Observer for Read {
    fn after_probes(&mut self, measured: &Measured<'_>) {
        self.0 = measured.readings.iter().map(|read| (read.column, read.value.unwrap_or(f64::NAN))).collect();
        self.1 = measured.spectrum.to_vec();
    }
}
