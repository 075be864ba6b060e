//! Runs that diverge end with a cause: the step, the layer, the tensor.

use crate::uncancelled::train;
use crate::watch::{Watch, activation, divided, from_columns, iris, network, output, settings};
use chainrule_core::dataset::Parts;
use chainrule_core::network::Network;
use chainrule_core::train::{Divergence, Stop, TrainSettings, Trained};

const INFINITY: f64 = f64::INFINITY;

fn autopsy<F>(trained: &Trained<F>) -> &Divergence {
    assert!(trained.test.is_none() && trained.target_reached.is_none());
    let Stop::Diverged(divergence) = &trained.stop else { panic!("{:?}", trained.stop) };
    assert!(!divergence.value.is_finite());
    divergence
}

/// 2 inputs, two hidden layers of 3, one output, on 100 spirals: weights of layer 2 are 9 … 18.
fn planted(index: usize, value: f64, hidden: &str) -> Trained<f64> {
    let sigmoid = output("sigmoid");
    let mut network = network::<f64>(&[2, 3, 3, 1], activation(hidden), sigmoid, 0);
    network.parameters[index] = value;
    train(network, &divided("spirals", &sigmoid), &settings(), 0, &mut ())
}

/// An infinite number inserted into a tensor is found there, before the first step. W¹ begins at 0, b¹ at 6, W² at 9,
/// b² at 18, W³ at 21, b³ at 24. Bounded activations and rectifiers hide some of these numbers from the loss.
#[test]
fn planted_infinities_are_found_where_they_are() {
    for hidden in ["identity", "relu", "tanh", "sigmoid", "step"] {
        for value in [INFINITY, -INFINITY, f64::NAN] {
            for (index, layer, tensor) in [
                (0, 1, "weights"),
                (6, 1, "biases"),
                (9, 2, "weights"),
                (18, 2, "biases"),
                (21, 3, "weights"),
                (24, 3, "biases"),
            ] {
                let trained = planted(index, value, hidden);
                let found = autopsy(&trained);
                assert_eq!(
                    (found.step, found.layer, found.tensor),
                    (0, layer, tensor),
                    "{hidden} {value} at {index}"
                );
                assert!(found.value == value || value.is_nan() && found.value.is_nan());
            }
        }
    }
}

/// Finite weights whose products overflow: the pre-activation of layer 2, 1e200 · 1e200.
#[test]
fn an_overflow_is_found_where_it_happens() {
    let mut network = Network::<f64>::new(&[1, 1, 1], false, activation("identity"), output("identity"));
    network.parameters.copy_from_slice(&[1e200, 1e200]);
    let parts = from_columns(vec![1.0; 40], vec![0.0; 40]);
    let trained = train(network, &parts, &settings(), 0, &mut ());
    let found = autopsy(&trained);
    assert_eq!((found.step, found.layer, found.tensor, found.value), (0, 2, "pre_activation", INFINITY));
}

/// The output 1e200 is finite, but its square is not: the first infinite number comes after the last layer.
#[test]
fn a_loss_can_overflow_alone() {
    let mut network = Network::<f64>::new(&[1, 1], false, activation("identity"), output("identity"));
    network.parameters[0] = 1e200;
    let trained = train(network, &from_columns(vec![1.0; 40], vec![0.0; 40]), &settings(), 0, &mut ());
    let found = autopsy(&trained);
    assert_eq!((found.step, found.layer, found.tensor, found.value), (0, 2, "loss", INFINITY));
}

#[test]
fn not_a_number_in_the_features_is_seen_in_the_first_layer() {
    let mut x = vec![0.5; 600];
    x[300] = f64::NAN;
    for hidden in ["identity", "relu", "tanh", "sigmoid", "step"] {
        let network = network::<f64>(&[1, 3, 1], activation(hidden), output("identity"), 0);
        let mut watch = Watch::new();
        let trained = train(network, &from_columns(x.clone(), vec![0.0; 600]), &settings(), 0, &mut watch);
        let found = autopsy(&trained);
        assert_eq!((found.step, found.layer, found.tensor), (0, 1, "pre_activation"), "{hidden}");
        assert!(watch.metrics.is_empty(), "no number is made of it");
    }
}

