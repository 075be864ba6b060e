//! The contract of every initializer.

use crate::draws::{normals, stream};
use crate::items::every;
use crate::numeric::bits64;
use crate::uncancelled::initialize;
use chainrule_core::cancel::to_the_end;
use chainrule_core::initializer::{Fan, Initializer};
use chainrule_core::network::{Biases, ModelSettings, Network};
use chainrule_core::registry::Entry;
use chainrule_core::seed::{Purpose, Stream};
use ndarray::Array2;
use serde_json::{Value, json};

const FANS: [Fan; 5] = [
    Fan { fan_in: 300, fan_out: 100 },
    Fan { fan_in: 100, fan_out: 300 },
    Fan { fan_in: 64, fan_out: 64 },
    Fan { fan_in: 784, fan_out: 10 },
    Fan { fan_in: 1, fan_out: 4000 },
];

fn initializers() -> Vec<Initializer> {
    every(&Initializer::entries())
}

fn weights(initializer: &Initializer, fan: Fan, seed: u64) -> Vec<f64> {
    let mut weights = vec![f64::NAN; fan.fan_in * fan.fan_out];
    to_the_end(|cancel| initializer.kernel().fill(fan, &mut stream(seed), &mut weights, cancel));
    weights
}

/// Mean and variance.
fn moments(weights: &[f64]) -> (f64, f64) {
    let n = weights.len() as f64;
    let mean = weights.iter().sum::<f64>() / n;
    (mean, weights.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// Five standard errors: s/√n for a mean; s²·√(2/n) for a variance of normal draws (less for all narrower
/// distributions). If all weights are equal, the mean of n of them is rounded.
#[test]
fn mean_and_variance_are_those_of_the_formula() {
    for initializer in initializers() {
        for fan in FANS {
            let deviation = initializer.kernel().standard_deviation(fan);
            let expected = initializer.kernel().mean(fan);
            let rounding = 1e-12 * expected.abs();
            let weights = weights(&initializer, fan, 11);
            let (mean, variance) = moments(&weights);
            let n = weights.len() as f64;
            assert!(
                (mean - expected).abs() <= 5.0 * deviation / n.sqrt() + rounding,
                "{initializer:?} {fan:?}: mean {mean}"
            );
            let error = (variance - deviation.powi(2)).abs();
            assert!(
                error <= 5.0 * deviation.powi(2) * (2.0 / n).sqrt() + rounding.powi(2),
                "{initializer:?} {fan:?}: {variance}"
            );
        }
    }
}

/// The formulas of the papers again, for a layer from 8 to 2 units: l²/3 for uniform weights, and 1/8 for orthonormal
/// columns of 8 entries. A gain of 3 makes each variance 9 times as large.
#[test]
fn variances_by_hand() {
    let fan = Fan { fan_in: 8, fan_out: 2 };
    let variance = |spec: Value| {
        serde_json::from_value::<Initializer>(spec).unwrap().kernel().standard_deviation(fan).powi(2)
    };
    for (name, expected) in [
        ("zeros", 0.0),
        ("constant", 0.0),
        ("uniform", 0.1 * 0.1 / 3.0),
        ("normal", 0.1 * 0.1),
        ("xavier_uniform", 6.0 / 10.0 / 3.0),
        ("xavier_normal", 2.0 / 10.0),
        ("he_uniform", 6.0 / 8.0 / 3.0),
        ("he_normal", 2.0 / 8.0),
        ("lecun_uniform", 3.0 / 8.0 / 3.0),
        ("lecun_normal", 1.0 / 8.0),
        ("orthogonal", 1.0 / 8.0),
    ] {
        assert!((variance(json!(name)) - expected).abs() < 1e-15, "{name}");
        if has_gain(name) {
            let larger = variance(json!({ name: { "gain": 3.0 } }));
            assert!((larger - 9.0 * expected).abs() < 1e-14, "{name}: {larger}");
        }
    }
}

fn has_gain(name: &str) -> bool {
    let has = |entry: &Entry| entry.parameters.iter().any(|parameter| parameter.name == "gain");
    Initializer::entries().iter().any(|entry| entry.name == name && has(entry))
}

/// Doubling is exact: with a gain of 2, every weight is exactly twice the weight with a gain of 1.
#[test]
fn the_gain_multiplies_the_weights() {
    let mut seen = 0;
    for Entry { name, .. } in Initializer::entries() {
        for fan in FANS.into_iter().filter(|_| has_gain(name)) {
            let with = |gain: f64| {
                let initializer = serde_json::from_value(json!({ name: { "gain": gain } })).unwrap();
                weights(&initializer, fan, 5)
            };
            let plain = weights(&Initializer::from_name(name).unwrap(), fan, 5);
            assert_eq!(bits64(&with(1.0)), bits64(&plain), "{name}");
            let doubled: Vec<_> = plain.iter().map(|weight| 2.0 * weight).collect();
            assert_eq!(bits64(&with(2.0)), bits64(&doubled), "{name}");
            assert!(with(0.0).iter().all(|&weight| weight == 0.0));
            seen += 1;
        }
    }
    assert_eq!(seen, 7 * FANS.len());
}

/// A weight is a draw of the stream times a number, in the order of the draws: N(0, 1) times the standard deviation, or
/// U(−1, 1) times the limit. For a layer from 30 to 7 units, fan_in + fan_out is 37.
#[test]
fn weights_are_the_draws_of_the_stream() {
    let fan = Fan { fan_in: 30, fan_out: 7 };
    let (mut normal, mut uniform) = (stream(3), stream(3));
    let normals: Vec<f64> = (0..210).map(|_| normal.normal()).collect();
    let uniforms: Vec<f64> = (0..210).map(|_| 2.0 * uniform.uniform() - 1.0).collect();
    for (name, factor, draws) in [
        ("normal", 0.1f64, &normals),
        ("he_normal", (2.0f64 / 30.0).sqrt(), &normals),
        ("xavier_normal", (2.0f64 / 37.0).sqrt(), &normals),
        ("lecun_normal", 1.0 / 30.0f64.sqrt(), &normals),
        ("uniform", 0.1, &uniforms),
        ("he_uniform", (6.0f64 / 30.0).sqrt(), &uniforms),
        ("xavier_uniform", (6.0f64 / 37.0).sqrt(), &uniforms),
        ("lecun_uniform", (3.0f64 / 30.0).sqrt(), &uniforms),
    ] {
        let expected: Vec<_> = draws.iter().map(|draw| factor * draw).collect();
        let weights = weights(&Initializer::from_name(name).unwrap(), fan, 3);
        assert_eq!(bits64(&weights), bits64(&expected), "{name}");
    }
}

/// U(−l, l) has the standard deviation l/√3: draws stay within √3 standard deviations, and come close to both ends.
#[test]
fn uniform_draws_stay_within_their_limit() {
    let uniform = |entry: &&Entry| entry.name.ends_with("uniform");
    let entries = Initializer::entries();
    assert_eq!(entries.iter().filter(uniform).count(), 4);
    for entry in entries.iter().filter(uniform) {
        let initializer = Initializer::from_name(entry.name).unwrap();
        for fan in FANS {
            let limit = 3.0f64.sqrt() * initializer.kernel().standard_deviation(fan);
            let weights = weights(&initializer, fan, 12);
            assert!(weights.iter().all(|weight| weight.abs() <= limit * (1.0 + 1e-15)), "{}", entry.name);
            let (low, high) =
                weights.iter().fold((0.0, 0.0), |(low, high): (f64, f64), &w| (low.min(w), high.max(w)));
            assert!(low < -0.99 * limit && high > 0.99 * limit, "{}: {low} {high}", entry.name);
        }
    }
}

/// The rows or the columns, whichever are fewer, are orthonormal. `Qᵀ·A` for the normal draws A is upper triangular
/// with a positive diagonal, which determines Q for each A.
#[test]
fn orthogonal_weights_are_the_unique_factor_of_the_draws() {
    let orthogonal = Initializer::from_name("orthogonal").unwrap();
    let mut worst: f64 = 0.0;
    for fan in FANS {
        let (n, m) = (fan.fan_in.max(fan.fan_out), fan.fan_in.min(fan.fan_out));
        let weights =
            Array2::from_shape_vec((fan.fan_in, fan.fan_out), weights(&orthogonal, fan, 2)).unwrap();
        let q = if fan.fan_in < fan.fan_out { weights.reversed_axes() } else { weights };
        for error in q.t().dot(&q) - Array2::<f64>::eye(m) {
            assert!(error.abs() < 1e-13, "{fan:?}: {error:e}");
            worst = worst.max(error.abs());
        }
        let r = q.t().dot(&Array2::from_shape_vec((n, m), normals(n * m, 2)).unwrap());
        for ((i, j), &entry) in r.indexed_iter() {
            assert!(if i == j { entry > 0.0 } else { i < j || entry.abs() < 1e-11 }, "{fan:?}: {entry}");
        }
    }
    println!("largest entry of QᵀQ − I: {worst:e}");
}

#[test]
fn the_same_stream_gives_the_same_weights() {
    for initializer in initializers() {
        let bits = |seed| bits64(&weights(&initializer, FANS[2], seed));
        assert_eq!(bits(1), bits(1), "{initializer:?}");
        // Compared as numbers: a gain of 0 gives zeros of either sign.
        let is_constant = initializer.kernel().standard_deviation(FANS[2]) == 0.0;
        let same = weights(&initializer, FANS[2], 1) == weights(&initializer, FANS[2], 2);
        assert_eq!(same, is_constant, "{initializer:?}");
    }
}

/// Each layer draws from the stream (seed, weights, layer number from 1). Layers of equal shape differ, and a layer's
/// weights do not depend on the widths of the others. Biases start at 0.
#[test]
fn every_layer_has_its_own_stream() {
    let he = Initializer::from_name("he_normal").unwrap();
    let network = |widths: &[usize], seed| {
        let mut network = Network::<f64>::new(widths, true, Default::default(), Default::default());
        initialize(&mut network, &he, seed);
        network
    };
    let (first, other) = (network(&[5, 5, 5], 3), network(&[9, 5, 5], 3));
    for layer in 0..2 {
        let mut expected = vec![0.0; 25];
        let mut stream = Stream::new(3, Purpose::Weights, layer + 1, 0);
        to_the_end(|cancel| {
            he.kernel().fill(Fan { fan_in: 5, fan_out: 5 }, &mut stream, &mut expected, cancel)
        });
        assert!(first.weights(layer as usize).iter().eq(&expected));
        assert!(first.biases(layer as usize).iter().all(|&bias| bias == 0.0));
    }
    assert_ne!(first.weights(0), first.weights(1));
    assert_eq!(first.weights(1), other.weights(1));
    assert_ne!(first.weights(1), network(&[5, 5, 5], 4).weights(1));
}

/// Drawn biases have the moments of a weight of their layer, and a stream of their own: the weights stay the same.
#[test]
fn biases_are_drawn_like_weights() {
    let network = |biases: Biases, seed: u64| {
        let model = ModelSettings { architecture: vec![4000], biases, ..Default::default() };
        to_the_end(|cancel| Network::<f64>::from_settings(&model, 9, 4000, seed, cancel))
    };
    let uniform = Initializer::from_name("lecun_uniform").unwrap();
    let drawn = network(Biases::Drawn(uniform), 5);
    for (layer, fan_in) in [(0, 9.0), (1, 4000.0_f64)] {
        // LeCun: variance 1/fan_in, uniform in ±√(3/fan_in).
        let biases = drawn.biases(layer).to_vec();
        let (mean, variance) = moments(&biases);
        let limit = (3.0 / fan_in).sqrt();
        assert!(biases.iter().all(|b| b.abs() <= limit), "{layer}");
        assert!(mean.abs() <= 5.0 * (1.0 / fan_in / 4000.0).sqrt(), "{layer}: {mean}");
        assert!((variance * fan_in - 1.0).abs() <= 5.0 * (2.0f64 / 4000.0).sqrt(), "{layer}: {variance}");
    }
    let fixed = network(Biases::All(0.0), 5);
    assert_eq!(drawn.weights(0), fixed.weights(0));
    assert_eq!(drawn.biases(0), network(Biases::Drawn(uniform), 5).biases(0));
    assert_ne!(drawn.biases(0), network(Biases::Drawn(uniform), 6).biases(0));
    let orthogonal = Biases::Drawn(Initializer::from_name("orthogonal").unwrap());
    let refused = ModelSettings { biases: orthogonal, ..Default::default() }.check(2, 2).unwrap_err();
    assert!(refused.to_string().contains("`orthogonal`, which draws whole matrices"), "{refused}");
}
