//! The result of the best value, over all runs and on each task.

use super::DIGITS;
use crate::analysis::{Analysis, Configuration, Estimates, Factor, TaskRow, tasks};
use crate::number::{count, list, rounded_or};
use crate::render::interval;
use chainrule_record::RunMetric;
use chainrule_statistics::Interval;

/// The result on the runs that judge it, or on the planned runs until those are recorded.
pub(super) fn reaches(analysis: &Analysis, best: &Configuration, name: &dyn Fn(&str) -> String) -> String {
    let metric = analysis.info.metric;
    let first = analysis.compared_ranking.first().copied().unwrap_or_default();
    let judged = analysis.judged(first);
    let fresh = if judged.is_some() && analysis.info.confirm_seeds > 0 { "fresh " } else { "" };
    let runs = judged.unwrap_or(best);
    let found = Estimates::of(runs, metric);
    let accuracy = runs.final_of(RunMetric::TestAccuracy).median.map(|accuracy| {
        let again = Estimates::of_final(runs, RunMetric::TestAccuracy).median_interval;
        format!(", and of {} {}", name("test_accuracy"), with_interval(Some(accuracy), again))
    });
    let noun = analysis.grid.observation_noun();
    let each = if analysis.grid.has_tasks() || analysis.grid.has_splits() {
        ", each the mean of its runs,"
    } else {
        ""
    };
    format!(
        "on {}{each}{} a median {} of {}{}.",
        count(found.n, &format!("{fresh}{noun}")),
        lost(runs),
        name(metric.name()),
        median(runs, &found),
        accuracy.unwrap_or_default()
    )
}

/// The median with its interval. If there are too few runs for one: the range of the runs, and the mean with its
/// interval.
fn median(runs: &Configuration, found: &Estimates) -> String {
    if found.median_interval.is_some() || found.n < 2 {
        return with_interval(found.median, found.median_interval).replacen("none", runs.absence(), 1);
    }
    let mean = found.mean_interval.map(|_| with_interval(found.mean, found.mean_interval));
    let mean = mean.map(|mean| format!("; mean {mean}")).unwrap_or_default();
    format!("{} (too few runs for an interval{mean})", rounded_or(found.median, DIGITS, runs.absence()))
}

/// `0.0688 (97.9 % interval: 0.0605 to 0.0795)`.
fn with_interval(value: Option<f64>, found: Option<Interval>) -> String {
    let value = rounded_or(value, DIGITS, "none");
    found.map_or_else(
        || value.clone(),
        |found| {
            let (low, high) = (interval::end(found.low, DIGITS), interval::end(found.high, DIGITS));
            format!("{value} ({} interval: {low} to {high})", interval::percent(found.level))
        },
    )
}

fn lost(runs: &Configuration) -> String {
    let outcomes = runs.outcomes;
    let named = [(outcomes.diverged, "diverged"), (outcomes.failed, "failed")];
    named.into_iter().filter(|(runs, _)| *runs > 0).map(|(runs, how)| format!(" ({runs} {how})")).collect()
}

/// The number of tasks on which each value is best.
pub(super) fn by_task(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> Option<String> {
    let rows = tasks(analysis);
    let compare = analysis.grid.compare.filter(|_| rows.len() > 1)?;
    let level = |row: &TaskRow| analysis.configurations[row.best].levels[compare];
    let wins = |value: &usize| rows.iter().filter(|row| level(row) == *value).count();
    let mut winners: Vec<(usize, usize)> = analysis
        .compared_ranking
        .iter()
        .map(|value| (wins(value), *value))
        .filter(|(wins, _)| *wins > 0)
        .collect();
    winners.sort_by_key(|(wins, _)| std::cmp::Reverse(*wins));
    let told = winners.iter().enumerate().map(|(place, (wins, value))| {
        let label = name(&analysis.compared[*value].label);
        if place == 0 {
            format!("{label} is best on {wins} of {}", rows.len())
        } else {
            format!("{label} on {wins}")
        }
    });
    let names: Vec<String> = varying_tasks(analysis).map(name).collect();
    Some(format!("by {}, {}.", names.join(" and "), list(&told.collect::<Vec<_>>())))
}

/// The varying settings that define the task.
fn varying_tasks<'a>(analysis: &'a Analysis) -> impl Iterator<Item = &'a str> {
    let varies = |factor: &&Factor| factor.levels.len() > 1;
    analysis.grid.tasks.iter().filter(varies).map(|factor| factor.setting.as_str())
}
