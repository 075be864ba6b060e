//! The runs that a claim sets against each other.

use super::measure::measure;
use crate::analysis::Analysis;
use crate::analysis::observation::fingerprint;
use crate::analysis::tuning::{best_of_each, is_tuned};
use crate::number::exact;
use chainrule_record::{
    Better, Claim, ClaimTest, Digest, Direction, RunRecord, RunSpec, SPLIT_SEED, Selection, Subject,
    TrendAxis,
};
use chainrule_statistics::mean;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A group of runs.
#[derive(Clone)]
pub(super) struct Group<'a> {
    /// Its name for people.
    pub(super) label: String,
    /// Its configurations, by their index in the analysis; tuned ones are the best of their kind.
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

type Meets<'a> = Rc<dyn Fn(&RunSpec) -> bool + 'a>;

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

/// The groups of a claim, and which direction is the claim's: the value of each group is before that of the next.
pub(super) fn groups<'a>(analysis: &'a Analysis, claim: &'a Claim) -> (Vec<Group<'a>>, Better) {
    match &claim.test {
        ClaimTest::Order { arms, prefers } => {
            let named = |setting: &str| arms.iter().any(|arm| arm.names(setting));
            let pairing = pairing(analysis, named);
            let group = |arm: &'a Selection| {
                let meets = move |spec: &RunSpec| claim.filter.selects(spec) && arm.selects(spec);
                Group::new(analysis, claim, arm.label.clone(), pairing.clone(), Rc::new(meets))
            };
            (arms.iter().map(group).collect(), *prefers)
        }
        ClaimTest::Trend { direction, over } => {
            let before = match direction {
                Direction::Falls => Better::Higher,
                Direction::Rises => Better::Lower,
            };
            (levels(analysis, claim, over), before)
        }
        ClaimTest::Threshold { .. } | ClaimTest::Equals { .. } => {
            let pairing = pairing(analysis, |_| false);
            let meets = Rc::new(|spec: &RunSpec| claim.filter.selects(spec));
            (vec![Group::new(analysis, claim, claim.filter.label.clone(), pairing, meets)], Better::Higher)
        }
    }
}

/// The settings that vary, but for those that are tuned and those of which each group has its own value.
fn pairing<'a>(analysis: &'a Analysis, own: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let grid = &analysis.grid;
    let free = (0..grid.factors.len()).filter(|factor| !is_tuned(analysis.info, grid, *factor));
    let free = free.map(|factor| &grid.factors[factor]).chain(&grid.tasks);
    free.map(|factor| factor.setting.as_str()).filter(|setting| !own(setting)).collect()
}

/// The configurations that meet a condition on any task: the best of each combination of the settings that are not tuned.
fn select(analysis: &Analysis, meets: &Meets) -> Vec<usize> {
    let meets = |index: &usize| specs(analysis, *index).any(|spec| meets(spec));
    best_of_each(analysis, analysis.ranking.iter().copied().filter(meets))
}

/// The specification of a configuration on each of its tasks, more than once where there are several.
fn specs<'a>(analysis: &'a Analysis, configuration: usize) -> impl Iterator<Item = &'a RunSpec> {
    let runs = analysis.configurations[configuration].runs.as_slice();
    // Runs on one task have the same settings but for their seed.
    let runs = if analysis.grid.has_tasks() { runs } else { &runs[..runs.len().min(1)] };
    runs.iter().map(|run| &run.spec)
}

/// Whether a claim says which splits it is about.
fn names_splits(claim: &Claim) -> bool {
    let over =
        matches!(&claim.test, ClaimTest::Trend { over: TrendAxis::Setting(name), .. } if name == SPLIT_SEED);
    over || claim.filter.names(SPLIT_SEED) || claim.arms().iter().any(|arm| arm.names(SPLIT_SEED))
}

