//! What runs say about a claim, in numbers.

use super::groups::{Group, Values};
use crate::analysis::comparisons::mean_lead;
use crate::analysis::run::is_lost;
use crate::analysis::runs::Runs;
use chainrule_record::{Better, Claim, ClaimTest, Extent, Side};
use chainrule_statistics::*;
use std::collections::HashSet;

/// What runs say about one statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Evidence {
    /// Which statement, where a claim makes several: `optimizer adam before optimizer sgd`.
    pub(crate) part: String,
    /// How many there are of what was counted.
    pub(crate) n: usize,
    /// What was counted.
    pub(crate) unit: Unit,
    /// What was estimated.
    pub(crate) kind: Estimate,
    /// The estimate; infinite where runs that are worse than any number decide it, `None` where nothing was measured.
    pub(crate) estimate: Option<f64>,
    /// The interval of the true value.
    pub(crate) interval: Option<Interval>,
    /// How often the one was before the other, ties counted as half, with the interval of the true share.
    pub(crate) ahead: Option<(f64, Interval)>,
    /// The probability of what is seen, or more, if there were nothing to see.
    pub(crate) p: Option<f64>,
    /// Whether what is seen is on the claim's side.
    pub(crate) agrees: bool,
    /// Whether every run holds, where that is what is claimed.
    pub(crate) holds: Option<bool>,
    /// How many runs count as worse than any number.
    pub(crate) lost: usize,
    /// How many runs do not measure it.
    pub(crate) unmeasured: usize,
    /// How many seeds repeat the results of others bit by bit, and are not counted.
    pub(crate) copies: usize,
    /// Whether no pair differs.
    pub(super) tied: bool,
    /// The seeds that would likely decide, as a function of the level of the test.
    needed: Needed,
    /// The seeds in which the statement holds.
    pub(super) holding: Vec<u64>,
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Unit {
    /// Seeds.
    #[default]
    Seeds,
    /// Runs.
    Runs,
}

/// What was estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Estimate {
    /// The mean over the seeds of the paired differences, positive on the claim's side.
    #[default]
    MeanDifference,
    /// Their median, where some are infinite.
    MedianDifference,
    /// The mean over the seeds.
    Mean,
    /// The median over the seeds, where some values are infinite.
    Median,
    /// The share of the runs.
    Share,
    /// Of all runs the value that is farthest on the wrong side.
    Worst,
    /// The value that is farthest from the one that is claimed.
    Farthest,
}

impl Evidence {
    /// How many seeds would decide with a probability of about 80 %, if the truth is what is seen.
    pub(crate) fn needed(&self, level: f64) -> Option<usize> {
        self.needed.seeds(level)
    }

    /// What paired differences say of a claim that the first is before the second.
    fn of(paired: Paired) -> Self {
        let kind = match paired.center {
            Center::Mean => Estimate::MeanDifference,
            Center::Median => Estimate::MedianDifference,
        };
        let Paired { n, estimate, interval, ahead, p, leads: agrees, tied, needed, .. } = paired;
        Self { n, kind, estimate, interval, ahead, p, agrees, tied, needed, ..Self::default() }
    }
}

