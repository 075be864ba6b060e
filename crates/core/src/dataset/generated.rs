//! The size limit of generated sets of any width.

use super::features::reserve_exact;
use crate::error::DataError;

/// The maximum count of numbers in a generated set: 0.8 GB.
const MOST: u64 = 100_000_000;

/// (samples, features), if that many numbers are allowed and fit into memory.
pub(super) fn check_size(
    dataset: &'static str,
    samples: u64,
    features: u64,
) -> Result<(usize, usize), DataError> {
    if samples.saturating_mul(features) > MOST {
        return Err(DataError::TooLarge { dataset, samples, features, most: MOST });
    }
    // The function that creates the array cannot fail, so this allocation is tried first.
    reserve_exact(&mut Vec::<f64>::new(), (samples * features) as usize)
        .map_err(|no_room| no_room.of(dataset))?;
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
        let got: Vec<f64> = (0..samples.features.ncols())
            .map(|column| samples.features.at(index, column))
            .chain([target])
            .collect();
        let close = got.iter().zip(row).all(|(got, x)| (got - x).abs() < 1e-14);
        assert!(close && got.len() == row.len(), "{index}: {got:?} {row:?}");
    }
}
