//! The interquartile mean: less moved by odd runs than the mean, and less by chance than the median.

use super::{Interval, LEVEL, quantile};
use chainrule_record::Digest;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Fewer values than this have no bootstrap interval: it would hold the truth in far fewer samples than it says.
pub(crate) const BOOTSTRAP_FROM: usize = 30;

/// How many samples are drawn anew.
const RESAMPLES: usize = 2000;

/// The mean of the values that are left without the ⌊n/4⌋ smallest and the ⌊n/4⌋ largest; may be infinite. `None` of
/// nothing.
///
/// Source: Agarwal et al., *Deep reinforcement learning at the edge of the statistical precipice* (2021), section 4.3.
pub(crate) fn interquartile_mean(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    (!sorted.is_empty()).then(|| of_middle(&mut sorted))
}

/// Of one value at least; changes their order.
fn of_middle(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let cut = values.len() / 4;
    let middle = &values[cut..values.len() - cut];
    middle.iter().sum::<f64>() / middle.len() as f64
}

/// The percentile bootstrap: from the (1 − level)/2 to the (1 + level)/2 quantile of the interquartile means of 2,000 samples
/// of n values drawn from the values with replacement. `None` of fewer than [`BOOTSTRAP_FROM`] values.
///
/// The draws are ChaCha8's, whose key is `key`: the same key and values give the same interval, everywhere.
/// Source: Efron, *Bootstrap methods: another look at the jackknife* (1979).
pub(crate) fn interquartile_interval(values: &[f64], key: &Digest) -> Option<Interval> {
    let n = values.len();
    if n < BOOTSTRAP_FROM {
        return None;
    }
    let mut draws = ChaCha8Rng::from_seed(key.bytes());
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

/// A number below `n`: the high half of the product with 32 random bits, off from uniform by n/2³² at most.
fn below(draws: &mut ChaCha8Rng, n: usize) -> usize {
    ((u64::from(draws.next_u32()) * n as u64) >> 32) as usize
}
