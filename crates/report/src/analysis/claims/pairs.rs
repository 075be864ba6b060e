//! Compares groups, paired over the seeds.

use super::evidence::Evidence;
use super::groups::{Group, Values};
use crate::analysis::comparisons::mean_lead;
use chainrule_record::Better;
use chainrule_statistics::paired;
use std::collections::HashSet;

/// Compares each group with the next: each value should be `before` the next group's value.
pub(super) fn against_next(groups: &[Group], before: Better, confirmed: bool) -> Vec<Evidence> {
    let values: Vec<Values> = groups.iter().map(|group| group.values(confirmed)).collect();
    let pair = |(both, values): (&[Group], &[Values])| {
        let part = match groups.len() {
            0..=2 => String::new(),
            _ => format!("{} before {}", both[0].label, both[1].label),
        };
        let unmeasured = both.iter().map(|group| group.unmeasured(confirmed)).sum();
        Evidence { part, unmeasured, ..compare(&values[0], &values[1], before) }
    };
    groups.windows(2).zip(values.windows(2)).map(pair).collect()
}

/// The paired difference over the seeds, positive if `first` is before `second`.
fn compare(first: &Values, second: &Values, before: Better) -> Evidence {
    let (mut differences, mut holding, mut lost, mut copies) = (Vec::new(), Vec::new(), 0, 0);
    let mut seen = HashSet::new();
    for (seed, one) in first {
        let Some(other) = second.get(seed) else { continue };
        let both = one.by_key.iter().filter_map(|(key, value)| Some((*value, *other.by_key.get(key)?)));
        let pairs: Vec<(f64, f64)> = both.collect();
        let Some(difference) = mean_lead(&pairs, before) else { continue };
        if !seen.insert((&one.fingerprints, &other.fingerprints)) {
            copies += 1;
            continue;
        }
        lost += pairs.iter().flat_map(|pair| [pair.0, pair.1]).filter(|value| value.is_infinite()).count();
        holding.extend((difference > 0.0).then_some(*seed));
        differences.push(difference);
    }
    Evidence { lost, holding, copies, ..Evidence::of(paired(&differences, lost > 0)) }
}
