//! `at_least`, `at_most` of the mean: the mean over the seeds, or the fraction of seeds, is on one side of a bound.

use super::evidence::{Estimate, Evidence};
use super::groups::{Group, Values};
use chainrule_record::Side;
use chainrule_statistics::{
    Needed, clopper_pearson, mean, mean_interval, mean_p, median, median_interval, proportion_p, sign_p,
    standard_deviation,
};
use std::collections::HashSet;

/// The evidence of a group.
pub(super) fn evidence(group: &Group, confirmed: bool, side: Side, bound: f64) -> Evidence {
    let values = group.values(confirmed);
    let seeds = seeds(&values);
    let of = if group.claim.subject.is_flag() { fraction } else { level };
    let copies = values.len() - seeds.len();
    Evidence { unmeasured: group.unmeasured(confirmed), copies, ..of(&seeds, side, bound) }
}

/// One value for each seed that is not a copy: the mean over the pairing settings.
fn seeds(values: &Values) -> Vec<f64> {
    let mut seen = HashSet::new();
    let new = values.values().filter(|one| seen.insert(&one.fingerprints));
    new.filter_map(|one| mean(&one.by_key.values().copied().collect::<Vec<_>>())).collect()
}

fn is_on(side: Side, value: f64, bound: f64) -> bool {
    match side {
        Side::AtLeast => value >= bound,
        Side::AtMost => value <= bound,
    }
}

/// The evidence from the mean over the seeds. If values are censored or all equal, t does not apply, and the median is
/// used.
fn level(seeds: &[f64], side: Side, bound: f64) -> Evidence {
    let n = seeds.len();
    let lost = seeds.iter().filter(|value| value.is_infinite()).count();
    let common = Evidence { n, lost, ..Evidence::default() };
    // If all values are equal, the spread is 0 and t is undefined.
    if lost == 0 && standard_deviation(seeds).is_some_and(|spread| spread > 0.0) {
        let estimate = mean(seeds);
        return Evidence {
            kind: Estimate::Mean,
            estimate,
            interval: mean_interval(seeds),
            p: mean_p(seeds, bound),
            agrees: estimate.is_some_and(|mean| is_on(side, mean, bound)),
            needed: Needed::of_mean(seeds, bound),
            ..common
        };
    }
    let (above, below) = (
        seeds.iter().filter(|value| **value > bound).count(),
        seeds.iter().filter(|value| **value < bound).count(),
    );
    // A seed exactly at the bound is on the claim's side.
    let at = n - above - below;
    let (above, below) = match side {
        Side::AtLeast => (above + at, below),
        Side::AtMost => (above, below + at),
    };
    let middle = median(seeds);
    Evidence {
        kind: Estimate::Median,
        estimate: middle,
        interval: median_interval(seeds),
        p: sign_p(above, below, 0),
        agrees: middle.is_some_and(|middle| is_on(side, middle, bound)),
        needed: Needed::of_signs(above, below, n),
        ..common
    }
}

/// The evidence from the fraction of seeds with a 1.
fn fraction(seeds: &[f64], side: Side, bound: f64) -> Evidence {
    let n = seeds.len();
    let ones = seeds.iter().filter(|value| **value > 0.5).count();
    let found = (n > 0).then(|| ones as f64 / n as f64);
    Evidence {
        n,
        kind: Estimate::Share,
        estimate: found,
        interval: clopper_pearson(ones, n),
        p: proportion_p(ones, n, bound),
        agrees: found.is_some_and(|found| is_on(side, found, bound)),
        needed: found.map_or(Needed::Unknown, |found| Needed::Proportion { found, bound, each: 1.0 }),
        ..Evidence::default()
    }
}
