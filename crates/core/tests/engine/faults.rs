//! Faults have an effect exactly where documented, on the gradient and in training.

use crate::draws::normals;
use crate::items::every;
use crate::losses::{pairings, targets};
use crate::numeric::worst;
use crate::uncancelled::{backpropagation_with, check as check_gradient, draw_masks, gradient, train};
use crate::watch::{Watch, activation, bytes, divided, loss, network, output, samples, settings, whole};
use chainrule_core::activation::Activation;
use chainrule_core::cancel::to_the_end;
use chainrule_core::cost::{CostFunction, Reduction};
use chainrule_core::dataset::sizes;
use chainrule_core::error::SettingsError;
use chainrule_core::fault::Fault;
use chainrule_core::gradient_check::{CheckSettings, Effect as Changes, Objective};
use chainrule_core::loss::Loss;
use chainrule_core::network::{Network, Pass};
use chainrule_core::optimizer::Optimizer;
use chainrule_core::output::Output;
use chainrule_core::penalty::Penalty;
use chainrule_core::reference::{Batch, Gradient, ScaledCost};
use chainrule_core::train::{BatchSize, Stop, TrainSettings, check};
use serde_json::json;

fn fault(name: &str) -> Fault {
    Fault::from_name(name).unwrap_or_else(|| panic!("{name}"))
}

fn strong() -> Penalty {
    serde_json::from_value(json!({ "l2": { "strength": 0.1 } })).unwrap()
}

/// A network with everything that a fault needs; the cases change one thing at a time.
#[derive(Debug, Clone)]
struct Case {
    activation: Activation,
    loss: Loss,
    output: Output,
    hidden: Vec<usize>,
    samples: usize,
    bias: bool,
    mean: bool,
    penalty: bool,
    dropout: bool,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let activations = Activation::entries();
    for activation in activations.iter().map(|entry| Activation::from_name(entry.name).unwrap()) {
        // Beyond a tiny delta, all errors have the same gradient.
        let is_usual =
            |loss: &Loss| loss.kernel::<f64>().kinks().iter().all(|&kink| kink == 0.0 || kink == 1.0);
        for (loss, output) in pairings().into_iter().filter(|(loss, _)| is_usual(loss)) {
            let hidden = vec![5, 4];
            let (samples, bias, mean, penalty, dropout) = (4, true, true, true, true);
            let all = Case { activation, loss, output, hidden, samples, bias, mean, penalty, dropout };
            cases.extend([
                Case { hidden: Vec::new(), ..all.clone() },
                Case { samples: 1, ..all.clone() },
                Case { bias: false, ..all.clone() },
                Case { mean: false, ..all.clone() },
                Case { penalty: false, ..all.clone() },
                Case { dropout: false, ..all.clone() },
                all,
            ]);
        }
    }
    cases
}

impl Case {
    fn network(&self) -> Network<f64> {
        let widths = [&[3], self.hidden.as_slice(), &[3]].concat();
        let mut network = Network::new(&widths, self.bias, self.activation, self.output);
        let draws = normals(network.parameters.len(), 77);
        // Learnt parameters keep their initial values, because a slope below 0 would invert `prelu`.
        let learnt: Vec<_> = network.layers.iter().flat_map(|layer| layer.learnt.clone()).collect();
        for (index, draw) in draws.into_iter().enumerate().filter(|(index, _)| !learnt.contains(index)) {
            network.parameters[index] = 0.5 * draw;
        }
        network.dropout = if self.dropout { 0.3 } else { 0.0 };
        network
    }

    fn data(&self) -> (Vec<f64>, Vec<f64>) {
        (normals(3 * self.samples, 78), targets(&self.output, 3, self.samples, 79))
    }

