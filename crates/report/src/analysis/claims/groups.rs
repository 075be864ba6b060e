//! The runs that a claim sets against each other.

use super::measure::measure;
use crate::analysis::observation::fingerprint;
use crate::analysis::runs::Runs;
use crate::analysis::tuning::{best_of_each, is_tuned};
use chainrule_record::{Claim, ClaimTest, Digest, RunRecord, RunSpec, SPLIT_SEED, Subject, TrendAxis};
use chainrule_statistics::mean;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A group of runs.
#[derive(Clone)]
pub(super) struct Group<'a> {
    /// Its name for people.
    pub(super) label: String,
    /// Its configurations, by their index in the experiment; tuned ones are the best of their kind.
    pub(super) configurations: Vec<usize>,
    /// The layer that is looked at, counted from 0, in a trend over the layers.
    layer: Option<usize>,
    /// Settings whose values pair its runs with those of another group.
    pairing: Vec<&'a str>,
    /// Which runs of the configurations belong to it: those on all tasks, or on those that the claim names.
    meets: Meets<'a>,
    /// Whether all runs on one split of the data are one observation.
    by_split: bool,
}

pub(super) type Meets<'a> = Rc<dyn Fn(&RunSpec) -> bool + 'a>;

/// What is measured of a group on each seed, or on each split of the data where these vary.
pub(super) type Values = BTreeMap<u64, Observed>;
/// The values of the runs with the same settings to pair by.
type ByPair = BTreeMap<String, Vec<f64>>;

/// One observation of a group.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// What is measured, by the values of the pairing settings.
    pub(super) by_key: BTreeMap<String, f64>,
    /// What tells it from copies.
    pub(super) fingerprints: Vec<Digest>,
}

/// The settings that vary, but for those that are tuned and those of which each group has its own value.
pub(super) fn pairing<'a>(experiment: &'a Runs, own: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let grid = &experiment.grid;
    let free = (0..grid.factors.len()).filter(|factor| !is_tuned(experiment.info, grid, *factor));
    let free = free.map(|factor| &grid.factors[factor]).chain(&grid.tasks);
    free.map(|factor| factor.setting.as_str()).filter(|setting| !own(setting)).collect()
}

/// The configurations that meet a condition on any task: the best of each combination of the settings that are not tuned.
fn select(experiment: &Runs, meets: &Meets) -> Vec<usize> {
    let meets = |index: &usize| specs(experiment, *index).any(|spec| meets(spec));
    best_of_each(experiment, experiment.ranking.iter().copied().filter(meets))
}

/// The specification of a configuration on each of its tasks, more than once where there are several.
pub(super) fn specs<'a>(experiment: &'a Runs, configuration: usize) -> impl Iterator<Item = &'a RunSpec> {
    let runs = experiment.configurations[configuration].runs.as_slice();
    // Runs on one task have the same settings but for their seed.
    let runs = if experiment.grid.has_tasks() { runs } else { &runs[..runs.len().min(1)] };
    runs.iter().map(|run| &run.spec)
}

/// Whether a claim says which splits it is about.
fn names_splits(claim: &Claim) -> bool {
    let over =
        matches!(&claim.test, ClaimTest::Trend { over: TrendAxis::Setting(name), .. } if name == SPLIT_SEED);
    over || claim.filter.names(SPLIT_SEED) || claim.arms().iter().any(|arm| arm.names(SPLIT_SEED))
}

impl<'a> Group<'a> {
    /// All runs that the claim is about.
    pub(super) fn all(experiment: &'a Runs, claim: &'a Claim) -> Self {
        let meets = Rc::new(|spec: &RunSpec| claim.filter.selects(spec));
        let pairing = pairing(experiment, |_| false);
        Self::new(experiment, claim, claim.filter.label.clone(), pairing, meets)
    }

    /// The same runs, of which one layer is looked at, counted from 0.
    pub(super) fn of_layer(&self, layer: usize) -> Self {
        Self { label: format!("layer {}", layer + 1), layer: Some(layer), ..self.clone() }
    }

    /// The best configurations of the runs that meet a condition.
    pub(super) fn new(
        experiment: &'a Runs,
        claim: &Claim,
        label: String,
        pairing: Vec<&'a str>,
        meets: Meets<'a>,
    ) -> Self {
        let by_split = experiment.grid.has_splits() && !names_splits(claim);
        Self { configurations: select(experiment, &meets), label, layer: None, pairing, meets, by_split }
    }

    /// Its runs: those that were planned, or those on fresh seeds.
    pub(super) fn runs<'b>(
        &'b self,
        experiment: &'b Runs,
        confirmed: bool,
    ) -> impl Iterator<Item = &'b RunRecord> {
        let of = move |index: &usize| {
            let planned = &experiment.configurations[*index];
            match confirmed {
                false => planned.runs.as_slice(),
                true => experiment.confirmed(planned).map_or(&[][..], |again| again.runs.as_slice()),
            }
        };
        let is_ours = |run: &&RunRecord| !experiment.grid.has_tasks() || (self.meets)(&run.spec);
        self.configurations.iter().flat_map(of).map(|run| &**run).filter(is_ours)
    }

    /// What each run measures; runs that do not measure it are left out, and counted by [`Group::unmeasured`].
    pub(super) fn measured<'b>(
        &'b self,
        experiment: &'b Runs,
        subject: &'b Subject,
        confirmed: bool,
    ) -> impl Iterator<Item = (&'b RunRecord, f64)> {
        self.runs(experiment, confirmed)
            .filter_map(move |run| Some((run, measure(run, subject, self.layer)?)))
    }

    /// How many runs do not measure it.
    pub(super) fn unmeasured(&self, experiment: &Runs, subject: &Subject, confirmed: bool) -> usize {
        self.runs(experiment, confirmed).count() - self.measured(experiment, subject, confirmed).count()
    }

    /// What it measures, by observation and pairing settings; runs that differ in other settings than these are averaged.
    pub(super) fn values(&self, experiment: &Runs, subject: &Subject, confirmed: bool) -> Values {
        let mut all: BTreeMap<u64, (ByPair, Vec<Digest>)> = BTreeMap::new();
        for (run, value) in self.measured(experiment, subject, confirmed) {
            let key =
                |setting: &&str| run.spec.get(setting).map_or_else(String::new, Value::to_string) + "\n";
            let mut key: String = self.pairing.iter().map(key).collect();
            let mut observation = run.spec.seed();
            if self.by_split {
                // Runs of one split are pairs if they have the same seed, too.
                key += &format!("{observation}\n");
                observation = experiment.grid.observation(&run.spec);
            }
            let (by_key, fingerprints) = all.entry(observation).or_default();
            by_key.entry(key).or_default().push(value);
            fingerprints.push(fingerprint(run));
        }
        let averages = |(by_key, fingerprints): (BTreeMap<String, Vec<f64>>, Vec<Digest>)| Observed {
            by_key: by_key.into_iter().filter_map(|(key, values)| Some((key, mean(&values)?))).collect(),
            fingerprints,
        };
        all.into_iter().map(|(observation, values)| (observation, averages(values))).collect()
    }
}
