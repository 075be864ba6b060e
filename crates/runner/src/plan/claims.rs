//! Checks that the runs of a plan can decide the claims. Groups must have runs and share none with the next group,
//! metrics must be measured, and there must be pairs to compare.

use super::resolve::Resolved;
use crate::spec::{Diagnostic, Experiment, Point, Span, Stated, list};
use chainrule_record::{
    ClaimTest, ExperimentKind, Extent, LayerChoice, RunMetric, RunSpec, Selection, Subject, TrendAxis,
};
use serde_json::Value;
use std::collections::{BTreeSet, HashSet};

/// Examines every combination that is run.
pub(super) struct Audit<'a> {
    experiment: &'a Experiment,
    claims: Vec<Seen<'a>>,
    /// The values of the varying, untuned settings of every combination.
    choices: HashSet<String>,
    /// The same for groups that choose by their own conditions, with claim and group.
    own_choices: HashSet<(usize, usize, String)>,
}

/// The observations about a claim.
struct Seen<'a> {
    stated: &'a Stated,
    /// The settings whose values pair runs: they vary, are not tuned, and are not set by the claim's own groups.
    pairing: Vec<&'static str>,
    /// The pairing values of the runs of each group.
    arms: Vec<HashSet<String>>,
    /// The first group that shares a run with an earlier one.
    shares: Option<usize>,
    /// The reason why a run of the claim does not measure its metric.
    unmeasured: Option<String>,
    /// The levels of its trend, as text.
    levels: BTreeSet<String>,
    /// The numbers of layers in its networks.
    layers: BTreeSet<usize>,
}

impl<'a> Audit<'a> {
    pub(super) fn new(experiment: &'a Experiment) -> Self {
        let seen = |stated| Seen::new(stated, experiment);
        Self {
            experiment,
            claims: experiment.claims.iter().map(seen).collect(),
            choices: HashSet::new(),
            own_choices: HashSet::new(),
        }
    }

    /// A combination that is run.
    pub(super) fn see(&mut self, spec: &RunSpec, resolved: &Resolved) {
        if self.experiment.analysis.confirm_seeds > 0 {
            self.choose(spec);
        }
        self.claims.iter_mut().for_each(|claim| claim.see(spec, resolved));
    }

    fn choose(&mut self, spec: &RunSpec) {
        let tuned: Vec<_> = self.experiment.analysis.tune.iter().map(|setting| setting.name).collect();
        let free = values(spec, axes(self.experiment).filter(|axis| !tuned.contains(axis)));
        for (index, claim) in self.experiment.claims.iter().map(|stated| &stated.claim).enumerate() {
            let names = |selection: &Selection| tuned.iter().any(|tuned| selection.names(tuned));
            let by_depth = matches!(claim.test, ClaimTest::Trend { over: TrendAxis::Depth, .. })
                && tuned.contains(&"architecture");
            for (group, arm) in claim.arms().into_iter().chain([&claim.filter]).enumerate() {
                let level = if by_depth { hidden_layers(spec) } else { group };
                let own = by_depth || names(arm) || names(&claim.filter);
                if own && claim.filter.selects(spec) && arm.selects(spec) {
                    self.own_choices.insert((index, level, free.clone()));
                }
            }
        }
        self.choices.insert(free);
    }

    /// The minimum and maximum number of configurations that are chosen and rerun on fresh seeds.
    pub(super) fn choices(&self) -> [usize; 2] {
        [self.choices.len(), self.choices.len() + self.own_choices.len()]
    }

    /// The errors of the claims. An assignment on the command line may leave a claim without runs. That is not a
    /// mistake in the file, and the report mentions it.
    pub(super) fn errors(&self) -> Vec<Diagnostic> {
        if self.experiment.sources.len() > 1 {
            return Vec::new();
        }
        self.claims.iter().flat_map(|claim| claim.errors(self.experiment)).collect()
    }
}

/// The names of the settings that are an axis of any sub-grid.
fn axes(experiment: &Experiment) -> impl Iterator<Item = &'static str> {
    let mut seen = HashSet::new();
    let names = experiment.grids.iter().flat_map(|grid| &grid.axes).map(|axis| axis.setting.name);
    names.filter(move |name| seen.insert(*name)).collect::<Vec<_>>().into_iter()
}

fn values(spec: &RunSpec, settings: impl Iterator<Item = &'static str>) -> String {
    settings.map(|name| spec.get(name).map_or_else(String::new, Value::to_string) + "\n").collect()
}

fn hidden_layers(spec: &RunSpec) -> usize {
    spec.get("architecture").and_then(Value::as_array).map_or(0, Vec::len)
}

