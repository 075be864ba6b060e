//! The runs that a claim sets against each other.

use super::measure::measure;
use crate::analysis::statistics::mean;
use crate::analysis::tuning::{best_of_each, is_tuned};
use crate::analysis::{Analysis, Configuration};
use crate::number::exact;
use chainrule_record::{
    Better, Claim, ClaimTest, Direction, RunRecord, RunSpec, Selection, Subject, TrendAxis,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A group of runs.
pub(super) struct Group<'a> {
    /// Its name for people.
    pub(super) label: String,
    /// Its configurations, by their index in the analysis; tuned ones are the best of their kind.
    pub(super) configurations: Vec<usize>,
    /// The layer that is looked at, counted from 0, in a trend over the layers.
    layer: Option<usize>,
    /// Settings whose values pair its runs with those of another group.
    pairing: Vec<&'a str>,
}

/// What is measured of a group: by the pairing settings, and for each the value of every seed.
pub(super) type Values = BTreeMap<u64, BTreeMap<String, f64>>;

/// The groups of a claim, and which direction is the claim's: the value of each group is before that of the next.
pub(super) fn groups<'a>(analysis: &'a Analysis, claim: &'a Claim) -> (Vec<Group<'a>>, Better) {
    match &claim.test {
        ClaimTest::Order { arms, prefers } => {
            let named = |setting: &str| arms.iter().any(|arm| arm.names(setting));
            let pairing = pairing(analysis, named);
            let group = |arm: &Selection| {
                let configurations = select(analysis, |spec| claim.filter.selects(spec) && arm.selects(spec));
                Group { label: arm.label.clone(), configurations, layer: None, pairing: pairing.clone() }
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
            let configurations = select(analysis, |spec| claim.filter.selects(spec));
            let pairing = pairing(analysis, |_| false);
            (
                vec![Group { label: claim.filter.label.clone(), configurations, layer: None, pairing }],
                Better::Higher,
            )
        }
    }
}

/// The settings that vary, but for those that are tuned and those of which each group has its own value.
fn pairing<'a>(analysis: &'a Analysis, own: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let grid = &analysis.grid;
    let free = (0..grid.factors.len()).filter(|factor| !is_tuned(analysis.info, grid, *factor));
    free.map(|factor| grid.factors[factor].setting.as_str()).filter(|setting| !own(setting)).collect()
}

/// The configurations that meet a condition: the best of each combination of the settings that are not tuned.
fn select(analysis: &Analysis, meets: impl Fn(&RunSpec) -> bool) -> Vec<usize> {
    let meets = |index: &usize| spec(&analysis.configurations[*index]).is_some_and(&meets);
    best_of_each(analysis, analysis.ranking.iter().copied().filter(meets))
}

fn spec<'a>(configuration: &Configuration<'a>) -> Option<&'a RunSpec> {
    configuration.runs.first().map(|run| &run.spec)
}

/// The levels of a trend, each a group.
fn levels<'a>(analysis: &'a Analysis, claim: &'a Claim, over: &'a TrendAxis) -> Vec<Group<'a>> {
    let own = match over {
        TrendAxis::Setting(setting) => setting,
        TrendAxis::Depth => "architecture",
        TrendAxis::Layer => return layers(analysis, claim),
    };
    let level = |spec: &RunSpec| match over {
        TrendAxis::Depth => spec.get(own).and_then(Value::as_array).map(|widths| widths.len() as f64),
        _ => spec.get(own).and_then(Value::as_f64),
    };
    let selected = analysis.configurations.iter().filter_map(spec).filter(|spec| claim.filter.selects(spec));
    let mut values: Vec<f64> = selected.filter_map(level).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let group = |value: &f64| Group {
        label: format!("{over} {}", exact(*value)),
        configurations: select(analysis, |spec| claim.filter.selects(spec) && level(spec) == Some(*value)),
        layer: None,
        pairing: pairing(analysis, |setting| setting == own),
    };
    values.iter().map(group).collect()
}

/// The layers of the networks, as far as all have them.
fn layers<'a>(analysis: &'a Analysis, claim: &'a Claim) -> Vec<Group<'a>> {
    let configurations = select(analysis, |spec| claim.filter.selects(spec));
    let runs = configurations.iter().flat_map(|index| &analysis.configurations[*index].runs);
    let depth = runs.map(|run| run.probes.layers.len()).filter(|layers| *layers > 0).min().unwrap_or(0);
    let group = |layer: usize| Group {
        label: format!("layer {}", layer + 1),
        configurations: configurations.clone(),
        layer: Some(layer),
        pairing: pairing(analysis, |_| false),
    };
    (0..depth).map(group).collect()
}

impl Group<'_> {
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
        self.configurations.iter().flat_map(of).map(|run| &**run)
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

    /// What it measures, by seed and pairing settings; runs that differ in other settings than these are averaged.
    pub(super) fn values(&self, analysis: &Analysis, subject: &Subject, confirmed: bool) -> Values {
        let mut all: BTreeMap<u64, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
        for (run, value) in self.measured(analysis, subject, confirmed) {
            let key =
                |setting: &&str| run.spec.get(setting).map_or_else(String::new, Value::to_string) + "\n";
            let key: String = self.pairing.iter().map(key).collect();
            all.entry(run.spec.seed()).or_default().entry(key).or_default().push(value);
        }
        let averages = |by_key: BTreeMap<String, Vec<f64>>| {
            by_key.into_iter().filter_map(|(key, values)| Some((key, mean(&values)?))).collect()
        };
        all.into_iter().map(|(seed, by_key)| (seed, averages(by_key))).collect()
    }
}
