//! Distributions of simulated final metrics, with the true values that intervals should contain.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use statrs::distribution::{ContinuousCDF, Normal};
use std::sync::OnceLock;

/// Samples of a validation set; an accuracy is a fraction of them.
const SAMPLES: usize = 200;

/// The distribution of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Distribution {
    /// Mean 0, standard deviation 1.
    Normal,
    /// The exponential of a standard normal value: lognormal.
    Skewed,
    /// Student's t with 3 degrees of freedom.
    HeavyTailed,
    /// Nine in ten are standard normal; one in ten is a bad run, normal with mean 8.
    BadRuns,
    /// The fraction of 200 samples that are right, each with a probability of 0.95.
    Accuracy,
}

impl Distribution {
    /// All distributions.
    pub(crate) const ALL: [Self; 5] =
        [Self::Normal, Self::Skewed, Self::HeavyTailed, Self::BadRuns, Self::Accuracy];

    /// The name in the tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Skewed => "skewed",
            Self::HeavyTailed => "heavy-tailed",
            Self::BadRuns => "bad runs",
            Self::Accuracy => "accuracies",
        }
    }

    /// Draws a value.
    pub(crate) fn draw(self, draws: &mut ChaCha8Rng) -> f64 {
        match self {
            Self::HeavyTailed => {
                let squares: f64 = (0..3).map(|_| normal(draws)).map(|value| value * value).sum();
                normal(draws) / (squares / 3.0).sqrt()
            }
            Self::BadRuns => normal(draws) + if uniform(draws) < 0.1 { 8.0 } else { 0.0 },
            _ => self.quantile(uniform(draws)),
        }
    }

    /// Draws n values.
    pub(crate) fn sample(self, n: usize, draws: &mut ChaCha8Rng) -> Vec<f64> {
        (0..n).map(|_| self.draw(draws)).collect()
    }

    /// The true mean.
    pub(crate) fn mean(self) -> f64 {
        match self {
            Self::Normal | Self::HeavyTailed => 0.0,
            // E[e^Z] = e^(1/2).
            Self::Skewed => libm::exp(0.5),
            Self::BadRuns => 0.1 * 8.0,
            Self::Accuracy => 0.95,
        }
    }

    /// The true median.
    pub(crate) fn median(self) -> f64 {
        if self == Self::HeavyTailed { 0.0 } else { self.quantile(0.5) }
    }

    /// The true interquartile mean: 2 · ∫ Q(u) du from ¼ to ¾, Q the quantile function.
    pub(crate) fn interquartile_mean(self) -> f64 {
        const STEPS: u32 = 4000;
        let at = |step: u32| self.quantile(0.25 + 0.5 * (f64::from(step) + 0.5) / f64::from(STEPS));
        match self {
            Self::HeavyTailed => 0.0,
            _ => (0..STEPS).map(at).sum::<f64>() / f64::from(STEPS),
        }
    }

    /// The standard deviation.
    pub(crate) fn spread(self) -> f64 {
        match self {
            Self::Normal => 1.0,
            // (e − 1) · e.
            Self::Skewed => ((libm::exp(1.0) - 1.0) * libm::exp(1.0)).sqrt(),
            // ν/(ν − 2).
            Self::HeavyTailed => 3f64.sqrt(),
            // 1 + 0.1 · 0.9 · 8².
            Self::BadRuns => (1.0 + 0.09 * 64.0f64).sqrt(),
            Self::Accuracy => (0.95 * 0.05 / SAMPLES as f64).sqrt(),
        }
    }

    fn quantile(self, share: f64) -> f64 {
        let standard = Normal::standard();
        match self {
            Self::Normal | Self::HeavyTailed => standard.inverse_cdf(share),
            Self::Skewed => libm::exp(standard.inverse_cdf(share)),
            Self::BadRuns => {
                let below = |value: f64| 0.9 * standard.cdf(value) + 0.1 * standard.cdf(value - 8.0);
                let (mut low, mut high) = (-40.0, 48.0);
                for _ in 0..50 {
                    let middle = f64::midpoint(low, high);
                    if below(middle) < share { low = middle } else { high = middle }
                }
                f64::midpoint(low, high)
            }
            Self::Accuracy => {
                static RIGHT: OnceLock<Vec<f64>> = OnceLock::new();
                let right = RIGHT.get_or_init(|| cumulative(&binomial(SAMPLES, 0.95)));
                right.partition_point(|below| *below < share).min(SAMPLES) as f64 / SAMPLES as f64
            }
        }
    }
}

/// The probabilities of 0 … n successes.
pub(crate) fn binomial(n: usize, share: f64) -> Vec<f64> {
    let mut probabilities = vec![libm::pow(1.0 - share, n as f64)];
    for k in 1..=n {
        let ratio = (n - k + 1) as f64 / k as f64 * share / (1.0 - share);
        probabilities.push(probabilities[k - 1] * ratio);
    }
    probabilities
}

/// The cumulative sums.
pub(crate) fn cumulative(probabilities: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    probabilities
        .iter()
        .map(|probability| {
            sum += probability;
            sum
        })
        .collect()
}

/// A number between 0 and 1, both excluded.
pub(crate) fn uniform(draws: &mut ChaCha8Rng) -> f64 {
    ((draws.next_u64() >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

fn normal(draws: &mut ChaCha8Rng) -> f64 {
    Normal::standard().inverse_cdf(uniform(draws))
}
