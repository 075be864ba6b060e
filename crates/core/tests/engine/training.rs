//! Measurements of an epoch, and reproducibility of runs.

use crate::items::every;
use crate::uncancelled::{backward, forward, score};
use crate::watch::{activation, bytes, divided, iris, loss, network, output, settings};
use chainrule_core::loss::Rows;
use chainrule_core::network::{Network, Pass};
use chainrule_core::optimizer::Optimizer;
use chainrule_core::real::Element;
use chainrule_core::train::{BatchSize, LastBatch, Stop, TrainSettings};
use std::f64::consts::LN_2;

fn repeatable<F: Element>() {
    for optimizer in every::<Optimizer>(&Optimizer::entries()) {
        let settings = TrainSettings { optimizer, learning_rate: 0.01, ..settings() };
        let (first, watched) = iris::<F>(&settings, 3);
        let (second, again) = iris::<F>(&settings, 3);
        assert_eq!(bytes(&first.network), bytes(&second.network), "{optimizer:?}");
        assert_eq!(watched.metrics, again.metrics);
        assert_eq!(first.test, second.test);
        assert_ne!(bytes(&first.network), bytes(&iris::<F>(&settings, 4).0.network));
    }
}

#[test]
fn the_same_settings_give_the_same_bits() {
    repeatable::<f32>();
    repeatable::<f64>();
}