impl<'a> Seen<'a> {
    fn new(stated: &'a Stated, experiment: &Experiment) -> Self {
        let arms = stated.claim.arms();
        let is_set = |axis: &str| arms.iter().any(|arm| arm.names(axis)) && stated.arms.len() > 1;
        let is_tuned = |axis: &str| experiment.analysis.tune.iter().any(|tuned| tuned.name == axis);
        Self {
            pairing: axes(experiment).filter(|axis| !is_set(axis) && !is_tuned(axis)).collect(),
            arms: vec![HashSet::new(); arms.len().max(1)],
            stated,
            shares: None,
            unmeasured: None,
            levels: BTreeSet::new(),
            layers: BTreeSet::new(),
        }
    }

    fn see(&mut self, spec: &RunSpec, resolved: &Resolved) {
        let claim = &self.stated.claim;
        if !claim.filter.selects(spec) {
            return;
        }
        let arms = claim.arms();
        let chosen: Vec<usize> = match arms.is_empty() {
            true => vec![0],
            false => (0..arms.len()).filter(|&arm| arms[arm].selects(spec)).collect(),
        };
        if chosen.is_empty() {
            return;
        }
        if let Some(&second) = chosen.get(1) {
            self.shares.get_or_insert(second);
        }
        for arm in chosen {
            self.arms[arm].insert(values(spec, self.pairing.iter().copied()));
        }
        self.layers.insert(hidden_layers(spec) + 1);
        if self.unmeasured.is_none() {
            self.unmeasured = unmeasured(&claim.subject, spec, resolved);
        }
        if let ClaimTest::Trend { over, .. } = &claim.test {
            self.levels.insert(match over {
                TrendAxis::Setting(name) => {
                    values(spec, crate::spec::setting(name).map(|s| s.name).into_iter())
                }
                TrendAxis::Depth => hidden_layers(spec).to_string(),
                TrendAxis::Layer => String::new(),
            });
        }
    }

