//! What generated sets of any width have in common: a limit to their size.

use crate::error::DataError;

/// The most numbers of a generated set: 0.8 GB.
const MOST: u64 = 100_000_000;

/// (samples, features), if that many numbers fit.
pub(super) fn check_size(
    dataset: &'static str,
    samples: u64,
    features: u64,
) -> Result<(usize, usize), DataError> {
    if samples.saturating_mul(features) > MOST {
        return Err(DataError::TooLarge { dataset, samples, features, most: MOST });
    }
    Ok((samples as usize, features as usize))
}

/// Whether a set begins with these rows: two features, then the class or the number.
#[cfg(test)]
#[track_caller]
pub(super) fn assert_first(samples: &super::Samples, expected: &[[f64; 3]]) {
    use super::Targets;
    for (index, row) in expected.iter().enumerate() {
        let target = match &samples.targets {
            Targets::Classes { labels, .. } => f64::from(labels[index]),
            Targets::Values(values) => values[[index, 0]],
        };
        let got = [samples.features[[index, 0]], samples.features[[index, 1]], target];
        assert!(got.iter().zip(row).all(|(got, x)| (got - x).abs() < 1e-14), "{index}: {got:?} {row:?}");
    }
}
