//! The groups of runs that a claim compares.

use super::measure::measure;
use crate::analysis::observation::fingerprint;
use crate::analysis::runs::Runs;
use crate::analysis::tuning::{best_of_each, is_tuned};
use chainrule_record::{Claim, ClaimTest, Digest, RunRecord, RunSpec, SPLIT_SEED, TrendAxis};
use chainrule_statistics::mean;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A group of runs.
#[derive(Clone)]
pub(super) struct Group<'a> {
    experiment: &'a Runs<'a>,
    /// The claim that is about it.
    pub(super) claim: &'a Claim,
    /// Its name for display.
    pub(super) label: String,
    /// The indices of its configurations in the experiment. For tuned settings, only the best configurations are
    /// included.
    pub(super) configurations: Vec<usize>,
    /// The layer for a trend over layers, counted from 0.
    layer: Option<usize>,
    /// The settings whose values pair its runs with another group's runs.
    pairing: Vec<&'a str>,
    /// Which runs of the configurations belong to it: the runs on all tasks, or on the tasks that the claim names.
    meets: Meets<'a>,
    /// Whether all runs on one split of the data form one observation.
    by_split: bool,
}

pub(super) type Meets<'a> = Rc<dyn Fn(&RunSpec) -> bool + 'a>;

/// The measurements of a group by seed, or by split if the splits of the data vary.
pub(super) type Values = BTreeMap<u64, Observed>;
/// The values of runs with the same pairing settings.
type ByPair = BTreeMap<String, Vec<f64>>;

/// One observation of a group.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// The measurements, by the values of the pairing settings.
    pub(super) by_key: BTreeMap<String, f64>,
    /// Digests that identify copies.
    pub(super) fingerprints: Vec<Digest>,
}

/// The settings that vary, except tuned ones and the ones for which each group has its own value.
pub(super) fn pairing<'a>(experiment: &'a Runs, own: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let grid = &experiment.grid;
    let free = (0..grid.factors.len()).filter(|factor| !is_tuned(experiment.info, grid, *factor));
    let free = free.map(|factor| &grid.factors[factor]).chain(&grid.tasks);
    free.map(|factor| factor.setting.as_str()).filter(|setting| !own(setting)).collect()
}

/// The configurations that meet a condition on any task: the best for each combination of the settings that are not
/// tuned.
fn select(experiment: &Runs, meets: &Meets) -> Vec<usize> {
    let meets = |index: &usize| specs(experiment, *index).any(|spec| meets(spec));
    best_of_each(experiment, experiment.ranking.iter().copied().filter(meets))
}

/// The specifications of a configuration on its tasks. With several tasks, some may repeat.
pub(super) fn specs<'a>(experiment: &'a Runs, configuration: usize) -> impl Iterator<Item = &'a RunSpec> {
    let runs = experiment.configurations[configuration].runs.as_slice();
    // Runs on one task differ only in the seed.
    let runs = if experiment.grid.has_tasks() { runs } else { &runs[..runs.len().min(1)] };
    runs.iter().map(|run| &run.spec)
}

/// Whether a claim names the splits that it is about.
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

    /// The same runs, restricted to one layer, counted from 0.
    pub(super) fn of_layer(&self, layer: usize) -> Self {
        Self { label: format!("layer {}", layer + 1), layer: Some(layer), ..self.clone() }
    }

    /// The best configurations among the runs that meet a condition.
    pub(super) fn new(
        experiment: &'a Runs,
        claim: &'a Claim,
        label: String,
        pairing: Vec<&'a str>,
        meets: Meets<'a>,
    ) -> Self {
        let by_split = experiment.grid.has_splits() && !names_splits(claim);
        let configurations = select(experiment, &meets);
        Self { experiment, claim, label, configurations, layer: None, pairing, meets, by_split }
    }

    /// Its planned runs, or with `confirmed` its runs on fresh seeds.
    pub(super) fn runs(&self, confirmed: bool) -> impl Iterator<Item = &RunRecord> {
        let experiment = self.experiment;
        let of = move |index: &usize| {
            let planned = &experiment.configurations[*index];
            match confirmed {
                false => planned.runs.as_slice(),
                true => experiment.confirmed(planned).map_or(&[][..], |again| again.runs.as_slice()),
            }
        };
        let is_ours = move |run: &&RunRecord| !experiment.grid.has_tasks() || (self.meets)(&run.spec);
        self.configurations.iter().flat_map(of).map(|run| &**run).filter(is_ours)
    }

    /// The measurement of each run. Runs that do not measure it are left out and counted by [`Group::unmeasured`].
    pub(super) fn measured(&self, confirmed: bool) -> impl Iterator<Item = (&RunRecord, f64)> {
        self.runs(confirmed).filter_map(|run| Some((run, measure(run, &self.claim.subject, self.layer)?)))
    }

    /// The number of runs that do not measure it.
    pub(super) fn unmeasured(&self, confirmed: bool) -> usize {
        self.runs(confirmed).count() - self.measured(confirmed).count()
    }

    /// The measurements, by observation and pairing settings. Runs that differ only in other settings are averaged.
    pub(super) fn values(&self, confirmed: bool) -> Values {
        let mut all: BTreeMap<u64, (ByPair, Vec<Digest>)> = BTreeMap::new();
        for (run, value) in self.measured(confirmed) {
            let key =
                |setting: &&str| run.spec.get(setting).map_or_else(String::new, Value::to_string) + "\n";
            let mut key: String = self.pairing.iter().map(key).collect();
            let mut observation = run.spec.seed();
            if self.by_split {
                // Runs on one split are paired only if they also have the same seed.
                key += &format!("{observation}\n");
                observation = self.experiment.grid.observation(&run.spec);
            }
            let (by_key, fingerprints) = all.entry(observation).or_default();
            by_key.entry(key).or_default().push(value);
            fingerprints.push(fingerprint(run));
        }
        let averages = |(by_key, fingerprints): (ByPair, Vec<Digest>)| Observed {
            by_key: by_key.into_iter().filter_map(|(key, values)| Some((key, mean(&values)?))).collect(),
            fingerprints,
        };
        all.into_iter().map(|(observation, values)| (observation, averages(values))).collect()
    }
}
