//! The contract of every penalty, and its effect on a step.

use crate::draws::normals;
use crate::items::every;
use crate::numeric::slope;
use crate::uncancelled::train;
use crate::watch::{Watch, activation, divided, loss, network, output, settings};
use chainrule_core::network::Network;
use chainrule_core::penalty::Penalty;
use chainrule_core::train::{BatchSize, TrainSettings};

fn penalties() -> Vec<Penalty> {
    every(&Penalty::entries())
}

fn strong(spec: &str) -> Penalty {
    serde_json::from_str(spec).unwrap()
}

/// The term added to the gradient is within 1e-7 of the slope of the summed penalty, with a floor of 1e-9.
#[test]
fn the_gradient_is_the_slope() {
    for penalty in penalties() {
        let kernel = penalty.kernel::<f64>();
        let weights = normals(50, 3);
        let mut gradient = vec![0.25; 50];
        kernel.add_gradient(&weights, &mut gradient);
        for i in 0..weights.len() {
            let expected = slope(1e-3, |step| kernel.value(&[weights[i] + step]));
            let error = (gradient[i] - 0.25 - expected).abs();
            assert!(error <= 1e-7 * expected.abs() + 1e-9, "{penalty:?} at {}: {}", weights[i], gradient[i]);
        }
    }
}

/// Σ p(w) of (3, −4): λ·7 for `l1`, ½·λ·25 for `l2`, both for `elastic_net`; nothing at 0.
#[test]
fn values_by_hand() {
    let value = |spec: &str| strong(spec).kernel::<f64>().value(&[3.0, -4.0, 0.0]);
    assert!((value(r#"{ "l1": { "strength": 0.1 } }"#) - 0.7).abs() < 1e-15);
    assert!((value(r#"{ "l2": { "strength": 0.1 } }"#) - 1.25).abs() < 1e-15);
    assert!((value(r#"{ "elastic_net": { "l1": 0.1, "l2": 0.2 } }"#) - 3.2).abs() < 1e-15);
    assert_eq!(value(r#""none""#), 0.0);
    let mut gradient = [1.0];
    strong(r#"{ "l1": { "strength": 0.1 } }"#).kernel().add_gradient(&[0.0], &mut gradient);
    assert_eq!(gradient, [1.0], "the derivative of |w| at 0 is taken as 0");
}

/// A network after one step of gradient descent on all of iris.
fn after_a_step(change: impl Fn(&mut TrainSettings)) -> (Network<f64>, Watch) {
    let softmax = output("softmax");
    let mut settings =
        TrainSettings { loss: loss("cross_entropy"), epochs: 1, batch_size: BatchSize::Full, ..settings() };
    change(&mut settings);
    let mut network = network(&[4, 8, 3], activation("tanh"), softmax, 0);
    network.parameters.iter_mut().for_each(|parameter| *parameter += 0.01);
    let mut watch = Watch::new();
    let trained = train(network, &divided("iris", &softmax), &settings, 0, &mut watch);
    (trained.network, watch)
}

/// With and without a penalty, weights differ by −η·p'(w) after a step, and biases are equal.
#[test]
fn a_step_goes_down_the_penalty_too() {
    let (before, _) = after_a_step(|settings| settings.epochs = 0);
    let (plain, _) = after_a_step(|_| ());
    for spec in [r#"{ "l1": { "strength": 0.3 } }"#, r#"{ "l2": { "strength": 0.3 } }"#] {
        let penalty = strong(spec);
        let (punished, watch) = after_a_step(|settings| settings.penalty = penalty);
        for layer in &before.layers {
            let mut slopes = vec![0.0; layer.weights.len()];
            penalty.kernel().add_gradient(&before.parameters[layer.weights.clone()], &mut slopes);
            for (index, slope) in layer.weights.clone().zip(slopes) {
                let difference = punished.parameters[index] - plain.parameters[index];
                assert!((difference + 0.1 * slope).abs() < 1e-15, "{spec}");
            }
            assert_eq!(punished.parameters[layer.biases.clone()], plain.parameters[layer.biases.clone()]);
        }
        let sum = |network: &Network<f64>| -> f64 {
            let of_layer = |layer: &chainrule_core::network::Layer| {
                penalty.kernel().value(&network.parameters[layer.weights.clone()])
            };
            network.layers.iter().map(of_layer).sum()
        };
        assert_eq!(watch.metrics[0].penalty_value, Some(sum(&before)));
        assert_eq!(watch.metrics[1].penalty_value, Some(sum(&punished)));
    }
    assert_eq!(after_a_step(|_| ()).1.metrics[1].penalty_value, None);
}

/// For gradient descent, W − η(g + λW) is (1 − ηλ)W − ηg.
#[test]
fn weight_decay_is_the_squared_penalty_for_gradient_descent() {
    let many = |change: &dyn Fn(&mut TrainSettings)| {
        after_a_step(|settings| {
            settings.epochs = 20;
            change(settings);
        })
    };
    let l2 = many(&|settings| settings.penalty = strong(r#"{ "l2": { "strength": 0.3 } }"#)).0;
    let decayed = many(&|settings| settings.weight_decay = 0.3).0;
    let plain = many(&|_| ()).0;
    let distance = |a: &Network<f64>, b: &Network<f64>| {
        a.parameters.iter().zip(&b.parameters).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    assert!(distance(&l2, &decayed) < 1e-13, "{}", distance(&l2, &decayed));
    assert!(distance(&l2, &plain) > 0.1);
}