    fn objective<'a>(&self, (features, targets): &'a (Vec<f64>, Vec<f64>)) -> Objective<'a, f64> {
        Objective {
            features,
            targets,
            cost: CostFunction {
                loss: self.loss,
                reduction: if self.mean { Reduction::Mean } else { Reduction::Sum },
                penalty: if self.penalty { strong() } else { Penalty::default() },
            },
            seed: 1,
            step: 1,
        }
    }

    /// The gradient with a fault, and the parameters afterwards.
    fn with(&self, fault: &Fault) -> (Gradient, Vec<f64>) {
        let mut network = self.network();
        let mut pass = Pass::for_training(&network, self.samples);
        draw_masks(&mut pass, &network, self.samples, 1, 1);
        let hidden = if self.dropout { self.hidden.len() } else { 0 };
        let masks: Vec<_> = pass.layers[..hidden].iter().map(|layer| layer.mask.clone()).collect();
        let (features, targets) = self.data();
        let batch = Batch { features: &features, targets: &targets, masks: &masks };
        let scale = if self.mean { 1.0 / self.samples as f64 } else { 1.0 };
        let penalty = if self.penalty { strong() } else { Penalty::default() };
        let cost = ScaledCost { loss: &self.loss, scale, penalty: &penalty };
        let gradient = gradient(&mut network, batch, cost, fault.kernel());
        (gradient, network.parameters)
    }
}

/// The effect of a fault on a gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Effect {
    /// None, bit for bit.
    None,
    /// Only rounding.
    Rounding,
    /// A real change.
    Wrong,
    /// The parameters change; the gradient is right.
    Parameters,
    /// It depends on the numbers.
    Either,
}

/// Faults whose effect depends on the derivatives of the activation.
const BELOW: [&str; 9] = [
    "no_activation_derivative",
    "relu_mask_after_clipping",
    "weights_zeroed_by_mask",
    "off_by_one_layer",
    "transposed_weights",
    "overwritten_sum",
    "summed_first_layer",
    "dropout_mask_not_reused",
    "dropout_scale_missing",
];

/// Properties of an activation's derivative, measured at a few points. A new activation needs no entry here.
struct Slopes {
    /// 1 everywhere.
    linear: bool,
    /// 0 everywhere.
    flat: bool,
    /// 0 somewhere.
    zero: bool,
    /// The same at z and at φ(z).
    same_at_value: bool,
    /// Computed from φ(z), not only from z.
    of_value: bool,
}

impl Slopes {
    fn of(phi: &Activation) -> Self {
        let kernel = phi.kernel::<f64>();
        let slope = |z: f64| kernel.derivative(z, kernel.value(z));
        let points = [-3.1, -1.3, -0.4, 0.3, 0.9, 2.7];
        Self {
            linear: points.iter().all(|&z| slope(z) == 1.0),
            flat: points.iter().all(|&z| slope(z) == 0.0),
            zero: points.iter().any(|&z| slope(z) == 0.0),
            same_at_value: points.iter().all(|&z| slope(z) == slope(kernel.value(z))),
            of_value: points.iter().any(|&z| slope(z) != kernel.derivative(z, z)),
        }
    }
}

