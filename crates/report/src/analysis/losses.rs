//! Runs that diverged, failed or timed out, by reason.

use super::{Analysis, Factor, Grid};
use chainrule_record::{RunRecord, StopReason};
use std::collections::BTreeMap;

/// Runs that ended for the same reason.
pub(crate) struct LossGroup<'a> {
    /// How they ended.
    pub(crate) stop: StopReason,
    /// The reason, without details that differ between runs.
    pub(crate) reason: String,
    /// The runs, in plan order.
    pub(crate) runs: Vec<&'a RunRecord>,
    /// For each setting that varies: the values of the runs, the most frequent first.
    pub(crate) by_setting: Vec<(String, Vec<LevelCount>)>,
}

/// The number of lost runs with a value of a setting.
pub(crate) struct LevelCount {
    /// The value's name.
    pub(crate) label: String,
    /// The runs of the group with this value.
    pub(crate) lost: usize,
    /// All recorded runs with this value.
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
    let all = analysis.configurations.iter().map(|one| (one.levels.as_slice(), one.runs.len()));
    let of = counts(&analysis.grid, all);
    let mut groups: Vec<LossGroup> = groups
        .into_iter()
        .map(|((stop, reason), runs)| LossGroup {
            stop,
            reason,
            by_setting: by_setting(&analysis.grid, &runs, &of),
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

/// The number of runs with each level of each factor.
fn counts<'a>(grid: &Grid, located: impl Iterator<Item = (&'a [usize], usize)>) -> Vec<Vec<usize>> {
    let mut counts: Vec<Vec<usize>> =
        grid.factors.iter().map(|factor| vec![0; factor.levels.len()]).collect();
    for (levels, runs) in located {
        levels.iter().zip(&mut counts).for_each(|(level, counts)| counts[*level] += runs);
    }
    counts
}

fn by_setting(grid: &Grid, runs: &[&RunRecord], of: &[Vec<usize>]) -> Vec<(String, Vec<LevelCount>)> {
    let located: Vec<Vec<usize>> = runs.iter().map(|run| grid.locate(&run.spec)).collect();
    let lost = counts(grid, located.iter().map(|levels| (levels.as_slice(), 1)));
    let of_factor = |(factor, (lost, of)): (&Factor, (&Vec<usize>, &Vec<usize>))| {
        let levels = factor.levels.iter().zip(lost.iter().zip(of)).filter(|(_, (lost, _))| **lost > 0);
        let mut counts: Vec<LevelCount> = levels
            .map(|(level, (lost, of))| LevelCount { label: level.label.clone(), lost: *lost, of: *of })
            .collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.lost));
        (factor.setting.clone(), counts)
    };
    grid.factors.iter().zip(lost.iter().zip(of)).map(of_factor).collect()
}
