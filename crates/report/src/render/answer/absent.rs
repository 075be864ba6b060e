//! The reason why there is no answer or no choice.

use crate::analysis::{Analysis, OutcomeCounts, Unchosen};
use crate::number::count;

pub(super) fn absence(analysis: &Analysis, name: &dyn Fn(&str) -> String) -> String {
    let OutcomeCounts { diverged, failed, timed_out, .. } = analysis.outcomes;
    let all = analysis.outcomes.total();
    let metric = name(analysis.info.metric.name());
    let is_measured =
        analysis.configurations.iter().any(|one| one.final_metric(analysis.info.metric).values > 0);
    match all {
        0 => "no run is on record yet.".to_owned(),
        _ if diverged == all => format!("{} diverged, so no value is best.", all_of(all)),
        _ if failed == all => format!("{} failed, so no value is best.", all_of(all)),
        _ if timed_out == all && !is_measured => {
            format!("{} timed out before {metric} was measured.", all_of(all))
        }
        _ if diverged + failed == all => {
            format!("no run finished, so no value is best: {diverged} diverged and {failed} failed.")
        }
        _ if diverged + failed == 0 || !is_measured => format!("{metric} was not measured."),
        _ => format!(
            "no configuration has a median, because half or more of the runs of each were lost: of {}, {}.",
            count(all, "run"),
            lost_runs(diverged, failed)
        ),
    }
}

/// `all 24 runs`, `the only run`
fn all_of(runs: usize) -> String {
    if runs == 1 { "the only run".to_owned() } else { format!("all {runs} runs") }
}

fn lost_runs(diverged: usize, failed: usize) -> String {
    let counts = [(diverged, "diverged"), (failed, "failed")];
    let told = counts.into_iter().filter(|(runs, _)| *runs > 0).map(|(runs, how)| format!("{runs} {how}"));
    told.collect::<Vec<_>>().join(" and ")
}

pub(super) fn why_unchosen(unchosen: Unchosen, name: &dyn Fn(&str) -> String) -> String {
    match unchosen {
        Unchosen::NoScale("loss") => format!(
            "{} varies, and values of different loss functions have no common scale. Set {} in [analysis], or train with one \
             loss. The table shows each value by itself.",
            name("loss"),
            name("metric = \"validation_accuracy\"")
        ),
        Unchosen::NoScale(setting) => format!(
            "{} varies, and metrics on different data have no common scale. The table shows each value by itself.",
            name(setting)
        ),
        Unchosen::Task(setting) => format!(
            "{} defines the task, and the best task would be the easiest. The table shows each value by itself.",
            name(setting)
        ),
    }
}
