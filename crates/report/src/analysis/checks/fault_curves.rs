//! The course of training with a fault, next to the same runs without it. These runs differ in nothing else.

use super::faults::{is_faulty, label};
use super::{CheckedRun, Checks, FaultVerdict, median};
use crate::analysis::Analysis;
use chainrule_record::{RunRecord, StopReason};
use indexmap::IndexMap;
use std::collections::HashMap;

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

/// One panel for each fault that has trained runs with and without it. It shows a network in which the fault has an
/// effect. Among these, it prefers the activation with which most faults have an effect, so that most panels show the
/// same network.
pub(crate) fn fault_curves<'a>(analysis: &Analysis<'a>, checks: &Checks<'a>) -> Vec<FaultPanel<'a>> {
    let trained = || checks.all.iter().copied().filter(|one| one.run.curve.len() > 1);
    let mut twins: HashMap<String, Vec<&RunRecord>> = HashMap::new();
    for one in trained().filter(|one| !is_faulty(one.run)) {
        twins.entry(key(one.run)).or_default().push(one.run);
    }
    // The runs of a fault by network: they differ only in the seed.
    let mut faults: IndexMap<String, IndexMap<String, Vec<CheckedRun>>> = IndexMap::new();
    for one in trained().filter(|one| is_faulty(one.run) && twins.contains_key(&key(one.run))) {
        let networks = faults.entry(label(analysis, one.run, "fault")).or_default();
        networks.entry(key(one.run)).or_default().push(one);
    }
    let verdict =
        |runs: &[CheckedRun]| runs.iter().map(FaultVerdict::of).max().unwrap_or(FaultVerdict::Right);
    let has_effect = |runs: &[CheckedRun]| verdict(runs) != FaultVerdict::NoEffect;
    let name = |runs: &[CheckedRun], setting: &str| label(analysis, runs[0].run, setting);
    let mut popular: HashMap<String, usize> = HashMap::new();
    for runs in faults.values().flat_map(IndexMap::values).filter(|runs| has_effect(runs)) {
        *popular.entry(name(runs, "activation")).or_default() += 1;
    }
    let panel = |(fault, networks): (String, IndexMap<String, Vec<CheckedRun<'a>>>)| {
        let score = |runs: &[CheckedRun]| (has_effect(runs), popular.get(&name(runs, "activation")));
        // Among equals, the first.
        let (key, runs) = networks.into_iter().rev().max_by_key(|(_, runs)| score(runs))?;
        Some(FaultPanel {
            fault,
            network: format!("{}, {}", name(&runs, "activation"), name(&runs, "loss")),
            verdict: verdict(&runs),
            wrong: runs.iter().map(|one| one.run).collect(),
            right: twins.get(&key)?.clone(),
        })
    };
    faults.into_iter().filter_map(panel).collect()
}

/// Every setting except the fault, its expected outcome, and the seed.
fn key(run: &RunRecord) -> String {
    let others = run.spec.0.iter().filter(|(name, _)| !["fault", "expect", "seed"].contains(&name.as_str()));
    others.map(|(name, value)| format!("{name} {value}\n")).collect()
}