/// The levels of a trend, each a group.
fn levels<'a>(analysis: &'a Analysis, claim: &'a Claim, over: &'a TrendAxis) -> Vec<Group<'a>> {
    let own = match over {
        TrendAxis::Setting(setting) => setting,
        TrendAxis::Depth => "architecture",
        TrendAxis::Layer => return layers(analysis, claim),
    };
    let level = move |spec: &RunSpec| match over {
        TrendAxis::Depth => spec.get(own).and_then(Value::as_array).map(|widths| widths.len() as f64),
        _ => spec.get(own).and_then(Value::as_f64),
    };
    let all = (0..analysis.configurations.len()).flat_map(|index| specs(analysis, index));
    let selected = all.filter(|spec| claim.filter.selects(spec));
    let mut values: Vec<f64> = selected.filter_map(level).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let group = |value: f64| {
        let meets = move |spec: &RunSpec| claim.filter.selects(spec) && level(spec) == Some(value);
        let pairing = pairing(analysis, |setting| setting == own);
        Group::new(analysis, claim, format!("{over} {}", exact(value)), pairing, Rc::new(meets))
    };
    values.into_iter().map(group).collect()
}

/// The layers of the networks, as far as all have them.
fn layers<'a>(analysis: &'a Analysis, claim: &'a Claim) -> Vec<Group<'a>> {
    let meets = Rc::new(|spec: &RunSpec| claim.filter.selects(spec));
    let all = Group::new(analysis, claim, String::new(), pairing(analysis, |_| false), meets);
    let runs = all.runs(analysis, false);
    let depth = runs.map(|run| run.probes.layers.len()).filter(|layers| *layers > 0).min().unwrap_or(0);
    let group =
        |layer: usize| Group { label: format!("layer {}", layer + 1), layer: Some(layer), ..all.clone() };
    (0..depth).map(group).collect()
}

impl<'a> Group<'a> {
    fn new(
        analysis: &'a Analysis,
        claim: &Claim,
        label: String,
        pairing: Vec<&'a str>,
        meets: Meets<'a>,
    ) -> Self {
        let by_split = analysis.grid.has_splits() && !names_splits(claim);
        Self { configurations: select(analysis, &meets), label, layer: None, pairing, meets, by_split }
    }

    /// Its runs: those that were planned, or those on fresh seeds.
    pub(super) fn runs<'b>(
        &'b self,
        analysis: &'b Analysis,
        confirmed: bool,
    ) -> impl Iterator<Item = &'b RunRecord> {
        let of = move |index: &usize| {
            let planned = &analysis.configurations[*index];
            match confirmed {
                false => planned.runs.as_slice(),
                true => analysis.confirmed(planned).map_or(&[][..], |again| again.runs.as_slice()),
            }
        };
        let is_ours = |run: &&RunRecord| !analysis.grid.has_tasks() || (self.meets)(&run.spec);
        self.configurations.iter().flat_map(of).map(|run| &**run).filter(is_ours)
    }

    /// What each run measures; runs that do not measure it are left out, and counted by [`Group::unmeasured`].
    pub(super) fn measured<'b>(
        &'b self,
        analysis: &'b Analysis,
        subject: &'b Subject,
        confirmed: bool,
    ) -> impl Iterator<Item = (&'b RunRecord, f64)> {
        self.runs(analysis, confirmed).filter_map(move |run| Some((run, measure(run, subject, self.layer)?)))
    }

    /// How many runs do not measure it.
    pub(super) fn unmeasured(&self, analysis: &Analysis, subject: &Subject, confirmed: bool) -> usize {
        self.runs(analysis, confirmed).count() - self.measured(analysis, subject, confirmed).count()
    }

    /// What it measures, by observation and pairing settings; runs that differ in other settings than these are averaged.
    pub(super) fn values(&self, analysis: &Analysis, subject: &Subject, confirmed: bool) -> Values {
        let mut all: BTreeMap<u64, (ByPair, Vec<Digest>)> = BTreeMap::new();
        for (run, value) in self.measured(analysis, subject, confirmed) {
            let key =
                |setting: &&str| run.spec.get(setting).map_or_else(String::new, Value::to_string) + "\n";
            let mut key: String = self.pairing.iter().map(key).collect();
            let mut observation = run.spec.seed();
            if self.by_split {
                // Runs of one split are pairs if they have the same seed, too.
                key += &format!("{observation}\n");
                observation = analysis.grid.observation(&run.spec);
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
