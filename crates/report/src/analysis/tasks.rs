//! The best configuration on each task, if settings that define the task vary.

use super::{Analysis, Spread};
use std::collections::BTreeSet;

/// A task and its best configuration.
pub(crate) struct TaskRow {
    /// The task: one level for each of the grid's tasks.
    pub(crate) task: Vec<usize>,
    /// The best configuration on it.
    pub(crate) best: usize,
    /// Its deciding metric there, over the seeds.
    pub(crate) spread: Spread,
}

/// One row for each task with a median, in drawing order. Empty if no setting that defines the task varies, and with
/// several data sets, which have their own reports.
pub(crate) fn tasks(analysis: &Analysis) -> Vec<TaskRow> {
    let grid = &analysis.grid;
    if !grid.has_tasks() || analysis.spans_datasets() || analysis.unchosen().is_some() {
        return Vec::new();
    }
    let all: BTreeSet<Vec<usize>> = analysis.records.iter().map(|run| grid.task(&run.spec)).collect();
    let mut rows: Vec<TaskRow> = all.into_iter().filter_map(|task| row(analysis, task)).collect();
    rows.sort_by_key(|row| grid.task_places(&row.task));
    rows
}

fn row(analysis: &Analysis, task: Vec<usize>) -> Option<TaskRow> {
    let metric = analysis.info.metric;
    let on = |index: &usize| analysis.configurations[*index].on_task(&analysis.grid, &task, metric);
    let measured = analysis.ranking.iter().copied().map(|index| (index, on(&index)));
    let with_median = measured.filter_map(|(index, spread)| Some((index, spread, spread.median?)));
    // Among equals, take the one that is better over all tasks, which comes first.
    let (best, spread, _) = with_median.min_by(|a, b| match metric.is_loss() {
        true => a.2.total_cmp(&b.2),
        false => b.2.total_cmp(&a.2),
    })?;
    Some(TaskRow { task, best, spread })
}
