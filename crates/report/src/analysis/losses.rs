//! Runs that diverged, failed or were cut short, by reason.

use super::{Analysis, Factor};
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
    /// For each setting that varies: the values that the runs have, the one with most runs first.
    pub(crate) by_setting: Vec<(String, Vec<LevelCount>)>,
}

/// How many runs with a value of a setting were lost.
pub(crate) struct LevelCount {
    /// The value's name.
    pub(crate) label: String,
    /// The runs of the group that have it.
    pub(crate) lost: usize,
    /// All runs on record that have it.
    pub(crate) of: usize,
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

fn by_setting(analysis: &Analysis, runs: &[&RunRecord]) -> Vec<(String, Vec<LevelCount>)> {
    let locate = |run: &RunRecord| analysis.grid.locate(&run.spec);
    let lost: Vec<Vec<usize>> = runs.iter().map(|run| locate(run)).collect();
    let all: Vec<Vec<usize>> = analysis.records.iter().map(locate).collect();
    let count = |(index, factor): (usize, &Factor)| {
        let with =
            |located: &[Vec<usize>], level| located.iter().filter(|levels| levels[index] == level).count();
        let mut counts: Vec<LevelCount> = (0..factor.levels.len())
            .map(|level| LevelCount {
                label: factor.levels[level].label.clone(),
                lost: with(&lost, level),
                of: with(&all, level),
            })
            .filter(|count| count.lost > 0)
            .collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.lost));
        (factor.setting.clone(), counts)
    };
    analysis.grid.factors.iter().enumerate().map(count).collect()
}