/// The documented effects again, as conditions.
fn effect(fault: &str, case: &Case) -> Effect {
    let (phi, loss, output) = (case.activation.name(), case.loss.name(), case.output.name());
    let (deep, several) = (!case.hidden.is_empty(), case.samples > 1);
    let Slopes { linear, flat, zero, same_at_value, of_value } = Slopes::of(&case.activation);
    let has_kinks = !case.activation.kernel::<f64>().kinks().is_empty();
    let wrong_if = |condition: bool| if condition { Effect::Wrong } else { Effect::None };
    match fault {
        "none" | "gradients_not_cleared" | "wrong_update_sign" => Effect::None,
        "wrong_sign" => Effect::Wrong,
        // For a single sample, all units of a layer or none may be inactive.
        _ if zero && !flat && deep && !several && BELOW.contains(&fault) => Effect::Either,
        "no_activation_derivative" => wrong_if(deep && !linear),
        "derivative_at_output" => wrong_if(deep && !same_at_value),
        "output_formula_at_input" => wrong_if(deep && of_value),
        "relu_mask_after_clipping" => wrong_if(deep && phi == "relu"),
        "weights_zeroed_by_mask" if deep && ["relu", "step"].contains(&phi) => Effect::Parameters,
        "weights_zeroed_by_mask" if deep && zero => Effect::Either,
        "weights_zeroed_by_mask" => Effect::None,
        "off_by_one_layer" if has_kinks && !several && deep && !linear && !flat => Effect::Either,
        "off_by_one_layer" => wrong_if(deep && !linear && !flat),
        "transposed_weights" | "overwritten_sum" => wrong_if(!deep || !flat),
        "summed_first_layer" => wrong_if(!deep || !flat),
        // Units of 0 or 1 may be equal for two samples.
        "stale_activations" if flat => Effect::Either,
        "stale_activations" => wrong_if(deep && several),
        "missing_bias_gradient" => wrong_if(case.bias),
        "missing_learnt_gradient" => wrong_if(deep && !case.activation.kernel::<f64>().learnt().is_empty()),
        "diagonal_softmax_jacobian" => wrong_if(output == "softmax"),
        "difference_as_delta" => match (loss, output) {
            ("half_squared_error", "identity") => Effect::None,
            ("binary_cross_entropy", "sigmoid") | ("cross_entropy", "softmax") => Effect::Rounding,
            ("huber", "identity") => Effect::Either,
            _ => Effect::Wrong,
        },
        "missing_factor_two" => wrong_if(loss == "squared_error"),
        "binary_derivative_and_diagonal_jacobian" => match (loss, output) {
            ("binary_cross_entropy", "sigmoid") => Effect::None,
            ("cross_entropy", "softmax") => Effect::Rounding,
            _ => Effect::Wrong,
        },
        "missing_batch_mean" | "batch_mean_twice" => wrong_if(several && case.mean),
        "last_sample_only" => wrong_if(several),
        "penalty_left_out" => wrong_if(case.penalty),
        "penalty_on_biases" => wrong_if(case.penalty && case.bias),
        "penalty_in_batch_mean" => wrong_if(case.penalty && several && case.mean),
        "dropout_mask_not_reused" | "dropout_scale_missing" => wrong_if(case.dropout && deep && !flat),
        other => panic!("nothing is said about {other}"),
    }
}

fn all(gradient: &Gradient) -> Vec<f64> {
    [gradient.parameters.as_slice(), &gradient.inputs].concat()
}

#[test]
fn effects_are_where_they_are_said_to_be() {
    let faults: Vec<Fault> = every(&Fault::entries());
    for case in cases() {
        let (right, parameters) = case.with(&Fault::default());
        for fault in &faults {
            let (got, left) = case.with(fault);
            let context = || format!("{} with {case:?}", fault.name());
            let expected = effect(fault.name(), &case);
            match expected {
                Effect::None | Effect::Parameters => assert_eq!(got, right, "{}", context()),
                Effect::Rounding => assert!(worst(&all(&got), &all(&right), 1.0) < 1e-12, "{}", context()),
                Effect::Wrong => {
                    let error = worst(&all(&got), &all(&right), 1e-3);
                    assert!(error.is_nan() || error >= 1e-4, "{}", context());
                }
                Effect::Either => {}
            }
            if expected != Effect::Either {
                assert_eq!(left != parameters, expected == Effect::Parameters, "{}", context());
            }
        }
    }
}

