//! The contract of every initializer.

use crate::draws::stream;
use crate::items::every;
use crate::numeric::bits64;
use chainrule_core::initializer::{Fan, Initializer};
use chainrule_core::network::Network;
use chainrule_core::seed::{Purpose, Stream};

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
    initializer.kernel().fill(fan, &mut stream(seed), &mut weights);
    weights
}

/// Mean and variance.
fn moments(weights: &[f64]) -> (f64, f64) {
    let n = weights.len() as f64;
    let mean = weights.iter().sum::<f64>() / n;
    (mean, weights.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// Five standard errors: s/√n of a mean; s²·√(2/n) of a variance, for normal draws (less for all narrower ones).
#[test]
fn mean_and_variance_are_those_of_the_formula() {
    for initializer in initializers() {
        for fan in FANS {
            let deviation = initializer.kernel().standard_deviation(fan);
            let weights = weights(&initializer, fan, 11);
            let (mean, variance) = moments(&weights);
            let n = weights.len() as f64;
            assert!(mean.abs() <= 5.0 * deviation / n.sqrt(), "{initializer:?} {fan:?}: mean {mean}");
            let error = (variance - deviation.powi(2)).abs();
            assert!(
                error <= 5.0 * deviation.powi(2) * (2.0 / n).sqrt(),
                "{initializer:?} {fan:?}: {variance}"
            );
        }
    }
}

/// The formulas of the papers a second time, for a layer from 8 to 2 units.
#[test]
fn variances_by_hand() {
    let fan = Fan { fan_in: 8, fan_out: 2 };
    let variance =
        |name: &str| Initializer::from_name(name).unwrap().kernel().standard_deviation(fan).powi(2);
    assert!((variance("he_normal") - 2.0 / 8.0).abs() < 1e-15);
    assert!((variance("xavier_normal") - 2.0 / 10.0).abs() < 1e-15);
    assert!((variance("normal") - 0.1 * 0.1).abs() < 1e-15);
    assert_eq!(variance("zeros"), 0.0);
}

#[test]
fn the_same_stream_gives_the_same_weights() {
    for initializer in initializers() {
        let bits = |seed| bits64(&weights(&initializer, FANS[2], seed));
        assert_eq!(bits(1), bits(1), "{initializer:?}");
        let is_constant = initializer.kernel().standard_deviation(FANS[2]) == 0.0;
        assert_eq!(bits(1) == bits(2), is_constant, "{initializer:?}");
    }
}

/// Each layer draws from the stream (seed, weights, its number from 1): layers of one shape differ, and a layer's weights
/// do not depend on the widths of the others. Biases begin at 0.
#[test]
fn every_layer_has_its_own_stream() {
    let he = Initializer::from_name("he_normal").unwrap();
    let network = |widths: &[usize], seed| {
        let mut network = Network::<f64>::new(widths, true, Default::default(), Default::default());
        network.initialize(&he, seed);
        network
    };
    let (first, other) = (network(&[5, 5, 5], 3), network(&[9, 5, 5], 3));
    for layer in 0..2 {
        let mut expected = vec![0.0; 25];
        let mut stream = Stream::new(3, Purpose::Weights, layer + 1, 0);
        he.kernel().fill(Fan { fan_in: 5, fan_out: 5 }, &mut stream, &mut expected);
        assert!(first.weights(layer as usize).iter().eq(&expected));
        assert!(first.biases(layer as usize).iter().all(|&bias| bias == 0.0));
    }
    assert_ne!(first.weights(0), first.weights(1));
    assert_eq!(first.weights(1), other.weights(1));
    assert_ne!(first.weights(1), network(&[5, 5, 5], 4).weights(1));
}