    fn errors(&self, experiment: &Experiment) -> Vec<Diagnostic> {
        let empty = self.empty(experiment);
        if !empty.is_empty() {
            return empty;
        }
        [self.shared(), self.not_measured(), self.unpaired(), self.several(), self.no_trend(experiment)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The place of a group, or else of the claim's conditions.
    fn place(&self, arm: usize) -> &Span {
        let filter = self.stated.filter.as_ref().unwrap_or(&self.stated.metric);
        self.stated.arms.get(arm).unwrap_or(filter)
    }

    /// Groups without a run.
    fn empty(&self, experiment: &Experiment) -> Vec<Diagnostic> {
        let claim = &self.stated.claim;
        let arms = claim.arms();
        let empty = (0..self.arms.len()).filter(|&arm| self.arms[arm].is_empty());
        empty
            .map(|arm| {
                let own = arms.get(arm).copied().unwrap_or(&claim.filter);
                let cause = never_met(own, experiment).or_else(|| never_met(&claim.filter, experiment));
                let error =
                    Diagnostic::new("no planned run meets these conditions", self.place(arm), "no run");
                error.help(cause.unwrap_or_else(|| {
                    "some runs meet each condition, but no run meets all of them and the conditions of `where`"
                        .to_owned()
                }))
            })
            .collect()
    }

    fn shared(&self) -> Option<Diagnostic> {
        let message = "the compared groups of the claim share runs";
        let error = Diagnostic::new(message, self.place(self.shares?), "shares runs with an earlier group");
        Some(error.help("give each group a different value of one setting, as in better = { optimizer = \"adam\" }, than = { optimizer = \"sgd\" }"))
    }

    fn not_measured(&self) -> Option<Diagnostic> {
        let reason = self.unmeasured.as_ref()?;
        let message =
            format!("`{}` is not measured in every run of the claim", self.stated.claim.subject.name());
        Some(Diagnostic::new(message, &self.stated.metric, "not measured").help(reason.clone()))
    }

    /// Groups without any pair with the previous group.
    fn unpaired(&self) -> Option<Diagnostic> {
        let arm = (1..self.arms.len()).find(|&arm| self.arms[arm].is_disjoint(&self.arms[arm - 1]))?;
        let error = Diagnostic::new(
            "no run of this group has the same other settings as a run of the previous group",
            self.place(arm),
            "nothing to pair",
        );
        Some(error.help(format!(
            "paired runs need the same {}: tune a setting with `tune` in [analysis], or set it in each group",
            list(&self.pairing)
        )))
    }

    /// Runs with the same seed are not independent draws, so a fraction over several configurations would be
    /// misleading.
    fn several(&self) -> Option<Diagnostic> {
        let claim = &self.stated.claim;
        let is_share =
            matches!(claim.test, ClaimTest::Threshold { of: Extent::Mean, .. }) && claim.subject.is_flag();
        let configurations = self.arms.first().map_or(0, HashSet::len);
        (is_share && configurations > 1).then(|| {
            let message = format!("the fraction of runs covers {configurations} configurations at once");
            let error =
                Diagnostic::new(message, self.place(0), "runs with the same seed are not independent");
            error.help(
                "select one with `where`, choose the best with `tune` in [analysis], or set of = \"every\"",
            )
        })
    }

    fn no_trend(&self, experiment: &Experiment) -> Option<Diagnostic> {
        let ClaimTest::Trend { over, .. } = &self.stated.claim.test else { return None };
        let place = self.stated.over.as_ref()?;
        let is_tuned = |name: &str| experiment.analysis.tune.iter().any(|tuned| tuned.name == name);
        match over {
            TrendAxis::Setting(name) if is_tuned(name) => {
                let error = Diagnostic::new(
                    format!("`{name}` is tuned, so only one value remains"),
                    place,
                    "no trend over it",
                );
                Some(error.help("remove it from `tune` in [analysis]"))
            }
            TrendAxis::Setting(_) | TrendAxis::Depth if self.levels.len() < 2 => {
                let error = Diagnostic::new(
                    format!("cannot test a trend over `{over}`"),
                    place,
                    "all runs have the same value",
                );
                Some(
                    error.help(
                        "vary the setting; for `depth`, the number of hidden layers, vary `architecture`",
                    ),
                )
            }
            TrendAxis::Layer if self.layers.len() > 1 || self.layers.contains(&1) => {
                let error = Diagnostic::new(
                    "a trend over the layers needs networks with the same number of layers",
                    place,
                    "the numbers differ, or are 1",
                );
                Some(
                    error.help(
                        "use `where` to select architectures of one depth, with at least one hidden layer",
                    ),
                )
            }
            _ => None,
        }
    }
}

/// The condition that none of its setting's values meets, in words.
fn never_met(selection: &Selection, experiment: &Experiment) -> Option<String> {
    selection.conditions.iter().find_map(|(name, accepted)| {
        let axes =
            experiment.grids.iter().flat_map(|grid| &grid.axes).filter(|axis| axis.setting.name == name);
        let points: Vec<&Point> =
            axes.flat_map(|axis| &axis.points).chain(experiment.fixed.get(name.as_str())).collect();
        let is_met =
            points.iter().any(|point| accepted.iter().any(|condition| condition.meets(&point.value)));
        let mut labels: Vec<&str> = points.iter().map(|point| point.label.as_str()).collect();
        labels.dedup();
        (!is_met && !labels.is_empty()).then(|| match labels.as_slice() {
            [only] => format!("`{name}` is {only} in every run"),
            several => format!("the values of `{name}` are {}", list(several)),
        })
    })
}

/// Whether a run measures a probe.
fn measures(spec: &RunSpec, probe: &str) -> bool {
    let all = spec.get("measure").and_then(Value::as_array);
    all.is_some_and(|all| all.iter().any(|name| name == probe))
}

/// The reason why a run does not measure a metric.
fn unmeasured(subject: &Subject, spec: &RunSpec, resolved: &Resolved) -> Option<String> {
    let is = |name: &str, value: Value| spec.get(name).is_some_and(|found| *found == value);
    let reason = match (spec.kind(), subject) {
        (kind, Subject::Run(metric)) if metric.kind() != kind => {
            return Some(format!(
                "only experiments of kind \"{}\" measure it, and this one has kind \"{}\"",
                metric.kind().name(),
                kind.name()
            ));
        }
        (ExperimentKind::GradientCheck, Subject::Run(_)) => return None,
        (ExperimentKind::Train, Subject::Run(metric)) => match metric {
            RunMetric::ValidationLoss | RunMetric::ValidationAccuracy if !resolved.measures.validation => {
                "there is no validation set (`validation = 0`)"
            }
            RunMetric::TestLoss | RunMetric::TestAccuracy if !resolved.measures.test => {
                "there is no test set (`test = 0`)"
            }
            RunMetric::TrainAccuracy | RunMetric::ValidationAccuracy | RunMetric::TestAccuracy
                if !resolved.measures.accuracy =>
            {
                "a data set for regression has no accuracy"
            }
            _ if metric.needs_target() && is("target", "none".into()) => {
                "there is no target: set one in [train], as in target = { metric = \"train_loss\", reaches = 0.1 }"
            }
            _ => return None,
        },
        (_, Subject::Traced { step, .. }) => {
            let traced = spec.get("trace_steps").and_then(Value::as_u64).unwrap_or(0);
            if traced > *step {
                return None;
            }
            return Some(format!(
                "{traced} steps are traced, counted from 0: set trace_steps = {} or more in [train]",
                step + 1
            ));
        }
        (ExperimentKind::Train, Subject::Layer { layer, metric, .. }) => match layer {
            _ if !measures(spec, metric.probe()) => {
                let probe = metric.probe();
                return Some(format!("to measure it, set measure = [\"{probe}\"] in [probe]"));
            }
            Some(LayerChoice::Number(layer)) if *layer > hidden_layers(spec) as u64 + 1 => {
                "there are fewer layers: the number of the last layer is the number of hidden layers + 1"
            }
            _ => return None,
        },
        (kind, _) => return Some(format!("experiments of kind \"{}\" do not train", kind.name())),
    };
    Some(reason.to_owned())
}
