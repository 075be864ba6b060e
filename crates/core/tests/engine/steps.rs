//! The parts of a training step besides the gradient: clipping, weight decay, dropout.

use crate::numeric::{bits64, worst};
use crate::uncancelled::{backward, draw_masks, forward, train};
use crate::watch::{activation, bytes, divided, iris, loss, network, output, settings};
use chainrule_core::fault::Fault;
use chainrule_core::network::{Network, Pass};
use chainrule_core::optimizer::Optimizer;
use chainrule_core::reference::{Batch, ReferenceNetwork, ScaledCost};
use chainrule_core::train::{BatchSize, Limit, TrainSettings};

/// The update of one step of gradient descent with learning rate 1 on all of iris, which is minus the clipped gradient.
fn moved(clip_value: Limit, clip_norm: Limit) -> (Vec<f64>, f64) {
    let settings = TrainSettings {
        loss: loss("half_squared_error"),
        epochs: 1,
        batch_size: BatchSize::Full,
        learning_rate: 1.0,
        clip_value,
        clip_norm,
        ..settings()
    };
    let softmax = output("softmax");
    let start = network::<f64>(&[4, 8, 3], activation("tanh"), softmax, 0);
    let mut watch = crate::watch::Watch::new();
    let end = train(start.clone(), &divided("iris", &softmax), &settings, 0, &mut watch).network;
    let moved = start.parameters.iter().zip(&end.parameters).map(|(start, end)| start - end).collect();
    (moved, watch.metrics[1].gradient_norm.unwrap())
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Each entry is clipped at ±value; then the whole gradient is scaled to the norm and keeps its direction. Smaller
/// gradients stay unchanged. The recorded norm is the norm before clipping.
#[test]
fn gradients_are_clipped() {
    let (gradient, before) = moved(Limit::None, Limit::None);
    assert!((norm(&gradient) - before).abs() < 1e-12);
    let (by_value, written) = moved(Limit::At(0.02), Limit::None);
    let cut: Vec<f64> = gradient.iter().map(|g| g.clamp(-0.02, 0.02)).collect();
    assert!(worst(&by_value, &cut, 1.0) < 1e-15 && (written - before).abs() < 1e-15);
    assert!(cut != gradient);
    let half = before / 2.0;
    let (by_norm, written) = moved(Limit::None, Limit::At(half));
    let scaled: Vec<f64> = gradient.iter().map(|g| g / 2.0).collect();
    assert!(worst(&by_norm, &scaled, 1.0) < 1e-15 && (written - before).abs() < 1e-15);
    assert_eq!(moved(Limit::At(1e3), Limit::At(1e3)).0, gradient);
    let (by_both, _) = moved(Limit::At(0.02), Limit::At(0.01));
    let expected: Vec<f64> = cut.iter().map(|g| g * 0.01 / norm(&cut)).collect();
    assert!(worst(&by_both, &expected, 1.0) < 1e-15);
}

fn trained(change: impl Fn(&mut TrainSettings)) -> Network<f64> {
    let mut settings = settings();
    change(&mut settings);
    iris::<f64>(&settings, 5).0.network
}

fn optimizer(spec: &str) -> Optimizer {
    serde_json::from_str(spec).unwrap()
}

/// Bit for bit, over five epochs.
#[test]
fn adamw_without_decay_is_adam() {
    let with = |spec: &str| {
        bits64(
            &trained(|settings| {
                settings.optimizer = optimizer(spec);
                settings.learning_rate = 0.01;
            })
            .parameters,
        )
    };
    assert_eq!(with(r#"{ "adamw": { "weight_decay": 0.0 } }"#), with(r#""adam""#));
    assert_ne!(with(r#""adamw""#), with(r#""adam""#));
}

/// The setting's decay works with every optimizer: `adam` with `weight_decay` equals `adamw` with its own.
#[test]
fn the_decay_of_adamw_is_the_setting() {
    let own = trained(|settings| settings.optimizer = optimizer(r#"{ "adamw": { "weight_decay": 0.05 } }"#));
    let set = trained(|settings| {
        settings.optimizer = optimizer(r#""adam""#);
        settings.weight_decay = 0.05;
    });
    assert_eq!(bytes(&own), bytes(&set));
}

/// Without a gradient (with a learning rate that only affects the decay), each step multiplies weights by 1 − ηλ and
/// leaves biases.
#[test]
fn decay_shrinks_weights_and_not_biases() {
    let mut start = Network::<f64>::new(&[1, 2, 1], true, activation("relu"), output("identity"));
    start.parameters.copy_from_slice(&[1.0, -2.0, 0.5, 0.25, 4.0, 8.0, 3.0]);
    let parts = crate::watch::from_columns::<f64>(vec![0.0], vec![4.0 * 0.5 + 8.0 * 0.25 + 3.0]);
    let settings = TrainSettings { epochs: 1, weight_decay: 0.5, learning_rate: 0.5, ..settings() };
    let settings = TrainSettings { batch_size: BatchSize::Full, ..settings };
    let end = train(start, &parts, &settings, 0, &mut ()).network;
    // The residual is 0, and so is the gradient: 1 − 0.5·0.5 = 0.75.
    assert_eq!(end.parameters, [0.75, -1.5, 0.5, 0.25, 3.0, 6.0, 3.0]);
}

fn dropping(dropout: f64) -> Network<f64> {
    let mut network = network(&[3, 40, 30, 2], activation("tanh"), output("softmax"), 1);
    network.dropout = dropout;
    network
}

/// A mask holds 0 and 1/(1 − p). The fraction of zeros is p within five standard errors of 16,000 draws.
#[test]
fn masks_drop_their_share() {
    let network = dropping(0.3);
    let mut pass = Pass::for_training(&network, 400);
    draw_masks(&mut pass, &network, 400, 0, 0);
    let mask = &pass.layers[0].mask;
    assert!(mask.iter().all(|&m| m == 0.0 || m == 1.0 / (1.0 - 0.3)));
    let dropped = mask.iter().filter(|&&m| m == 0.0).count() as f64 / mask.len() as f64;
    assert!((dropped - 0.3).abs() < 5.0 * (0.3 * 0.7 / mask.len() as f64).sqrt(), "{dropped}");
    assert!(pass.layers[2].mask.is_empty(), "outputs are not dropped");
    let first = mask.clone();
    draw_masks(&mut pass, &network, 400, 0, 1);
    assert_ne!(pass.layers[0].mask, first, "another step drops other units");
}

/// A dropped unit acts like an absent one. The masks are moved into the next layer's weights, sample by sample. The
/// reference engine then gives the same outputs and the same gradients of the weights below and above.
#[test]
fn dropped_units_are_as_if_they_were_not_there() {
    let network = dropping(0.5);
    let mut pass = Pass::for_training(&network, 1);
    draw_masks(&mut pass, &network, 1, 7, 3);
    let (x, y) = ([0.3, -1.2, 0.8], [0.0, 1.0]);
    let mut gradient = vec![0.0; network.parameters.len()];
    forward(&network, &x, &mut pass);
    backward(&network, (&x, &y), &loss("half_squared_error"), 1.0, &mut pass, &mut gradient);

    let mut thinned = network.clone();
    for layer in 1..3 {
        let mask = pass.layers[layer - 1].mask.clone();
        let (n_out, range) = (thinned.layers[layer].n_out, thinned.layers[layer].weights.clone());
        for (index, weight) in thinned.parameters[range].iter_mut().enumerate() {
            *weight *= mask[index / n_out];
        }
    }
    let slow = ReferenceNetwork::from(&thinned);
    let outputs = slow.forward(&x).activations.pop().unwrap();
    assert!(worst(&pass.last().activation, &outputs, 1.0) < 1e-14);
    let batch = Batch { features: &x, targets: &y, masks: &[] };
    let cost = ScaledCost { loss: &loss("half_squared_error"), scale: 1.0, penalty: &Default::default() };
    let expected =
        crate::uncancelled::gradient(&mut thinned, batch, cost, Fault::default().kernel()).parameters;
    for (index, layer) in network.layers.iter().enumerate() {
        let below = if index > 0 { pass.layers[index - 1].mask.clone() } else { vec![1.0; layer.n_in] };
        // ∂L/∂W for the thinned weights W·m is divided by m: ∂L/∂W = m · ∂L/∂(W·m).
        let rows = expected[layer.weights.clone()].chunks(layer.n_out).zip(&below);
        let weights: Vec<f64> = rows.flat_map(|(row, m)| row.iter().map(move |g| g * m)).collect();
        assert!(worst(&gradient[layer.weights.clone()], &weights, 1e-3) < 1e-12, "layer {index}");
        assert!(worst(&gradient[layer.biases.clone()], &expected[layer.biases.clone()], 1e-3) < 1e-12);
    }
}

/// Evaluation drops nothing, and without dropout training draws nothing.
#[test]
fn evaluation_sees_the_whole_network() {
    let (with, without) = (dropping(0.5), dropping(0.0));
    let outputs = |network: &Network<f64>| {
        let mut pass = Pass::new(network, 1);
        forward(network, &[0.3, -1.2, 0.8], &mut pass);
        pass.last().activation.clone()
    };
    assert_eq!(outputs(&with), outputs(&without));
    assert!(Pass::for_training(&without, 5).layers.iter().all(|layer| layer.mask.is_empty()));
}
