//! The outcome of the runs: the best configurations, lost runs, and skipped combinations.

use super::answer_table;
use super::markdown::{code, plain, table};
use crate::analysis::{Analysis, Endings, LevelCount, LossGroup, loss_groups};
use crate::number::{count, rounded_or};
use chainrule_record::{RunMetric, RunRecord, StopReason};

/// The number of configurations listed.
const BEST: usize = 10;
/// The number of runs named for each group.
const NAMED: usize = 3;
/// The largest number of reasons listed, for skipped combinations or lost runs.
const REASONS: usize = 20;

/// The best configurations, if there are at least two and not all runs were lost.
pub(super) fn best(analysis: &Analysis) -> String {
    if analysis.configurations.len() < 2 || analysis.is_all_lost() {
        return String::new();
    }
    let metric = analysis.info.metric;
    let factors = analysis.grid.factors.iter().map(|factor| factor.setting.as_str());
    let median = format!("{metric}: median [min, max]");
    let titles: Vec<&str> =
        ["rank"].into_iter().chain(factors).chain([median.as_str(), "test_loss", "lost"]).collect();
    let row = |(position, index): (usize, &usize)| {
        let one = &analysis.configurations[*index];
        let labels = analysis.settings(one, &[]).into_iter().map(|(_, label)| code(label));
        let lost = format!("{} of {}", one.outcomes.diverged + one.outcomes.failed, one.runs.len());
        let measured = [
            answer_table::median_and_range(one, one.final_metric(metric)),
            rounded_or(one.final_of(RunMetric::TestLoss).median, 4, "–"),
            lost,
        ];
        [(position + 1).to_string()].into_iter().chain(labels).chain(measured).collect()
    };
    let rows: Vec<Vec<String>> = analysis.ranking.iter().take(BEST).enumerate().map(row).collect();
    let of = analysis.configurations.len();
    format!(
        "## Best configurations\n\n{} of {of}; all are in [`summary.csv`](summary.csv).\n\n{}\n",
        rows.len(),
        table(&titles, &rows)
    )
}

/// The reasons why runs ended, if there is more than one.
pub(super) fn endings(analysis: &Analysis) -> String {
    let endings = Endings::new(analysis);
    if endings.reasons.len() < 2 {
        return String::new();
    }
    let titles: Vec<&str> = [analysis.compared_name()]
        .into_iter()
        .chain(endings.reasons.iter().map(|reason| reason.name()))
        .collect();
    let row = |name: String, counts: &[usize]| -> Vec<String> {
        std::iter::once(name).chain(counts.iter().map(usize::to_string)).collect()
    };
    let compared = analysis.compared.iter().zip(&endings.by_compared);
    let mut rows: Vec<Vec<String>> =
        compared.map(|(compared, counts)| row(code(&compared.label), counts)).collect();
    rows.push(row("all runs".to_owned(), &endings.all));
    format!("## How runs ended\n\n{}\n", table(&titles, &rows))
}

/// Runs that diverged, failed or timed out, by reason.
pub(super) fn lost(analysis: &Analysis) -> String {
    let groups = loss_groups(analysis);
    if groups.is_empty() {
        return String::new();
    }
    let lost: usize = groups.iter().map(|group| group.runs.len()).sum();
    let all = analysis.records.len();
    let head = format!("## Runs that did not finish\n\n{lost} of {} on record.\n\n", count(all, "run"));
    let listed: String = groups.iter().take(REASONS).map(lost_group).collect();
    let more = match groups.len().saturating_sub(REASONS) {
        0 => String::new(),
        more => format!("… and {more} more reasons; all are in [`runs.csv`](runs.csv).\n\n"),
    };
    head + &listed + &more
}

fn lost_group(group: &LossGroup) -> String {
    let level = |count: &LevelCount| format!("{} {} of {}", code(&count.label), count.lost, count.of);
    let counts = |(setting, levels): &(String, Vec<LevelCount>)| {
        format!("  - by {}: {}\n", plain(setting), levels.iter().map(level).collect::<Vec<_>>().join(", "))
    };
    let runs: Vec<String> = group
        .runs
        .iter()
        .take(NAMED)
        .map(|run| format!("{} ({})", code(&run.run_id.short()), plain(&message(run))))
        .collect();
    let more = if group.runs.len() > NAMED { ", …" } else { "" };
    let reason = match group.stop {
        StopReason::TimedOut => "timed out".to_owned(),
        stop => format!("{stop}: {}", plain(&group.reason)),
    };
    let settings: String = group.by_setting.iter().map(counts).collect();
    format!("- **{}** {reason}\n{settings}  - {}{more}\n\n", count(group.runs.len(), "run"), runs.join(", "))
}

/// The reason why a run did not finish.
pub(super) fn message(run: &RunRecord) -> String {
    let failure = || run.failure.clone().unwrap_or_else(|| "no reason is on record".to_owned());
    match &run.divergence {
        Some(divergence) => divergence.to_string(),
        None if run.stop == StopReason::TimedOut => match run.curve.epoch.last() {
            Some(epoch) => format!("after epoch {epoch}"),
            None => "before the first measurement".to_owned(),
        },
        None => failure(),
    }
}

/// Skipped combinations, by reason.
pub(super) fn skipped(analysis: &Analysis) -> String {
    let skipped = &analysis.info.skipped;
    if skipped.is_empty() {
        return String::new();
    }
    let reasons = analysis.info.skipped_by_reason();
    let row = |(reason, combinations): &(&str, Vec<&str>)| {
        vec![plain(reason), combinations.len().to_string(), code(combinations[0])]
    };
    let rows: Vec<Vec<String>> = reasons.iter().take(REASONS).map(row).collect();
    let more = match reasons.len().saturating_sub(REASONS) {
        0 => String::new(),
        more => format!("\n… and {more} more reasons.\n"),
    };
    let head = format!("## Skipped\n\n{} of the grid not run.\n\n", count(skipped.len(), "combination"));
    format!("{head}{}{more}\n", table(&["reason", "combinations", "the first of them"], &rows))
}
