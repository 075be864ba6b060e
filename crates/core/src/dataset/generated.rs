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

/// Whether a set begins with the rows of a second implementation: features, then the class or the number.
#[cfg(test)]
#[track_caller]
pub(super) fn assert_first(samples: &super::Samples, name: &str) {
    use super::Targets;
    let all: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/oracle/generated.json")).expect("JSON");
    let expected: Vec<Vec<f64>> = serde_json::from_value(all[name].clone()).expect("rows");
    for (index, row) in expected.iter().enumerate() {
        let target = match &samples.targets {
            Targets::Classes { labels, .. } => f64::from(labels[index]),
            Targets::Values(values) => values[[index, 0]],
        };
        let got: Vec<f64> = samples.features.row(index).iter().copied().chain([target]).collect();
        let close = got.iter().zip(row).all(|(got, x)| (got - x).abs() < 1e-14);
        assert!(close && got.len() == row.len(), "{index}: {got:?} {row:?}");
    }
}
