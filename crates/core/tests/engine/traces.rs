//! Traced steps, compared with hand calculations or numbers from the literature.

use crate::uncancelled::{prepare, train};
use crate::watch::{activation, loss, output, settings, whole};
use chainrule_core::cancel::to_the_end;
use chainrule_core::dataset::{Samples, Targets};
use chainrule_core::network::{ModelSettings, Network, Weights};
use chainrule_core::penalty::Penalty;
use chainrule_core::train::{BatchSize, Observer, StepTrace, TrainSettings};
use ndarray::Array2;

#[derive(Default)]
struct Board(Vec<StepTrace>);

impl Observer for Board {
    fn after_traced_step(&mut self, trace: StepTrace) {
        self.0.push(trace);
    }
}

type Rows<'a> = &'a [&'a [f64]];

fn rows(rows: Rows<'_>) -> Vec<Vec<f64>> {
    rows.iter().map(|row| row.to_vec()).collect()
}

fn matrix(rows: Rows<'_>) -> Array2<f64> {
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
}

/// The trace of two steps of full-batch gradient descent without biases.
fn traced(model: ModelSettings, x: Rows<'_>, targets: Targets, training: TrainSettings) -> Vec<StepTrace> {
    let model = ModelSettings { bias: false, ..model };
    let samples = Samples::new(matrix(x), targets);
    let parts = prepare::<f64>(&samples, &whole(), &model.output).unwrap();
    let (n_in, n_out) = (parts.train.n_in(), parts.train.n_out());
    let network = to_the_end(|cancel| Network::from_settings(&model, n_in, n_out, 0, cancel));
    let training = TrainSettings { epochs: 2, batch_size: BatchSize::Full, trace_steps: 2, ..training };
    let mut board = Board::default();
    train(network, &parts, &training, 0, &mut board);
    board.0
}

#[track_caller]
fn assert_near(step: &StepTrace, name: &str, expected: Rows<'_>, tolerance: f64) {
    let got = &step.matrices[name];
    assert_eq!(got.len(), expected.len(), "{name}");
    for (got, expected) in got.iter().flatten().zip(expected.concat()) {
        assert!((got - expected).abs() <= tolerance, "{name}: {got} instead of {expected}");
    }
}

/// x = 3, w = 0.1, y = 1, loss (ŷ − y)², η = 1: ŷ = 0.3, loss 0.49, gradient 2·(−0.7)·3 = −4.2, new weight 4.3; then
/// ŷ = 12.9 and the loss is 11.9² = 141.61: the step has overshot.
#[test]
fn one_weight_by_hand() {
    let model = ModelSettings {
        architecture: Vec::new(),
        output: output("identity"),
        weights: Weights::Given(vec![rows(&[&[0.1]])]),
        ..Default::default()
    };
    let training = TrainSettings { loss: loss("squared_error"), learning_rate: 1.0, ..settings() };
    let steps = traced(model, &[&[3.0]], Targets::Values(matrix(&[&[1.0]])), training);
    for (name, expected) in [
        ("input", 3.0),
        ("target", 1.0),
        ("weights1", 0.1),
        ("output", 0.3),
        ("loss", 0.49),
        ("output_gradient", -1.4),
        ("output_jacobian1", 1.0),
        ("delta1", -1.4),
        ("weight_gradient1", -4.2),
        ("new_weights1", 4.3),
    ] {
        assert_near(&steps[0], name, &[&[expected]], 1e-14);
    }
    assert_near(&steps[1], "loss", &[&[141.61]], 1e-12);
    assert_eq!((steps[0].step, steps[1].step, steps[1].learning_rate), (0, 1, 1.0));
    assert!(!steps[0].matrices.contains_key("biases1") && !steps[0].matrices.contains_key("activation1"));
}

/// Three layers of sigmoid units, half the squared error. Another program computed the printed numbers.
#[test]
fn three_layers_of_sigmoid_units() {
    let weights: [Rows<'_>; 3] = [
        &[&[0.1, -0.2, 0.3], &[0.4, 0.5, -0.6], &[-0.7, 0.8, 0.9]],
        &[&[0.2, -0.4, 0.6], &[0.1, 0.3, -0.5], &[-0.8, 0.7, 0.9]],
        &[&[0.5], &[-0.3], &[0.8]],
    ];
    let model = ModelSettings {
        architecture: vec![3, 3],
        activation: activation("sigmoid"),
        output: output("sigmoid"),
        weights: Weights::Given(weights.map(rows).into()),
        ..Default::default()
    };
    let training = TrainSettings { learning_rate: 1.0, ..settings() };
    let steps = traced(model, &[&[0.5, -1.0, 2.0]], Targets::Values(matrix(&[&[0.3]])), training);
    assert_near(&steps[0], "output", &[&[0.616_310_21]], 5e-9);
    let gradient = &steps[0].matrices["weight_gradient1"];
    for (got, expected) in gradient[0].iter().zip([7.514_715_43e-4, -7.388_273_38e-4, 7.909_579_78e-5]) {
        assert!((got - expected).abs() < 5e-13, "{got} {expected}");
    }
    assert!((gradient[2][0] - 3.005_886_17e-3).abs() < 5e-12);
    assert!((gradient.concat().iter().sum::<f64>() - 2.752_200_088e-4).abs() < 5e-14);
}

/// z = (0.3, 0.6): softmax (0.42555748, 0.57444252), Jacobian diag(ŷ) − ŷŷᵀ. Two samples and an l2 penalty: δ has the
/// mean's ½, the gradient the penalty's λ·w.
#[test]
fn softmax_of_a_batch_with_a_penalty() {
    let model = ModelSettings {
        architecture: Vec::new(),
        output: output("softmax"),
        weights: Weights::Given(vec![rows(&[&[1.0, 0.0], &[0.0, 1.0]])]),
        ..Default::default()
    };
    let penalty: Penalty = serde_json::from_value(serde_json::json!({ "l2": { "strength": 0.5 } })).unwrap();
    let training = TrainSettings { loss: loss("cross_entropy"), penalty, ..settings() };
    let targets = Targets::Classes { labels: vec![0, 1], count: 2 };
    let steps = traced(model, &[&[0.3, 0.6], &[0.0, 0.0]], targets, training);
    let [a, b] = [0.425_557_48, 0.574_442_52];
    // A full batch has the order of the data.
    assert_near(&steps[0], "input", &[&[0.3, 0.6], &[0.0, 0.0]], 0.0);
    assert_near(&steps[0], "output", &[&[a, b], &[0.5, 0.5]], 5e-9);
    assert_near(&steps[0], "output_jacobian1", &[&[a * b, -a * b], &[-a * b, a * b]], 5e-9);
    assert_near(&steps[0], "output_jacobian2", &[&[0.25, -0.25], &[-0.25, 0.25]], 1e-15);
    assert_near(&steps[0], "loss", &[&[-libm::log(a)], &[libm::log(2.0)]], 1e-7);
    assert_near(&steps[0], "output_gradient", &[&[-1.0 / a, 0.0], &[0.0, -2.0]], 1e-7);
    assert_near(&steps[0], "delta1", &[&[(a - 1.0) / 2.0, b / 2.0], &[0.25, -0.25]], 5e-9);
    let first = [0.3 * (a - 1.0) / 2.0 + 0.5, 0.3 * b / 2.0];
    let second = [0.6 * (a - 1.0) / 2.0, 0.6 * b / 2.0 + 0.5];
    assert_near(&steps[0], "weight_gradient1", &[&first, &second], 5e-9);
}

/// x = 1, w = −1 and 1, y = 2, slope ¼, ½(ŷ − y)², η = 0.1: z = −1, ŷ = −¼, δ² = −2.25; the gradient of the slope is
/// δ²·w·z = −2.25·1·(−1) = 2.25, and it moves to 0.25 − 0.225 = 0.025.
#[test]
fn learnt_parameters_are_traced() {
    let model = ModelSettings {
        architecture: vec![1],
        activation: activation("prelu"),
        output: output("identity"),
        weights: Weights::Given(vec![rows(&[&[-1.0]]), rows(&[&[1.0]])]),
        ..Default::default()
    };
    let training = TrainSettings { learning_rate: 0.1, ..settings() };
    let steps = traced(model, &[&[1.0]], Targets::Values(matrix(&[&[2.0]])), training);
    for (name, expected) in [("learnt1", 0.25), ("learnt_gradient1", 2.25), ("new_learnt1", 0.025)] {
        assert_near(&steps[0], name, &[&[expected]], 1e-15);
    }
    assert_eq!(steps[1].matrices["learnt1"], steps[0].matrices["new_learnt1"]);
    assert!(!steps[0].matrices.contains_key("learnt2"), "the last layer has no activation");
}
