//! Compares groups, paired over the seeds.

use super::evidence::Evidence;
use super::groups::{Group, Values};
use crate::analysis::comparisons::Pairs;
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
    let (mut pairs, mut holding, mut seen) = (Pairs::default(), Vec::new(), HashSet::new());
    for (seed, one) in first {
        let Some(other) = second.get(seed) else { continue };
        let both = one.by_key.iter().filter_map(|(key, value)| Some((*value, *other.by_key.get(key)?)));
        let is_new = || seen.insert((&one.fingerprints, &other.fingerprints));
        let difference = pairs.add(&both.collect::<Vec<_>>(), before, is_new);
        holding.extend(difference.filter(|difference| *difference > 0.0).map(|_| *seed));
    }
    let (lost, copies) = (pairs.lost, pairs.copies());
    Evidence { lost, holding, copies, ..Evidence::of(paired(&pairs.differences, lost > 0)) }
}
