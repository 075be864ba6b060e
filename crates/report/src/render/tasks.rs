//! The best value on each task.

use super::answer;
use super::markdown::{code, more, table};
use crate::analysis::{Analysis, TaskRow, tasks};
use crate::number::rounded_or;

/// The largest number of tasks shown.
const SHOWN: usize = 40;

/// A row for each task. Empty if no setting that defines the task varies.
pub(super) fn by_task(analysis: &Analysis) -> String {
    let found = tasks(analysis);
    if found.len() < 2 {
        return String::new();
    }
    let names = analysis.grid.tasks.iter().map(|factor| factor.setting.as_str());
    let median = format!("{}: median", analysis.info.metric);
    let titles: Vec<&str> =
        names.chain([analysis.compared_name(), "settings", median.as_str(), "runs"]).collect();
    let rows: Vec<Vec<String>> = found.iter().take(SHOWN).map(|one| row(analysis, one)).collect();
    let more = more(found.len(), SHOWN, None);
    format!(
        "## Task by task\n\nThe best on each task by itself, by the planned runs on it. These runs are few, so the winner of a \
         single task may be chance; the answer rests on the mean over all tasks.\n\n{}{more}\n",
        table(&titles, &rows)
    )
}

fn row(analysis: &Analysis, one: &TaskRow) -> Vec<String> {
    let best = &analysis.configurations[one.best];
    let label = match analysis.grid.compare {
        Some(factor) => analysis.grid.label(factor, best.levels[factor]),
        None => &analysis.info.name,
    };
    let task = analysis.grid.task_label(&one.task).into_iter().map(|(_, label)| code(label));
    let found = [
        code(label),
        answer::settings(analysis, best, &code),
        rounded_or(one.spread.median, answer::DIGITS, "–"),
        (one.spread.values + one.spread.worst).to_string(),
    ];
    task.chain(found).collect()
}
