//! Activations and fused losses, compared with a table in arbitrary precision: relative errors, even for tiny numbers.

use crate::numeric::max_abs;
use crate::uncancelled::gradient;
use chainrule_core::activation::Activation;
use chainrule_core::cost::{CostFunction, Reduction};
use chainrule_core::dual::Dual;
use chainrule_core::fault::Fault;
use chainrule_core::gradient_check::{Objective, assert_passes};
use chainrule_core::loss::{Loss, Rows};
use chainrule_core::network::Network;
use chainrule_core::output::Output;
use chainrule_core::penalty::Penalty;
use chainrule_core::real::{Element, Real};
use chainrule_core::reference::{Batch, ScaledCost};
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    points: Vec<f64>,
    activations: Vec<ActivationCase>,
    losses: Vec<LossCase>,
}

#[derive(Deserialize)]
struct ActivationCase {
    activation: Activation,
    values: Vec<String>,
    derivatives: Vec<String>,
}

/// A sample: its loss, the gradient in its logits, and the Hessian in the logits times a direction.
#[derive(Deserialize)]
struct LossCase {
    loss: Loss,
    output: Output,
    logits: Vec<f64>,
    targets: Vec<f64>,
    direction: Vec<f64>,
    value: String,
    delta: Vec<String>,
    product: Vec<String>,
}

/// `tests/oracle/precise.json`
fn table() -> Table {
    serde_json::from_str(include_str!("../oracle/precise.json")).unwrap()
}

fn numbers(texts: &[String]) -> Vec<f64> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// The error as a multiple of ε of the precision, relative to the number itself or to `scale`, whichever is larger.
/// Numbers below the smallest normal one are not compared, because they lack digits.
fn error<F: Element>(got: F, exact: f64, scale: f64) -> f64 {
    if got.to_f64() == exact || exact.abs() < F::TINY.to_f64() && got.to_f64().abs() <= F::TINY.to_f64() {
        return 0.0;
    }
    (got.to_f64() - exact).abs() / exact.abs().max(scale) / F::EPSILON
}

#[track_caller]
fn assert_below(most: f64, error: f64, what: impl std::fmt::Display) {
    assert!(error <= most, "{what}: {error} ε");
}

/// The activations whose derivative is computed from the output.
const BY_OUTPUT: [&str; 2] = ["sigmoid", "tanh"];

/// Values are within 5 ε. Derivatives are within 16 ε if φ' has no zero. Near a zero, for −3 < z < 0, the bound is 16 ε
/// of at least 1/100. For `sigmoid` and `tanh` it is 2 units in the last place of their largest value.
fn activations_are_precise<F: Element>() {
    let table = table();
    for case in &table.activations {
        let kernel = case.activation.kernel::<F>();
        let (values, derivatives) = (numbers(&case.values), numbers(&case.derivatives));
        let largest = derivatives.iter().fold(0.0, |most: f64, slope| most.max(slope.abs()));
        for ((&z, &value), &slope) in table.points.iter().zip(&values).zip(&derivatives) {
            let a = kernel.value(F::from_f64(z));
            let what = |of| format!("{of} of {:?} at {z} in {} bytes", case.activation, F::SIZE);
            assert_below(5.0, error(a, value, 0.0), what("value"));
            let derivative = kernel.derivative(F::from_f64(z), a);
            if BY_OUTPUT.contains(&case.activation.name()) {
                assert_below(2.0, error(derivative, slope, largest), what("derivative"));
            } else {
                let scale = if -3.0 < z && z < 0.0 { 1e-2 } else { 0.0 };
                assert_below(16.0, error(derivative, slope, scale), what("derivative"));
            }
        }
    }
}

#[test]
fn activations_have_all_digits() {
    activations_are_precise::<f32>();
    activations_are_precise::<f64>();
}

/// −5.5·Φ(−5.5) with Φ(−5.5) = 1.8989562465887719e-8, from tables of the normal distribution.
#[test]
fn the_tail_of_gelu_by_hand() {
    let gelu = Activation::from_name("gelu").unwrap();
    let value = f64::from(gelu.kernel::<f32>().value(-5.5));
    assert!((value / (-5.5 * 1.898_956_246_588_771_9e-8) - 1.0).abs() < 1e-6, "{value:e}");
}

/// Whether a precision represents the logits, and the smallest result computed from them, without loss.
fn is_for<F: Element>(case: &LossCase) -> bool {
    let most = if F::SIZE == 4 { 80.0 } else { 700.0 };
    case.logits.iter().all(|z| z.abs() <= most)
}

/// The loss and the gradient in the logits, through the output.
fn evaluate<F: Real>(case: &LossCase, logits: &[F], targets: &[F]) -> (F, Vec<F>) {
    let (mut outputs, mut losses) = (vec![F::ZERO; logits.len()], [F::ZERO]);
    let mut delta = outputs.clone();
    case.output.kernel::<F>().forward(logits.len(), logits, &mut outputs);
    let rows = Rows { n_out: logits.len(), logits, outputs: &outputs, targets };
    case.loss.kernel::<F>().sample_losses(&case.output, rows, &mut losses);
    case.loss.kernel::<F>().delta(&case.output, rows, &mut delta);
    (losses[0], delta)
}

fn rounded<F: Element>(values: &[f64]) -> Vec<F> {
    values.iter().map(|&x| F::from_f64(x)).collect()
}

