//! Random streams.
//!
//! A stream is a ChaCha8 generator whose 32-byte key **is** its purpose: (replicate seed, purpose, layer, epoch or
//! step), eight little-endian bytes each. The compared setting is not part of the key, so all optimizers start one
//! architecture from the same weights and see the same batches. Draws are made in `f64` from the generator's 64-bit
//! words and then rounded, so that single and double precision start from the same numbers.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The purpose of a stream. The number is part of the key and therefore of every result: it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Initial weights of a layer.
    Weights = 1,
    /// Order of the samples in an epoch.
    BatchOrder = 2,
    /// The split of the samples into sets.
    Split = 3,
    /// Samples of a generated data set.
    Generate = 4,
    /// Changes that an optimizer without gradients tries in a step.
    Search = 5,
    /// Which units of a layer are dropped in a step.
    Dropout = 6,
    /// Which labels of the training set are wrong, and their new classes.
    LabelNoise = 7,
    /// The noise that is added to features of the training set.
    FeatureNoise = 8,
    /// Which entries of a tensor a gradient check compares, and the direction in which it measures noise.
    GradientCheck = 9,
    /// The initial vector of a measurement of the curvature.
    Probe = 10,
    /// Initial biases of a layer.
    Biases = 11,
}

/// A stream of random numbers.
pub struct Stream {
    generator: ChaCha8Rng,
    spare_normal: Option<f64>,
}

impl Stream {
    /// The stream of `purpose` for a replicate (or split, or data) `seed`, a layer (0 if there is none) and an epoch or
    /// step (0 if there is none).
    pub fn new(seed: u64, purpose: Purpose, layer: u64, step: u64) -> Self {
        let mut key = [0; 32];
        for (bytes, word) in key.chunks_exact_mut(8).zip([seed, purpose as u64, layer, step]) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        Self { generator: ChaCha8Rng::from_seed(key), spare_normal: None }
    }

    /// A uniform number in [0, 1): the upper 53 bits of a word, times 2⁻⁵³.
    pub fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A standard normal number, by the method of Box and Muller (1958): √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv in
    /// turn, with u in (0, 1] and v in [0, 1).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare_normal.take() {
            return spare;
        }
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        let angle = std::f64::consts::TAU * self.uniform();
        self.spare_normal = Some(radius * libm::sin(angle));
        radius * libm::cos(angle)
    }

    /// A uniform integer in [0, n), without bias: Lemire's multiplication with rejection (2019).
    pub fn below(&mut self, n: u64) -> u64 {
        let threshold = n.wrapping_neg() % n.max(1);
        loop {
            let product = u128::from(self.generator.next_u64()) * u128::from(n);
            if product as u64 >= threshold {
                return (product >> 64) as u64;
            }
        }
    }

    /// Shuffles `items` uniformly: Fisher and Yates, from the last to the second.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let chosen = self.below(last as u64 + 1) as usize;
            items.swap(last, chosen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Numbers from `tests/oracle/streams.py`, a second implementation of ChaCha8 and of the draws.
    #[test]
    fn draws_are_pinned() {
        let expected: Value = serde_json::from_str(include_str!("../tests/oracle/streams.json")).unwrap();
        let mut stream = Stream::new(7, Purpose::Weights, 1, 0);
        let uniforms = [stream.uniform(), stream.uniform()];
        assert_eq!(json!(uniforms), expected["uniforms"]);
        let mut stream = Stream::new(7, Purpose::Weights, 1, 0);
        for expected in expected["normals"].as_array().unwrap() {
            let (got, expected) = (stream.normal(), expected.as_f64().unwrap());
            assert!((got - expected).abs() < 1e-15, "{got} {expected}");
        }
        let mut order: Vec<u32> = (0..10).collect();
        Stream::new(0, Purpose::BatchOrder, 0, 3).shuffle(&mut order);
        assert_eq!(json!(order), expected["order"]);
    }

    #[test]
    fn every_part_of_the_key_matters() {
        let first = |seed, purpose, layer, step| Stream::new(seed, purpose, layer, step).uniform().to_bits();
        let all = [
            first(0, Purpose::Weights, 0, 0),
            first(1, Purpose::Weights, 0, 0),
            first(0, Purpose::BatchOrder, 0, 0),
            first(0, Purpose::Weights, 1, 0),
            first(0, Purpose::Weights, 0, 1),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|b| a != b));
        }
    }

    /// Mean, variance and fourth moment are within five standard errors of 0, 1 and 3 (the seed was chosen once, not
    /// searched for).
    #[test]
    fn normal_moments() {
        let n = 200_000;
        let mut stream = Stream::new(1, Purpose::Generate, 0, 0);
        let draws: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let moment = |k: i32| draws.iter().map(|x| x.powi(k)).sum::<f64>() / f64::from(n);
        let error = |variance: f64| 5.0 * (variance / f64::from(n)).sqrt();
        assert!(moment(1).abs() < error(1.0));
        assert!((moment(2) - 1.0).abs() < error(2.0));
        assert!((moment(4) - 3.0).abs() < error(96.0));
    }

    #[test]
    fn below_is_uniform_and_in_range() {
        let mut stream = Stream::new(2, Purpose::Generate, 0, 0);
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[stream.below(7) as usize] += 1;
        }
        // χ² with 6 degrees of freedom is below 27.9 with probability 99.99 %.
        let chi2: f64 = counts.iter().map(|&c| (f64::from(c) - 1e4).powi(2) / 1e4).sum();
        assert!(chi2 < 27.9, "{counts:?}");
        assert_eq!(stream.below(1), 0);
    }
}
