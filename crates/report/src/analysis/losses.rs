//! Runs that diverged, failed or were cut short, by reason.

use super::Analysis;
use chainrule_record::{RunRecord, StopReason};
use std::collections::BTreeMap;

/// Runs that ended for the same reason.
pub(crate) struct LossGroup<'a> {
    /// How they ended.
    pub(crate) stop: StopReason,
    /// Why, with what differs from run to run left out.
    pub(crate) reason: String,
    /// The runs, in plan order.
    pub(crate) runs: Vec<&'a RunRecord>,
    /// For each setting that varies: how many of the runs have which value, most first.
    pub(crate) by_setting: Vec<(String, Vec<(String, usize)>)>,
}

/// The groups, largest first.
pub(crate) fn loss_groups<'a>(analysis: &Analysis<'a>) -> Vec<LossGroup<'a>> {
    let mut groups: BTreeMap<(StopReason, String), Vec<&RunRecord>> = BTreeMap::new();
    for run in analysis.records {
        if matches!(run.stop, StopReason::Diverged | StopReason::Failed | StopReason::TimedOut) {
            groups.entry((run.stop, reason(run))).or_default().push(run);
        }
    }
    let mut groups: Vec<LossGroup> = groups
        .into_iter()
        .map(|((stop, reason), runs)| LossGroup {
            stop,
            reason,
            by_setting: by_setting(analysis, &runs),
            runs,
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.runs.len()));
    groups
}

fn reason(run: &RunRecord) -> String {
    match (&run.divergence, &run.failure) {
        (Some(divergence), _) => format!("{} became {}", divergence.tensor, divergence.value),
        (None, Some(failure)) => failure.clone(),
        (None, None) if run.stop == StopReason::TimedOut => "the time limit was reached".to_owned(),
        (None, None) => "no reason is on record".to_owned(),
    }
}

fn by_setting(analysis: &Analysis, runs: &[&RunRecord]) -> Vec<(String, Vec<(String, usize)>)> {
    let located: Vec<Vec<usize>> = runs.iter().map(|run| analysis.grid.locate(&run.spec)).collect();
    let count = |(index, factor): (usize, &super::Factor)| {
        let runs_at = |level: usize| located.iter().filter(|levels| levels[index] == level).count();
        let mut counts: Vec<(String, usize)> = factor
            .levels
            .iter()
            .enumerate()
            .map(|(level, value)| (value.label.clone(), runs_at(level)))
            .filter(|(_, runs)| *runs > 0)
            .collect();
        counts.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
        (factor.setting.clone(), counts)
    };
    analysis.grid.factors.iter().enumerate().map(count).collect()
}