/// If targets are classes, every number is within 8 ε of itself. A soft target may cancel its output; the result is
/// still within 8 ε of itself.
fn losses_are_precise<F: Element>() {
    for case in table().losses.iter().filter(|case| is_for::<F>(case)) {
        let (value, delta) = evaluate::<F>(case, &rounded(&case.logits), &rounded(&case.targets));
        let what =
            format!("{} of {:?} for {:?} in {} bytes", case.loss.name(), case.logits, case.targets, F::SIZE);
        assert_below(8.0, error(value, case.value.parse().unwrap(), 0.0), &what);
        for ((got, exact), target) in delta.iter().zip(numbers(&case.delta)).zip(&case.targets) {
            let scale = if *target == 1.0 { 0.0 } else { *target };
            assert_below(8.0, error(*got, exact, scale), &what);
        }
    }
}

#[test]
fn losses_have_all_digits() {
    losses_are_precise::<f32>();
    losses_are_precise::<f64>();
}

/// With dual numbers: each within 16 ε of itself if a class is predicted correctly, otherwise within 16 ε of the
/// sample's largest number.
#[test]
fn products_with_the_hessian_have_all_digits() {
    for case in table().losses.iter().filter(|case| is_for::<f64>(case)) {
        let pairs = case.logits.iter().zip(&case.direction);
        let logits: Vec<Dual> = pairs.map(|(&z, &v)| Dual::new(z, v)).collect();
        let targets: Vec<Dual> = case.targets.iter().map(|&y| Dual::from_f64(y)).collect();
        let (_, delta) = evaluate(case, &logits, &targets);
        let products = numbers(&case.product);
        let largest = case.logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let is_right = case.targets.iter().zip(&case.logits).any(|(&y, &z)| y == 1.0 && z == largest);
        let scale = if is_right { 0.0 } else { max_abs(&products) };
        for (got, exact) in delta.iter().zip(products) {
            let what = format!("{} of {:?} for {:?}", case.loss.name(), case.logits, case.targets);
            assert_below(16.0, error(got.tangent, exact, scale), what);
        }
    }
}

/// A network that passes its inputs on as logits.
fn passing_on<F: Element>(case: &LossCase) -> Network<F> {
    let n = case.logits.len();
    let mut network = Network::new(&[n, n], true, Activation::default(), case.output);
    (0..n).for_each(|i| network.parameters[i * n + i] = F::ONE);
    network
}

/// Through the derivative of the loss and the Jacobian of the output, where the fast engine has one formula. It is
/// tested down to 1e-140, because below it the products of two outputs in the Jacobian underflow.
#[test]
fn the_slow_engine_has_all_digits() {
    let (right, penalty) = (Fault::default(), Penalty::default());
    for case in table().losses.iter().filter(|case| is_for::<f64>(case)) {
        let mut network = passing_on::<f64>(case);
        let batch = Batch { features: &case.logits, targets: &case.targets, masks: &[] };
        let cost = ScaledCost { loss: &case.loss, scale: 1.0, penalty: &penalty };
        let got = gradient(&mut network, batch, cost, right.kernel()).inputs;
        for ((&got, exact), target) in got.iter().zip(numbers(&case.delta)).zip(&case.targets) {
            let scale = if *target == 1.0 { 1e-140 } else { target.max(1e-140) };
            let what = format!("{} of {:?} for {:?}", case.loss.name(), case.logits, case.targets);
            assert_below(8.0, error(got, exact, scale), what);
        }
    }
}

/// The gradients of the table's samples pass the gradient check, with logits from 0 to ±700 or ±80: the check has
/// enough digits to confirm them.
#[test]
fn confident_gradients_raise_no_alarm() {
    table().losses.iter().filter(|case| is_for::<f32>(case)).for_each(assert_check_passes::<f32>);
    table().losses.iter().filter(|case| is_for::<f64>(case)).for_each(assert_check_passes::<f64>);
}

fn assert_check_passes<F: Element>(case: &LossCase) {
    let network = passing_on::<F>(case);
    let (features, targets) = (rounded::<F>(&case.logits), rounded::<F>(&case.targets));
    let objective = Objective {
        features: &features,
        targets: &targets,
        cost: CostFunction { loss: case.loss, reduction: Reduction::Mean, penalty: Penalty::default() },
        seed: 0,
        step: 0,
    };
    assert_passes(&network, &objective);
}

/// The same if the loss is computed from the outputs, which are rounded to 0 and 1: the check takes their resolution
/// into account.
#[test]
fn coarse_outputs_raise_no_alarm() {
    for name in ["half_squared_error", "cross_entropy", "binary_cross_entropy", "absolute_error"] {
        for output in ["sigmoid", "softmax"] {
            let apart = serde_json::json!({ name: { "fused": false } });
            let loss = serde_json::from_value(apart).unwrap_or_else(|_| Loss::from_name(name).unwrap());
            for half in 0..90u8 {
                let z = 0.5 * f64::from(half);
                let case = LossCase {
                    loss,
                    output: Output::from_name(output).unwrap(),
                    logits: vec![z, -0.5 * z, 0.25],
                    targets: vec![1.0, 0.0, 0.0],
                    direction: Vec::new(),
                    value: String::new(),
                    delta: Vec::new(),
                    product: Vec::new(),
                };
                assert_check_passes::<f32>(&case);
                assert_check_passes::<f64>(&case);
            }
        }
    }
}
