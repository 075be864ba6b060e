//! Facts of the theory that runs must reproduce.

use crate::items::every;
use crate::optimizers::uses_gradient;
use crate::uncancelled::{initialize, train};
use crate::watch::{activation, bytes, divided, loss, network, output, settings};
use chainrule_core::activation::Activation;
use chainrule_core::dataset::Parts;
use chainrule_core::initializer::Initializer;
use chainrule_core::linalg::least_squares;
use chainrule_core::network::Network;
use chainrule_core::optimizer::Optimizer;
use chainrule_core::train::{BatchSize, Stop, TrainSettings};

/// Without a hidden layer, half the squared error is a convex quadratic: gradient descent reaches the least-squares
/// solution from every start.
fn reaches_least_squares(parts: &Parts<f64>, epochs: u64) -> f64 {
    let expected = least_squares(parts.train.features_view(), parts.train.targets_view()).unwrap();
    let (n_in, n_out) = (parts.train.n_in(), parts.train.n_out());
    let settings = TrainSettings {
        batch_size: BatchSize::Full,
        epochs,
        learning_rate: 0.5,
        evaluate_every: epochs,
        ..settings()
    };
    let errors = (0..5).map(|seed| {
        let start = network(&[n_in, n_out], activation("identity"), output("identity"), seed);
        let trained = train(start, parts, &settings, seed, &mut ()).network;
        // W row-major and then b: the rows of the solution.
        let pairs = trained.parameters.iter().zip(&expected);
        pairs.map(|(got, expected)| (got - expected).abs()).fold(0.0, f64::max)
    });
    errors.fold(0.0, f64::max)
}

/// Within 1e-6. Standardised, the curvature of the line is 1 in both directions: each step halves the error. For iris,
/// with four lengths, the smallest curvature is about 0.02: a step keeps 99 % of the error, and 0.99^4000 = 4e-18.
#[test]
fn linear_networks_reach_the_least_squares_solution() {
    let identity = output("identity");
    let errors = [
        reaches_least_squares(&divided("sine", &identity), 100),
        reaches_least_squares(&divided("iris", &identity), 4000),
    ];
    assert!(errors.iter().all(|&error| error < 1e-6), "{errors:?}");
    println!("worst: {errors:?}");
}

/// Bit for bit: equal units have equal inputs and get equal updates.
#[test]
fn zeros_keep_all_units_of_a_layer_alike() {
    let softmax = output("softmax");
    let parts: Parts<f32> = divided("iris", &softmax);
    for activation in every::<Activation>(&Activation::entries()) {
        let settings = TrainSettings { loss: loss("cross_entropy"), epochs: 3, ..settings() };
        let mut start = Network::new(&[4, 5, 5, 3], true, activation, softmax);
        initialize(&mut start, &Initializer::from_name("zeros").unwrap(), 0);
        let trained = train(start, &parts, &settings, 0, &mut ()).network;
        for layer in 0..2 {
            let (columns, biases) = (trained.weights(layer), trained.biases(layer));
            assert!(columns.columns().into_iter().all(|unit| unit == columns.column(0)), "{activation:?}");
            assert!(biases.iter().all(|bias| *bias == biases[0]), "{activation:?}");
            let outgoing = trained.weights(layer + 1);
            assert!(outgoing.rows().into_iter().all(|unit| unit == outgoing.row(0)), "{activation:?}");
        }
        assert!(trained.biases(2)[0] != trained.biases(2)[1], "the outputs do learn");
    }
}

/// A derivative of 0 leaves every hidden layer unchanged, and only the last layer learns. Exceptions are optimizers
/// that use no gradient, or move weights without one.
#[test]
fn uninformative_derivatives_teach_the_last_layer_alone() {
    let softmax = output("softmax");
    let parts: Parts<f32> = divided("iris", &softmax);
    let uninformative = |activation: &Activation| !activation.kernel::<f32>().is_informative();
    let activations: Vec<Activation> = every(&Activation::entries());
    for activation in activations.into_iter().filter(uninformative) {
        let only_gradient = |one: &Optimizer| uses_gradient(one) && one.kernel::<f32>().weight_decay() == 0.0;
        for optimizer in every::<Optimizer>(&Optimizer::entries()).into_iter().filter(only_gradient) {
            let settings = TrainSettings { loss: loss("cross_entropy"), optimizer, ..settings() };
            let start = network(&[4, 6, 5, 3], activation, softmax, 0);
            let hidden = start.layers[2].weights.start;
            let trained = train(start.clone(), &parts, &settings, 0, &mut ());
            assert_eq!(trained.network.parameters[..hidden], start.parameters[..hidden], "{optimizer:?}");
            assert_ne!(trained.network.parameters[hidden..], start.parameters[hidden..], "{optimizer:?}");
        }
    }
}

/// A network learns exclusive or with a hidden layer, and cannot without one.
#[test]
fn exclusive_or_needs_a_hidden_layer() {
    let sigmoid = output("sigmoid");
    let samples = crate::watch::samples("xor");
    let parts: Parts<f64> = crate::uncancelled::prepare(&samples, &crate::watch::whole(), &sigmoid).unwrap();
    let accuracy = |widths: &[usize]| {
        let settings = TrainSettings {
            loss: loss("binary_cross_entropy"),
            batch_size: BatchSize::Full,
            epochs: 2000,
            learning_rate: 0.5,
            evaluate_every: 2000,
            ..settings()
        };
        let mut watch = crate::watch::Watch::new();
        let trained =
            train(network(widths, activation("tanh"), sigmoid, 0), &parts, &settings, 0, &mut watch);
        assert_eq!(trained.stop, Stop::MaxEpochs);
        watch.metrics.last().unwrap().train.accuracy.unwrap()
    };
    assert_eq!(accuracy(&[2, 4, 1]), 1.0);
    assert!(accuracy(&[2, 1]) <= 0.75);
}

/// The bytes that identify a network: W row by row, then b, little-endian, layer after layer.
#[test]
fn a_network_is_identified_by_its_bytes() {
    let mut network = Network::<f32>::new(&[2, 1, 1], true, activation("tanh"), output("identity"));
    network.parameters.copy_from_slice(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let expected: Vec<u8> = [1.0f32, 2.0, 3.0, 4.0, 5.0].iter().flat_map(|x| x.to_le_bytes()).collect();
    assert_eq!(bytes(&network), expected);
}
