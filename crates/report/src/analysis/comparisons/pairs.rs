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
pub(in crate::analysis) fn lead(first: f64, second: f64, better: Better) -> f64 {
    match better {
        // The result is 0 and never −0, whichever direction is better.
        _ if first == second => 0.0,
        Better::Lower => second - first,
        Better::Higher => first - second,
    }
}

/// The mean over pairs of [`lead`]. If a value is infinite, the pairs have no mean, only a side: the side of most pairs.
pub(in crate::analysis) fn mean_lead(pairs: &[(f64, f64)], before: Better) -> Option<f64> {
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
        let mut seen = HashSet::new();
        for both in observations.values() {
            pairs.add(metric, both, &mut seen);
        }
        pairs.identical = pairs.all > 0 && seen.iter().flatten().all(|[one, other]| one == other);
        pairs
    }

    fn add(&mut self, metric: Metric, both: &[[&RunRecord; 2]], seen: &mut HashSet<Vec<[Digest; 2]>>) {
        let number = |run: &RunRecord| outcome(run, run.final_value(metric)).number(metric.better());
        let values = both.iter().filter_map(|[one, other]| Some((number(one)?, number(other)?)));
        let values: Vec<(f64, f64)> = values.collect();
        let Some(difference) = mean_lead(&values, metric.better()) else { return };
        self.all += 1;
        if seen.insert(both.iter().map(|pair| pair.map(fingerprint)).collect()) {
            self.differences.push(difference);
            let all = values.iter().flat_map(|pair| [pair.0, pair.1]);
            self.lost += all.filter(|value| value.is_infinite()).count();
        }
    }
}

fn runs<'a>(grid: &Grid, of: &Configuration<'a>) -> BTreeMap<Key, &'a RunRecord> {
    let key = |run: &RunRecord| (grid.observation(&run.spec), grid.task(&run.spec), run.spec.seed());
    of.runs.iter().map(|run| (key(run), *run)).collect()
}