/// Too high a rate: the loss of ŷ = w·x grows without bound. With x = 1, y = 0 a step takes w to (1 − η)w = −9w. So ½w²
/// overflows between |w| = √(2·MAX) and nine times that, and the autopsy names a step in the middle of an epoch.
#[test]
fn too_high_a_rate_diverges_at_a_definite_step() {
    let parts = from_columns::<f64>(vec![1.0; 320], vec![0.0; 320]);
    let settings = TrainSettings { learning_rate: 10.0, epochs: 1000, ..settings() };
    let mut network = Network::new(&[1, 1], false, activation("identity"), output("identity"));
    network.parameters[0] = 1.0;
    let mut watch = Watch::new();
    let trained = train(network, &parts, &settings, 0, &mut watch);
    let found = autopsy(&trained);
    // Ten steps per epoch. ½·81ⁿ first exceeds 1.8e308 at n = 162 (ln(3.6e308)/ln 81 = 161.7), which is found after
    // epoch 17.
    assert_eq!((found.step, found.layer, found.tensor), (170, 2, "loss"));
    assert_eq!((watch.steps, watch.metrics.len()), (170, 17));
    assert!(watch.metrics.iter().all(|metrics| metrics.train.loss.is_finite()));
}

/// Without an evaluation in between, w itself overflows: 9ⁿ > 1.8e308 at n = 324 (ln(1.8e308)/ln 9 = 323.03), which the
/// next forward pass finds.
#[test]
fn divergence_is_seen_between_evaluations() {
    let parts = from_columns::<f64>(vec![1.0; 320], vec![0.0; 320]);
    let settings = TrainSettings { learning_rate: 10.0, epochs: 1000, evaluate_every: 1000, ..settings() };
    let mut network = Network::new(&[1, 1], false, activation("identity"), output("identity"));
    network.parameters[0] = 1.0;
    let mut watch = Watch::new();
    let trained = train(network, &parts, &settings, 0, &mut watch);
    let found = autopsy(&trained);
    assert!(found.layer == 1 && found.tensor == "weights", "{found:?}");
    // The update η·w overflows one step before w would: 10·9ⁿ > 1.8e308 at n = 322.
    assert!((323..=324).contains(&found.step) && found.step == watch.steps, "{found:?}");
}

#[test]
fn deep_rectifiers_diverge_with_a_reason() {
    let parts: Parts<f32> = divided("sine", &output("identity"));
    let network = network(&[1, 20, 20, 20, 1], activation("relu"), output("identity"), 0);
    let settings = TrainSettings { learning_rate: 1e3, epochs: 50, ..settings() };
    autopsy(&train(network, &parts, &settings, 0, &mut ()));
}

/// A test set that the other sets do not predict.
#[test]
fn a_test_loss_that_is_no_number_is_a_divergence() {
    let sigmoid = output("sigmoid");
    let mut parts: Parts<f64> = divided("spirals", &sigmoid);
    parts.test.as_mut().unwrap().features[0] = f64::NAN;
    let network = network(&[2, 3, 1], activation("tanh"), sigmoid, 0);
    let trained = train(network, &parts, &TrainSettings { epochs: 1, ..settings() }, 0, &mut ());
    let found = autopsy(&trained);
    // 300 training samples in batches of 32 are ten steps.
    assert_eq!((found.step, found.layer, found.tensor), (10, 1, "pre_activation"));
}

/// Weights of 1e25 have squares beyond single precision, but are not a divergence; gradients of 1e-25 are not 0.
#[test]
fn norms_do_not_overflow_before_numbers_do() {
    let mut network = Network::<f32>::new(&[1, 1, 1], true, activation("tanh"), output("identity"));
    network.parameters[0] = 1e25;
    let parts = from_columns(vec![1.0; 40], vec![1e-25; 40]);
    let mut watch = Watch::new();
    let trained = train(network, &parts, &TrainSettings { epochs: 1, ..settings() }, 0, &mut watch);
    assert_eq!(trained.stop, Stop::MaxEpochs);
    assert!((watch.metrics[1].weight_norm / 1e25 - 1.0).abs() < 1e-6);
    let norm = watch.metrics[1].gradient_norm.unwrap();
    assert!(norm > 1e-26 && norm < 1e-24, "{norm}");
}

/// Logits in the tens of thousands: the outputs are 0 and 1, the losses large and finite.
#[test]
fn saturated_outputs_do_not_diverge() {
    let (trained, watch) = iris::<f32>(&TrainSettings { learning_rate: 1e4, epochs: 20, ..settings() }, 0);
    assert_eq!(trained.stop, Stop::MaxEpochs);
    assert!(watch.metrics.iter().all(|metrics| metrics.train.loss.is_finite()));
}