/// 90 training samples in batches of 32: two full ones and one of 26. A sample costs 3 units.
#[test]
fn steps_samples_and_cost_are_counted() {
    let (trained, watch) = iris::<f64>(&settings(), 0);
    assert_eq!(trained.stop, Stop::MaxEpochs);
    for metrics in &watch.metrics {
        let progress = metrics.progress;
        assert_eq!((progress.steps, progress.samples), (3 * metrics.epoch, 90 * metrics.epoch));
        assert_eq!(progress.cost_units, 3 * progress.samples);
    }
    assert_eq!(watch.metrics.iter().map(|metrics| metrics.epoch).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    assert_eq!(watch.steps, 15);
}

#[test]
fn a_small_last_batch_is_kept_or_dropped() {
    let steps = |last_batch, samples| {
        let settings = TrainSettings { last_batch, batch_size: BatchSize::Samples(samples), ..settings() };
        let progress = iris::<f64>(&settings, 0).1.metrics[5].progress;
        (progress.steps / 5, progress.samples / 5)
    };
    assert_eq!(steps(LastBatch::Keep, 32), (3, 90));
    assert_eq!(steps(LastBatch::Drop, 32), (2, 64));
    assert_eq!((steps(LastBatch::Keep, 30), steps(LastBatch::Drop, 30)), ((3, 90), (3, 90)));
    assert_eq!((steps(LastBatch::Keep, 89), steps(LastBatch::Drop, 89)), ((2, 90), (1, 89)));
    assert_eq!((steps(LastBatch::Keep, 1), steps(LastBatch::Drop, 90)), ((90, 90), (1, 90)));
}

/// Epochs 2, 4 and the last; skipping an evaluation changes nothing.
#[test]
fn evaluation_has_its_own_pace() {
    let (seldom, watch) = iris::<f64>(&TrainSettings { evaluate_every: 2, ..settings() }, 0);
    let (always, every) = iris::<f64>(&settings(), 0);
    assert_eq!(watch.metrics.iter().map(|metrics| metrics.epoch).collect::<Vec<_>>(), [0, 2, 4, 5]);
    assert_eq!(watch.metrics[1], every.metrics[2]);
    assert_eq!(bytes(&seldom.network), bytes(&always.network));
}

/// The mean loss and the fraction of right classes over all samples, one sample at a time.
#[test]
fn epoch_zero_is_the_untrained_network() {
    let softmax = output("softmax");
    let (network, parts) =
        (network::<f64>(&[4, 8, 3], activation("tanh"), softmax, 0), divided("iris", &softmax));
    let (mut pass, mut total, mut right) = (Pass::new(&network, 1), 0.0, 0.0);
    for (x, y) in parts.train.features.chunks(4).zip(parts.train.targets.chunks(3)) {
        forward(&network, x, &mut pass);
        let p = &pass.last().activation;
        let class = (0..3).find(|&i| y[i] == 1.0).unwrap();
        total -= libm::log(p[class]);
        right += f64::from(u8::from((0..3).all(|other| other == class || p[class] > p[other])));
    }
    let (_, watch) = iris::<f64>(&settings(), 0);
    let first = &watch.metrics[0];
    assert!((first.train.loss - total / 90.0).abs() < 1e-12);
    assert!((first.train.accuracy.unwrap() - right / 90.0).abs() < 1e-12);
    assert_eq!((first.gradient_norm, first.learning_rate), (None, None));
    assert_eq!((watch.metrics[1].gradient_norm.is_some(), watch.metrics[1].learning_rate), (true, Some(0.1)));
}

/// The chunks of an evaluation must have no effect: 700 copies of four samples score the same as the four.
#[test]
fn a_long_part_scores_as_its_short_period() {
    let softmax = output("softmax");
    let network = network::<f64>(&[2, 3, 2], activation("tanh"), softmax, 1);
    let parts = crate::watch::divided::<f64>("spirals", &softmax);
    let mut long = parts.train.clone();
    long.features = (0..long.len()).flat_map(|i| parts.train.features[i % 4 * 2..][..2].to_vec()).collect();
    long.targets = (0..long.len()).flat_map(|i| parts.train.targets[i % 4 * 2..][..2].to_vec()).collect();
    let cross_entropy = loss("cross_entropy");
    let score = score(&network, &long, &cross_entropy);
    let (mut pass, mut losses) = (Pass::new(&network, 4), [0.0; 4]);
    forward(&network, &long.features[..8], &mut pass);
    let (logits, outputs) = (&pass.last().pre_activation[..], &pass.last().activation[..]);
    let rows = Rows { n_out: 2, logits, outputs, targets: &long.targets[..8] };
    cross_entropy.kernel().sample_losses(&softmax, rows, &mut losses);
    assert!(long.len() > 256 && long.len().is_multiple_of(4));
    assert!((score.loss - losses.iter().sum::<f64>() / 4.0).abs() < 1e-12);
}

/// A loss that is fused with one output, evaluated with another output. With all weights 0, three sigmoids are ½, and
/// −Σ y ln ŷ is ln 2. A softmax is ⅓ for each class, and −Σ (y ln ŷ + (1 − y) ln(1 − ŷ)) is ln 3 + 2 ln(3/2).
#[test]
fn evaluations_know_which_output_they_are_of() {
    let of_softmax = libm::log(3.0) + 2.0 * libm::log(1.5);
    for (name, out, expected) in
        [("cross_entropy", "sigmoid", LN_2), ("binary_cross_entropy", "softmax", of_softmax)]
    {
        let output = output(out);
        let network = Network::<f64>::new(&[4, 3], true, activation("tanh"), output);
        let part = divided("iris", &output).train;
        let score = score(&network, &part, &loss(name));
        assert!((score.loss - expected).abs() < 1e-12, "{name}: {}", score.loss);
    }
}

/// The gradient of a single full batch, before its step: the gradient of the untrained network.
#[test]
fn gradient_norm_is_that_of_the_last_batch() {
    let softmax = output("softmax");
    let (network, parts) =
        (network::<f64>(&[4, 8, 3], activation("tanh"), softmax, 0), divided("iris", &softmax));
    let norm = |features: &[f64], targets: &[f64], network: &Network<f64>| {
        let (mut pass, mut gradient) = (Pass::new(network, 90), vec![0.0; network.parameters.len()]);
        let scale = 1.0 / (features.len() / 4) as f64;
        forward(network, features, &mut pass);
        backward(network, (features, targets), &loss("cross_entropy"), scale, &mut pass, &mut gradient);
        gradient.iter().map(|g| g * g).sum::<f64>().sqrt()
    };
    let settings = TrainSettings { batch_size: BatchSize::Full, epochs: 1, ..settings() };
    let expected = norm(&parts.train.features, &parts.train.targets, &network);
    let got = iris::<f64>(&settings, 0).1.metrics[1].gradient_norm.unwrap();
    assert!((got / expected - 1.0).abs() < 1e-12, "{got} {expected}");
    // Of 90 samples in batches of 89, the last one is the sample that is in no other batch of its epoch.
    let uneven = TrainSettings { batch_size: BatchSize::Samples(89), learning_rate: 0.0, ..settings };
    let got = iris::<f64>(&uneven, 0).1.metrics[1].gradient_norm.unwrap();
    let mut singles = (0..90)
        .map(|i| norm(&parts.train.features[4 * i..][..4], &parts.train.targets[3 * i..][..3], &network));
    assert!(singles.any(|single| (got / single - 1.0).abs() < 1e-12));
}

/// √(Σ W²) by hand, without the biases.
#[test]
fn weight_norm_leaves_biases_out() {
    let mut network = Network::<f64>::new(&[2, 1, 1], true, activation("tanh"), output("identity"));
    // W¹ = (1, 2), b¹ = 100, W² = 2, b² = 100: √(1 + 4 + 4) = 3.
    network.parameters.copy_from_slice(&[1.0, 2.0, 100.0, 2.0, 100.0]);
    assert_eq!(network.weight_norm(), 3.0);
}

/// Training in single precision has the same start as in double precision and stays close for a while.
#[test]
fn precisions_train_alike() {
    let (double, in_double) = iris::<f64>(&settings(), 1);
    let (single, in_single) = iris::<f32>(&settings(), 1);
    let pairs = single.network.parameters.iter().zip(&double.network.parameters);
    assert!(pairs.into_iter().all(|(s, d)| (f64::from(*s) - d).abs() < 1e-5));
    let losses = |watch: &crate::watch::Watch| {
        watch.metrics.iter().map(|metrics| metrics.train.loss).collect::<Vec<_>>()
    };
    assert!(losses(&in_single).iter().zip(losses(&in_double)).all(|(s, d)| (s - d).abs() < 1e-5));
}

#[test]
fn the_test_part_is_measured_on_the_network_as_it_ended() {
    let (trained, _) = iris::<f64>(&settings(), 2);
    let softmax = output("softmax");
    let part = divided::<f64>("iris", &softmax).test.unwrap();
    let score = score(&trained.network, &part, &loss("cross_entropy"));
    assert_eq!(trained.test, Some(score));
}

/// The 90 samples of the training set are 3 batches. Two epochs of warm-up are 6 steps: epochs 1 and 2 end with the
/// third and the sixth. Then the rate is halved after each epoch.
#[test]
fn the_learning_rate_follows_warm_up_and_schedule() {
    let schedule = serde_json::from_str(r#"{ "step": { "every": 1, "factor": 0.5 } }"#).unwrap();
    let (_, watch) = iris::<f64>(&TrainSettings { schedule, warmup_epochs: 2.0, ..settings() }, 0);
    assert_eq!(watch.steps, 15);
    let rates: Vec<_> = watch.metrics.iter().map(|metrics| metrics.learning_rate).collect();
    assert_eq!(rates, [None, Some(0.05), Some(0.1), Some(0.1), Some(0.05), Some(0.025)]);
}

/// Steps are equal to steps at half the learning rate: the factor reaches the optimizer, not only the record.
#[test]
fn the_scheduled_rate_is_the_one_of_the_step() {
    let half = TrainSettings { learning_rate: 0.05, epochs: 1, ..settings() };
    let schedule = serde_json::from_str(r#"{ "cosine": { "minimum": 1.0 } }"#).unwrap();
    let unchanged = TrainSettings { schedule, ..half.clone() };
    let warm =
        TrainSettings { learning_rate: 0.1, batch_size: BatchSize::Full, warmup_epochs: 2.0, ..half.clone() };
    let full = TrainSettings { batch_size: BatchSize::Full, ..half.clone() };
    let network = |settings: &TrainSettings| bytes(&iris::<f64>(settings, 0).0.network);
    assert_eq!(network(&half), network(&unchanged));
    assert_eq!(network(&full), network(&warm));
}