/// The verdict of the check matches the effect: it fails exactly if the gradient or the parameters change. Covers every
/// activation, and the losses whose faults are between loss and output.
#[test]
fn the_check_catches_what_has_an_effect() {
    let faults: Vec<Fault> = every(&Fault::entries());
    let losses = ["cross_entropy", "squared_error", "binary_cross_entropy"];
    let is_ours = |case: &Case| losses.contains(&case.loss.name());
    let (mut caught, mut passed) = (0, 0);
    for case in cases().iter().filter(|case| is_ours(case)) {
        let (network, data) = (case.network(), case.data());
        let objective = case.objective(&data);
        for fault in &faults {
            let expected = effect(fault.name(), case);
            let engine = |network: &mut Network<f64>, objective: &Objective<'_, f64>| {
                backpropagation_with(fault, network, objective)
            };
            let found = check_gradient(&network, &objective, &CheckSettings::default(), 5, engine);
            let context = || format!("{} with {case:?}\n{found}", fault.name());
            let is_update = ["gradients_not_cleared", "wrong_update_sign"].contains(&fault.name());
            if expected != Effect::Either {
                let is_caught = [Effect::Wrong, Effect::Parameters].contains(&expected);
                assert_eq!(!found.passed(), is_caught, "{}", context());
                let changes = to_the_end(|cancel| Changes::of(fault, &network, &objective, cancel));
                assert_eq!(changes.gradient, expected == Effect::Wrong, "{}", context());
                assert_eq!(changes.update, is_update || expected == Effect::Parameters, "{}", context());
            }
            if found.passed() { passed += 1 } else { caught += 1 }
        }
    }
    assert!(caught > 1000 && passed > 1000, "{caught} caught, {passed} passed");
    println!("{caught} caught, {passed} passed");
}

/// Training settings for iris, with everything that affects a gradient enabled.
fn everything() -> TrainSettings {
    TrainSettings {
        loss: loss("cross_entropy"),
        batch_size: BatchSize::Samples(16),
        penalty: strong(),
        epochs: 3,
        ..settings()
    }
}

fn dropping<F: chainrule_core::real::Element>(phi: &str) -> Network<F> {
    let mut start = network(&[4, 8, 6, 3], activation(phi), output("softmax"), 0);
    start.dropout = 0.3;
    start
}

fn trained(fault: Fault, settings: &TrainSettings) -> Network<f64> {
    let settings = TrainSettings { fault, ..settings.clone() };
    train(dropping("tanh"), &divided("iris", &output("softmax")), &settings, 3, &mut ()).network
}

/// A fault without effect trains like the right gradient, through the reference engine: same batches, same masks, same
/// penalty.
#[test]
fn both_engines_train_alike() {
    let right = trained(Fault::default(), &everything());
    let slow = trained(fault("missing_learnt_gradient"), &everything());
    assert!(worst(&slow.parameters, &right.parameters, 1.0) < 1e-12);
    assert_ne!(bytes(&slow), bytes(&dropping::<f64>("tanh")), "it was trained");
    let single = |fault: Fault| {
        let settings = TrainSettings { fault, ..everything() };
        let trained =
            train(dropping::<f32>("tanh"), &divided("iris", &output("softmax")), &settings, 3, &mut ());
        trained.network.parameters.into_iter().map(f64::from).collect::<Vec<_>>()
    };
    assert!(worst(&single(fault("missing_learnt_gradient")), &single(Fault::default()), 1.0) < 1e-5);
    assert!(worst(&single(fault("dropout_mask_not_reused")), &single(Fault::default()), 1.0) > 1e-3);
}

/// One step on the whole training set: the fault adds the exact amount that the right step subtracts.
#[test]
fn a_wrong_sign_goes_the_other_way() {
    let once = TrainSettings { epochs: 1, batch_size: BatchSize::Full, ..everything() };
    let start = dropping::<f64>("tanh").parameters;
    let right = trained(Fault::default(), &once).parameters;
    let wrong = trained(fault("wrong_update_sign"), &once).parameters;
    let mirrored: Vec<f64> = start.iter().zip(&right).map(|(start, right)| 2.0 * start - right).collect();
    assert!(worst(&wrong, &mirrored, 1.0) < 1e-14 && right != start);
    // The gradient with the wrong sign still has a penalty with the right one, so twice the penalty remains.
    let half = trained(fault("wrong_sign"), &once).parameters;
    let first = &dropping::<f64>("tanh").layers[0].weights;
    for index in first.clone() {
        let expected = mirrored[index] - 2.0 * 0.1 * 0.1 * start[index];
        assert!((half[index] - expected).abs() < 1e-14);
    }
}