/// What the runs of the groups say: one piece for each group and the next, or one for all.
pub(super) fn evidence(
    experiment: &Runs,
    claim: &Claim,
    groups: &[Group],
    before: Better,
    confirmed: bool,
) -> Vec<Evidence> {
    match &claim.test {
        ClaimTest::Order { .. } | ClaimTest::Trend { .. } => {
            let values: Vec<Values> =
                groups.iter().map(|group| group.values(experiment, &claim.subject, confirmed)).collect();
            let pair = |index: usize| {
                let unmeasured = groups[index..index + 2]
                    .iter()
                    .map(|group| group.unmeasured(experiment, &claim.subject, confirmed))
                    .sum();
                let part = if groups.len() > 2 {
                    format!("{} before {}", groups[index].label, groups[index + 1].label)
                } else {
                    String::new()
                };
                Evidence { part, unmeasured, ..compare(&values[index], &values[index + 1], before) }
            };
            (1..groups.len()).map(|next| pair(next - 1)).collect()
        }
        ClaimTest::Threshold { side, bound, of: Extent::Mean } => groups
            .iter()
            .map(|group| {
                let unmeasured = group.unmeasured(experiment, &claim.subject, confirmed);
                let values = group.values(experiment, &claim.subject, confirmed);
                let seeds = seeds(&values);
                let found = if claim.subject.is_flag() {
                    share(&seeds, *side, *bound)
                } else {
                    level(&seeds, *side, *bound)
                };
                Evidence { unmeasured, copies: values.len() - seeds.len(), ..found }
            })
            .collect(),
        ClaimTest::Threshold { side, bound, of: Extent::Every } => groups
            .iter()
            .map(|group| {
                every(
                    experiment,
                    claim,
                    group,
                    confirmed,
                    Estimate::Worst,
                    |value| match side {
                        Side::AtLeast => bound - value,
                        Side::AtMost => value - bound,
                    },
                    0.0,
                )
            })
            .collect(),
        ClaimTest::Equals { value, tolerance } => groups
            .iter()
            .map(|group| {
                every(
                    experiment,
                    claim,
                    group,
                    confirmed,
                    Estimate::Farthest,
                    |found| (found - value).abs(),
                    *tolerance,
                )
            })
            .collect(),
    }
}

/// One value for each seed that is no copy: the mean over the pairing settings.
fn seeds(values: &Values) -> Vec<f64> {
    let mut seen = HashSet::new();
    let new = values.values().filter(|one| seen.insert(&one.fingerprints));
    new.filter_map(|one| mean(&one.by_key.values().copied().collect::<Vec<_>>())).collect()
}

/// Paired over the seeds: by how much `first` is before `second`.
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

fn is_on(side: Side, value: f64, bound: f64) -> bool {
    match side {
        Side::AtLeast => value >= bound,
        Side::AtMost => value <= bound,
    }
}

/// Where the mean over the seeds lies; the median where values are censored or all the same, of which t knows nothing.
fn level(seeds: &[f64], side: Side, bound: f64) -> Evidence {
    let n = seeds.len();
    let lost = seeds.iter().filter(|value| value.is_infinite()).count();
    let common = Evidence { n, lost, ..Evidence::default() };
    // No spread have values alone of which each is the same as the others.
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

/// Which share of the seeds has a 1.
fn share(seeds: &[f64], side: Side, bound: f64) -> Evidence {
    let n = seeds.len();
    let ones = seeds.iter().filter(|value| **value > 0.5).count();
    let found = (n > 0).then(|| ones as f64 / n as f64);
    Evidence {
        n,
        kind: Estimate::Share,
        estimate: found,
        interval: clopper_pearson(ones, n),
        p: proportion_p(ones, n, bound),
        agrees: found.is_some_and(|share| is_on(side, share, bound)),
        needed: found.map_or(Needed::Unknown, |share| Needed::Proportion { found: share, bound, each: 1.0 }),
        ..Evidence::default()
    }
}

/// Whether every run holds: what it is off by, at most `tolerance`. A run that was lost does not hold; one that ended well
/// and does not measure the number leaves it open.
fn every(
    experiment: &Runs,
    claim: &Claim,
    group: &Group,
    confirmed: bool,
    kind: Estimate,
    off: impl Fn(f64) -> f64,
    tolerance: f64,
) -> Evidence {
    let measured: Vec<f64> =
        group.measured(experiment, &claim.subject, confirmed).map(|(_, value)| value).collect();
    let n = group.runs(experiment, confirmed).count();
    let worst = measured.iter().copied().max_by(|a, b| off(*a).total_cmp(&off(*b)));
    let unmeasured = n - measured.len();
    let fails = measured.iter().any(|value| off(*value) > tolerance)
        || group.runs(experiment, confirmed).any(|run| is_lost(run) && !claim.subject.is_flag());
    let holds = if fails { Some(false) } else { (n > 0 && unmeasured == 0).then_some(true) };
    let lost = group.runs(experiment, confirmed).filter(|run| is_lost(run)).count();
    let missed = measured.iter().filter(|value| value.is_infinite()).count();
    Evidence {
        n,
        unit: Unit::Runs,
        kind,
        estimate: worst,
        holds,
        agrees: holds == Some(true),
        lost: lost.max(missed),
        unmeasured,
        ..Evidence::default()
    }
}
