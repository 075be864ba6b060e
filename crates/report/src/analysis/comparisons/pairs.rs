//! Compares two configurations, run by run.

use crate::analysis::Grid;
use crate::analysis::configuration::Configuration;
use crate::analysis::observation::fingerprint;
use crate::analysis::run::outcome;
use chainrule_record::{Better, Digest, Metric, RunRecord};
use chainrule_statistics::mean;
use std::collections::{BTreeMap, HashSet};

/// The differences between two configurations in a metric.
#[derive(Debug, Default)]
pub(in crate::analysis) struct Pairs {
    /// One for each observation that both have, positive if the first is better. It is the mean over the observation's
    /// pairs of runs with the same seed and task. Copies that repeat other pairs bit by bit are left out.
    pub(in crate::analysis) differences: Vec<f64>,
    /// The number of pairs, including copies.
    pub(in crate::analysis) all: usize,
    /// The number of their runs that rank worse than any number.
    pub(in crate::analysis) lost: usize,
    /// Whether the results of both are equal in every pair, bit by bit.
    pub(in crate::analysis) identical: bool,
}

/// The difference by which the first value is better than the second; negative if it is worse. Two infinite values are
/// equal.
pub(super) fn lead(first: f64, second: f64, better: Better) -> f64 {
    match better {
        // The result is 0 and never −0, whichever direction is better.
        _ if first == second => 0.0,
        Better::Lower => second - first,
        Better::Higher => first - second,
    }
}

/// The mean over pairs of [`lead`]. If a value is infinite, the pairs have no mean, only a side: the side of most pairs.
fn mean_lead(pairs: &[(f64, f64)], before: Better) -> Option<f64> {
    let all: Vec<f64> = pairs.iter().map(|(first, second)| lead(*first, *second, before)).collect();
    if all.iter().all(|difference| difference.is_finite()) {
        return mean(&all);
    }
    let side: f64 =
        all.iter().map(|difference| difference.signum() * f64::from(u8::from(*difference != 0.0))).sum();
    Some(if side == 0.0 { 0.0 } else { side * f64::INFINITY })
}

/// The key that identifies a pair: the observation, the task and the seed.
type Key = (u64, Vec<usize>, u64);

impl Pairs {
    pub(in crate::analysis) fn of(
        grid: &Grid,
        metric: Metric,
        first: &Configuration,
        second: &Configuration,
    ) -> Self {
        let (ours, theirs) = (runs(grid, first), runs(grid, second));
        let mut observations: BTreeMap<u64, Vec<[&RunRecord; 2]>> = BTreeMap::new();
        for (key, one) in ours {
            if let Some(other) = theirs.get(&key) {
                observations.entry(key.0).or_default().push([one, other]);
            }
        }
        let mut pairs = Self::default();
        let mut seen: HashSet<Vec<[Digest; 2]>> = HashSet::new();
        let number = |run: &RunRecord| outcome(run, run.final_value(metric)).number(metric.better());
        for both in observations.values() {
            let values = both.iter().filter_map(|[one, other]| Some((number(one)?, number(other)?)));
            let is_new = || seen.insert(both.iter().map(|pair| pair.map(fingerprint)).collect());
            pairs.add(&values.collect::<Vec<_>>(), metric.better(), is_new);
        }
        pairs.identical = pairs.all > 0 && seen.iter().flatten().all(|[one, other]| one == other);
        pairs
    }

    /// Adds an observation with the values of its pairs, unless it is a copy. Returns its difference.
    pub(in crate::analysis) fn add(
        &mut self,
        values: &[(f64, f64)],
        better: Better,
        is_new: impl FnOnce() -> bool,
    ) -> Option<f64> {
        let difference = mean_lead(values, better)?;
        self.all += 1;
        is_new().then(|| {
            self.differences.push(difference);
            let all = values.iter().flat_map(|pair| [pair.0, pair.1]);
            self.lost += all.filter(|value| value.is_infinite()).count();
            difference
        })
    }

    /// The number of pairs that repeat others.
    pub(in crate::analysis) fn copies(&self) -> usize {
        self.all - self.differences.len()
    }
}

fn runs<'a>(grid: &Grid, of: &Configuration<'a>) -> BTreeMap<Key, &'a RunRecord> {
    let key = |run: &RunRecord| (grid.observation(&run.spec), grid.task(&run.spec), run.spec.seed());
    of.runs.iter().map(|run| (key(run), *run)).collect()
}
