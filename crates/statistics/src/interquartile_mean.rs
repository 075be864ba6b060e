//! The interquartile mean: less sensitive to outliers than the mean, and less variable than the median.

use crate::interval::{Interval, LEVEL};
use crate::quantile::quantile;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// With fewer values there is no bootstrap interval: its coverage would be far below its level.
pub const MIN_BOOTSTRAP: usize = 30;

/// How many bootstrap samples are drawn.
const RESAMPLES: usize = 2000;

/// The mean without the ⌊n/4⌋ smallest and the ⌊n/4⌋ largest values. May be infinite. `None` for an empty slice.
///
/// Source: Agarwal et al., *Deep reinforcement learning at the edge of the statistical precipice* (2021), section 4.3.
pub fn interquartile_mean(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    (!sorted.is_empty()).then(|| of_middle(&mut sorted))
}

/// Needs at least one value. Sorts the values.
fn of_middle(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let cut = values.len() / 4;
    let middle = &values[cut..values.len() - cut];
    middle.iter().sum::<f64>() / middle.len() as f64
}

/// The percentile bootstrap interval of the interquartile mean: from the (1 − level)/2 to the (1 + level)/2 quantile over 2,000
/// samples of n values, drawn with replacement. The level is [`LEVEL`]. `None` for fewer than [`MIN_BOOTSTRAP`] values.
///
/// The draws come from ChaCha8 with the key `key`, so the same key and values give the same interval on every machine. Derive the
/// key from the identity of the sample, for instance a hash of its run ids; a shared key would make intervals depend on each other.
///
/// Source: Efron, *Bootstrap methods: another look at the jackknife* (1979).
pub fn interquartile_interval(values: &[f64], key: [u8; 32]) -> Option<Interval> {
    let n = values.len();
    if n < MIN_BOOTSTRAP {
        return None;
    }
    let mut draws = ChaCha8Rng::from_seed(key);
    let mut sample = vec![0.0; n];
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            sample.iter_mut().for_each(|value| *value = values[below(&mut draws, n)]);
            of_middle(&mut sample)
        })
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    let (low, high) = (quantile(&means, (1.0 - LEVEL) / 2.0)?, quantile(&means, (1.0 + LEVEL) / 2.0)?);
    Some(Interval { low, high, level: LEVEL })
}

/// A number below `n`: the high half of the product with 32 random bits, which differs from uniform by at most n/2³².
fn below(draws: &mut ChaCha8Rng, n: usize) -> usize {
    ((u64::from(draws.next_u32()) * n as u64) >> 32) as usize
}
