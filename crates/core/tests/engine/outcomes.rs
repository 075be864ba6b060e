//! Outcomes of predictions and the scale of targets, compared with scikit-learn and with the formulas.

use crate::uncancelled::prepare;
use crate::watch::{output, samples, whole};
use chainrule_core::cancel::to_the_end;
use chainrule_core::dataset::{DataSettings, Parts, Samples, Targets, TestPart};
use chainrule_core::network::{ModelSettings, Network, Weights};
use chainrule_core::train::{ClassCounts, Errors, Outcome, outcome};
use ndarray::Array2;
use serde_json::{Value, json};

const ROWS: usize = 40;
const TEST: usize = 15;

fn expected() -> Value {
    serde_json::from_str(include_str!("../oracle/outcomes.json")).unwrap()
}

/// `0.8 sin(k² + salt)`, as in the oracle's scripts.
fn wave(columns: usize, salt: f64) -> Array2<f64> {
    let entry = |k: usize| 0.8 * libm::sin((k * k) as f64 + salt);
    Array2::from_shape_fn((ROWS, columns), |(row, column)| entry(row * columns + column + 1))
}

/// The last rows are the test set.
fn divided(features: Array2<f64>, targets: Targets, settings: DataSettings, out: &str) -> Parts<f64> {
    let samples = Samples { official_test: TEST, ..Samples::new(features, targets) };
    let settings = DataSettings { test: TestPart::Official, ..settings };
    prepare(&samples, &settings, &output(out)).unwrap()
}

/// A network that predicts its features.
fn identity(width: usize, out: &str) -> Network<f64> {
    let rows = |i| (0..width).map(|j| f64::from(u8::from(i == j))).collect();
    let weights = Weights::Given(vec![(0..width).map(rows).collect()]);
    let model =
        ModelSettings { architecture: Vec::new(), output: output(out), weights, ..Default::default() };
    to_the_end(|cancel| Network::from_settings(&model, width, width, 0, cancel))
}

fn on_test(network: &Network<f64>, parts: &Parts<f64>) -> Outcome {
    to_the_end(|cancel| outcome(network, &parts.train, parts.test.as_ref().unwrap(), cancel))
}

fn close(found: f64, expected: &Value) {
    let expected = expected.as_f64().unwrap();
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
}

#[test]
fn counts_equal_the_confusion_matrix() {
    let labels: Vec<u32> = (0..ROWS as u32).map(|i| (i * i + i / 3) % 3).collect();
    let parts = divided(wave(3, 0.5), Targets::Classes { labels, count: 3 }, whole(), "softmax");
    let Outcome::Classes(ClassCounts { actual, predicted, correct, guess }) =
        on_test(&identity(3, "softmax"), &parts)
    else {
        panic!("classes");
    };
    let found = json!({ "actual": actual, "predicted": predicted, "correct": correct, "guess": guess });
    assert_eq!(found, expected()["counts"]);
}

/// In the unit of the data set, although the network predicts standardized targets.
#[test]
fn errors_are_in_the_unit_of_the_data_set() {
    let values = Targets::Values(7.0 + 3.0 * wave(2, 1.5));
    let settings = DataSettings { standardize_target: true, ..whole() };
    let parts = divided(wave(2, 2.5), values.clone(), settings, "identity");
    let expected = expected();
    let scaled = expected["scaled"].as_array().unwrap();
    let test = parts.test.as_ref().unwrap();
    test.targets.iter().zip(scaled).for_each(|(found, expected)| close(*found, expected));
    let Outcome::Values(errors) = on_test(&identity(2, "identity"), &parts) else { panic!("values") };
    for (target, Errors { rmse, mae, r_squared, guess_rmse, guess_mae }) in errors.into_iter().enumerate() {
        let numbers = [
            ("rmse", rmse),
            ("mae", mae),
            ("r_squared", r_squared.unwrap()),
            ("guess_rmse", guess_rmse),
            ("guess_mae", guess_mae),
        ];
        numbers.iter().for_each(|(name, found)| close(*found, &expected["errors"][name][target]));
    }
    // Without standardizing, the targets are the values themselves.
    let parts = divided(wave(2, 2.5), values.clone(), whole(), "identity");
    let Targets::Values(values) = values else { unreachable!() };
    assert_eq!(parts.test.unwrap().targets_view(), values.slice(ndarray::s![ROWS - TEST.., ..]));
}

#[test]
fn a_constant_target_is_only_shifted() {
    let values = Targets::Values(Array2::from_elem((ROWS, 1), 0.1));
    let settings = DataSettings { standardize_target: true, ..whole() };
    let parts = divided(wave(1, 0.0), values, settings, "identity");
    assert_eq!(parts.target_scale.unit, [1.0]);
    assert!(parts.train.targets.iter().all(|y| y.abs() < 1e-15));
    let Outcome::Values(errors) = on_test(&identity(1, "identity"), &parts) else { panic!("values") };
    assert_eq!(errors[0].r_squared, None);
}

/// `(1 − ε)·p + ε/K` in the training set only, then `low + (high − low)·p`.
#[test]
fn class_targets_follow_the_formula() {
    let settings =
        DataSettings { validation: 0.2, class_targets: [-0.5, 0.75], label_smoothing: 0.3, ..whole() };
    let parts = prepare::<f64>(&samples("iris"), &settings, &output("identity")).unwrap();
    let (own, other) = (-0.5 + 1.25 * (0.7 + 0.1), -0.5 + 1.25 * 0.1);
    for row in parts.train.targets_view().rows() {
        let mut sorted = row.to_vec();
        sorted.sort_by(f64::total_cmp);
        let error = [other, other, own].iter().zip(&sorted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(error < 1e-15, "{sorted:?}");
    }
    let validation = parts.validation.unwrap();
    assert!(validation.targets.iter().all(|y| [-0.5, 0.75].contains(y)));
    assert_eq!(validation.targets.iter().filter(|y| **y == 0.75).count(), validation.len());
}

/// A single output predicts class 1 from half-way between the two targets on.
#[test]
fn a_single_output_is_judged_at_the_middle() {
    let labels: Vec<u32> = (0..ROWS as u32).map(|i| i % 2).collect();
    let settings = DataSettings { class_targets: [-1.0, 0.5], ..whole() };
    let targets = Targets::Classes { labels, count: 2 };
    let parts = divided(wave(1, 0.5), targets, settings, "sigmoid");
    let test = parts.test.unwrap();
    assert_eq!((test.class(&[-0.25]), test.class(&[-0.26])), (1, 0));
    let refused = DataSettings { label_smoothing: 0.1, ..whole() };
    let error = prepare::<f64>(&samples("sine"), &refused, &output("identity")).unwrap_err();
    assert!(error.to_string().contains("`label_smoothing` needs classes"), "{error}");
}
