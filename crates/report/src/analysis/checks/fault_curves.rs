//! The course of training with a fault, next to the same runs without it. These runs differ in nothing else.

use super::faults::{is_faulty, label};
use super::{CheckedRun, Checks, FaultVerdict, median};
use crate::analysis::Analysis;
use chainrule_record::{RunRecord, StopReason};
use std::collections::BTreeMap;

/// One fault in one network.
pub(crate) struct FaultPanel<'a> {
    /// Its name.
    pub(crate) fault: String,
    /// Activation and loss.
    pub(crate) network: String,
    /// The verdict of the check.
    pub(crate) verdict: FaultVerdict,
    /// The runs with the fault, one per seed.
    pub(crate) wrong: Vec<&'a RunRecord>,
    /// The same runs without the fault.
    pub(crate) right: Vec<&'a RunRecord>,
}

/// The outcome of the runs in a panel.
pub(crate) struct Outcome {
    /// The median of the last measured losses.
    pub(crate) loss: Option<f64>,
    /// The number of runs that diverged.
    pub(crate) diverged: usize,
}

impl Outcome {
    /// For some runs.
    pub(crate) fn of(runs: &[&RunRecord]) -> Self {
        let last = |run: &&RunRecord| run.curve.train_loss.iter().rev().find_map(|loss| *loss);
        Self {
            loss: median(runs.iter().filter_map(last).collect()),
            diverged: runs.iter().filter(|run| run.stop == StopReason::Diverged).count(),
        }
    }
}

/// Runs that differ only in the seed.
struct Group<'a> {
    key: String,
    checks: Vec<CheckedRun<'a>>,
}

impl Group<'_> {
    fn verdict(&self) -> FaultVerdict {
        self.checks.iter().map(FaultVerdict::of).max().unwrap_or(FaultVerdict::Right)
    }

    fn has_effect(&self) -> bool {
        self.verdict() != FaultVerdict::NoEffect
    }
}

/// One panel for each fault that has trained runs with and without it. It shows a network in which the fault has an
/// effect. Among these, it prefers the activation with which most faults have an effect, so that most panels show the
/// same network.
pub(crate) fn fault_curves<'a>(analysis: &Analysis<'a>, checks: &Checks<'a>) -> Vec<FaultPanel<'a>> {
    let trained = |one: &&CheckedRun<'a>| one.run.curve.len() > 1;
    let (wrong, right): (Vec<_>, Vec<_>) =
        checks.all.iter().filter(trained).copied().partition(|one| is_faulty(one.run));
    let right = groups(&right);
    let name = |group: &Group, setting: &str| label(analysis, group.checks[0].run, setting);
    let mut faults: Vec<(String, Vec<(Group<'a>, &Group<'a>)>)> = Vec::new();
    for group in groups(&wrong) {
        let Some(twin) = right.iter().find(|right| right.key == group.key) else { continue };
        let fault = name(&group, "fault");
        match faults.iter_mut().find(|known| known.0 == fault) {
            Some(known) => known.1.push((group, twin)),
            None => faults.push((fault, vec![(group, twin)])),
        }
    }
    let mut popular: BTreeMap<String, usize> = BTreeMap::new();
    for (_, groups) in &faults {
        for (group, _) in groups.iter().filter(|(group, _)| group.has_effect()) {
            *popular.entry(name(group, "activation")).or_default() += 1;
        }
    }
    let panel = |(fault, groups): (String, Vec<(Group<'a>, &Group<'a>)>)| {
        let score = |group: &Group| (group.has_effect(), popular.get(&name(group, "activation")).copied());
        // Among equals, the first.
        let (group, twin) = groups.into_iter().rev().max_by_key(|(group, _)| score(group))?;
        let runs = |group: &Group<'a>| group.checks.iter().map(|one| one.run).collect();
        Some(FaultPanel {
            fault,
            network: format!("{}, {}", name(&group, "activation"), name(&group, "loss")),
            verdict: group.verdict(),
            wrong: runs(&group),
            right: runs(twin),
        })
    };
    faults.into_iter().filter_map(panel).collect()
}

fn groups<'a>(checks: &[CheckedRun<'a>]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for one in checks {
        let (fault, key) = (one.run.spec.get("fault"), key(one.run));
        let belongs = |group: &&mut Group| group.key == key && group.checks[0].run.spec.get("fault") == fault;
        match groups.iter_mut().find(belongs) {
            Some(group) => group.checks.push(*one),
            None => groups.push(Group { key, checks: vec![*one] }),
        }
    }
    groups
}

/// Every setting except the fault, its expected outcome, and the seed.
fn key(run: &RunRecord) -> String {
    let others = run.spec.0.iter().filter(|(name, _)| !["fault", "expect", "seed"].contains(&name.as_str()));
    others.map(|(name, value)| format!("{name} {value}\n")).collect()
}