/// Accumulated gradients are equal to momentum with μ = 1, because V ← μ·V − η·g.
#[test]
fn gradients_that_are_not_cleared_are_endless_momentum() {
    let uncleared = trained(fault("gradients_not_cleared"), &everything());
    let optimizer = serde_json::from_value(json!({ "momentum": { "mu": 1.0 } })).unwrap();
    let momentum = TrainSettings { optimizer, ..everything() };
    let expected = trained(Fault::default(), &momentum);
    assert!(worst(&uncleared.parameters, &expected.parameters, 1.0) < 1e-11);
}

/// Weights into units that were inactive at least once are 0 after the step, apart from the step's own update.
#[test]
fn weights_that_are_zeroed_stay_in_training() {
    let settings = TrainSettings {
        fault: fault("weights_zeroed_by_mask"),
        epochs: 1,
        batch_size: BatchSize::Full,
        learning_rate: 1e-9,
        ..everything()
    };
    let parts = divided("iris", &output("softmax"));
    let end = train(dropping::<f64>("relu"), &parts, &settings, 0, &mut ()).network;
    let zeros = |network: &Network<f64>| network.parameters.iter().filter(|x| x.abs() < 1e-6).count();
    let start = dropping::<f64>("relu");
    let biases: usize = start.layers.iter().map(|layer| layer.biases.len()).sum();
    assert_eq!(zeros(&start), biases);
    assert!(zeros(&end) >= biases + 4, "{}", zeros(&end));
}

/// Uphill steps increase the loss of a batch, and a number that is not finite ends the run.
#[test]
fn faulty_runs_get_worse_or_diverge() {
    let run = |loss_name: &str, output_name: &str, fault: Fault| {
        let output = output(output_name);
        let settings = TrainSettings { loss: loss(loss_name), fault, epochs: 2, ..settings() };
        let mut watch = Watch::new();
        let start = network::<f64>(&[4, 8, 3], activation("tanh"), output, 0);
        let trained = train(start, &divided("iris", &output), &settings, 0, &mut watch);
        (watch.metrics.iter().map(|metrics| metrics.train.loss).collect::<Vec<_>>(), trained.stop)
    };
    let (losses, stop) = run("cross_entropy", "softmax", fault("wrong_update_sign"));
    assert!(losses.is_sorted() && losses[2] > losses[0] && stop == Stop::MaxEpochs, "{losses:?} {stop:?}");
    // −y/ŷ + (1 − y)/(1 − ŷ) has no bound if the output is not a probability.
    let (_, stop) = run("half_squared_error", "identity", fault("binary_derivative_and_diagonal_jacobian"));
    assert!(matches!(stop, Stop::Diverged(_)), "{stop:?}");
}

#[test]
fn searches_have_no_gradient_to_be_wrong() {
    let sizes = sizes(&samples("iris"), &whole(), 0).unwrap();
    for entry in Optimizer::entries() {
        let optimizer = Optimizer::from_name(entry.name).unwrap();
        let settings = TrainSettings { optimizer, fault: fault("wrong_sign"), ..settings() };
        let refused = check(&settings, &sizes);
        let conflict =
            matches!(refused, Err(SettingsError::Conflict { settings: &["fault", "optimizer"], .. }));
        assert_eq!(conflict, ["random_perturbation", "genetic"].contains(&entry.name), "{refused:?}");
        assert!(check(&TrainSettings { fault: Fault::default(), ..settings }, &sizes).is_ok());
    }
}
