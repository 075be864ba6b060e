//! The words on plots.

use super::Scale;
use super::spreads::MAX_BANDS;
use crate::analysis::{Analysis, Clock, Configuration, QUARTILE_BANDS_FROM};
use crate::text::capitalized;
use chainrule_record::{ExperimentInfo, Metric, XAxis};
use serde_json::Value;

/// The fixed settings that readers look for first, in this order.
const TOLD: [&str; 10] = [
    "dataset",
    "architecture",
    "activation",
    "initialization",
    "optimizer",
    "learning_rate",
    "loss",
    "batch_size",
    "epochs",
    "precision",
];

/// A note if any drawn value is outside the axis.
pub(crate) fn edge(scale: &Scale, values: &[f64]) -> Option<String> {
    scale.leaves_out(values).then(|| "at the edge: 0, or beyond the axis".to_owned())
}

/// A note if some runs are lost so often that there is no median.
pub(crate) fn mostly_lost(is_any: bool) -> Option<String> {
    is_any.then(|| "× half or more of the seeds diverged or failed".to_owned())
}

/// A metric with its unit: `validation loss (nats per sample)`.
pub(crate) fn metric(info: &ExperimentInfo, metric: Metric) -> String {
    let unit = match (metric.is_loss(), loss(info)) {
        (false, _) => " (fraction of samples)",
        (true, Some("cross_entropy" | "binary_cross_entropy")) => " (nats per sample)",
        (true, _) => " (mean of a sample)",
    };
    format!("{}{unit}", metric.label())
}

/// The name of the loss, if there is only one.
fn loss(info: &ExperimentInfo) -> Option<&str> {
    match &info.fixed.get("loss")?.value {
        Value::String(name) => Some(name),
        Value::Object(table) => table.keys().next().map(String::as_str),
        _ => None,
    }
}

/// The metric as the beginning of a title.
pub(crate) fn title(metric: Metric) -> String {
    capitalized(metric.label())
}

/// The compared values in a title: "at their best" only if there was a choice of settings.
pub(crate) fn each(analysis: &Analysis) -> String {
    match (analysis.grid.compare, analysis.is_tuned()) {
        (None, _) => String::new(),
        (Some(_), true) => format!(": each {} at its best", analysis.compared_name()),
        (Some(_), false) => format!(", by {}", analysis.compared_name()),
    }
}

/// A note if only the best of the compared values are drawn.
pub(crate) fn left_out(analysis: &Analysis) -> Option<String> {
    let (drawn, all) = (analysis.drawn().len(), analysis.compared_ranking.len());
    (drawn < all).then(|| format!("the best {drawn} of {all}"))
}

/// The x axis of curves, in a title.
pub(crate) fn over(axis: XAxis) -> &'static str {
    match axis {
        XAxis::Epochs => "epochs",
        XAxis::Steps => "steps",
        XAxis::Samples => "samples",
        XAxis::CostUnits => "cost units",
        XAxis::Flops => "floating-point operations",
        XAxis::Seconds => "seconds",
    }
}

/// The same with its unit, on the axis.
pub(crate) fn x_axis(axis: XAxis) -> &'static str {
    match axis {
        XAxis::Epochs => "epochs (passes over the training set)",
        XAxis::Steps => "steps (parameter updates)",
        XAxis::Samples => "samples seen",
        XAxis::CostUnits => "cost units (forward pass of a sample = 1)",
        XAxis::Flops => "floating-point operations",
        XAxis::Seconds => "seconds of training",
    }
}

/// The unit of the time to a target.
pub(crate) fn clock(clock: Clock) -> &'static str {
    match clock {
        Clock::Epochs => "epochs",
        Clock::Steps => "steps",
        Clock::GradientEvaluations => "gradient evaluations (of a sample)",
        Clock::Flops => "floating-point operations",
        Clock::Seconds => "seconds of training",
    }
}

/// A note if not all final metrics are from the last epoch.
pub(crate) fn kept(analysis: &Analysis) -> Option<String> {
    analysis.keeps_epochs().then(|| "final: of the epoch that was kept".to_owned())
}

/// The settings that did not vary.
pub(crate) fn fixed(info: &ExperimentInfo) -> Vec<String> {
    let told = TOLD.iter().filter_map(|name| Some((name, info.fixed.get(*name)?)));
    told.map(|(name, point)| format!("{name} {}", point.label)).collect()
}

/// The same for gradient checks, for which settings of training mostly do not matter.
pub(crate) fn of_checks(analysis: &Analysis) -> Vec<String> {
    let is_of_training = |setting: &String| {
        ["optimizer ", "learning_rate ", "epochs "].iter().any(|name| setting.starts_with(name))
    };
    let mut settings = fixed(analysis.info);
    settings.retain(|setting| analysis.is_trained() || !is_of_training(setting));
    settings
}

/// The fewest and the most recorded runs of a configuration, which may be fewer than planned.
fn runs(analysis: &Analysis) -> (usize, usize) {
    range(analysis.configurations.iter())
}

/// The same for the configurations whose curves and seeds are drawn.
fn shown(analysis: &Analysis) -> (usize, usize) {
    range(analysis.drawn().into_iter().filter_map(|compared| analysis.shown(compared)))
}

fn range<'a>(configurations: impl Iterator<Item = &'a Configuration<'a>>) -> (usize, usize) {
    let runs: Vec<usize> = configurations.map(|one| one.runs.len()).collect();
    (runs.iter().copied().min().unwrap_or(0), runs.iter().copied().max().unwrap_or(0))
}

/// The meaning of a line or a cell, as a summary of the seeds.
pub(crate) fn over_seeds(analysis: &Analysis) -> String {
    median_over(runs(analysis), "seed")
}

/// The meaning of a line, as a summary of the runs whose curves and seeds are drawn.
pub(crate) fn over_shown(analysis: &Analysis) -> String {
    median_over(shown(analysis), if analysis.shows_fresh() { "fresh seed" } else { "seed" })
}

fn median_over(runs: (usize, usize), seed: &str) -> String {
    match runs {
        (1, 1) => format!("the only {seed}"),
        (fewest, most) if fewest == most => format!("median over {most} {seed}s"),
        (fewest, most) => format!("median over {fewest} to {most} {seed}s"),
    }
}

/// The meaning of a dot in the plot of seeds.
pub(crate) fn a_dot(analysis: &Analysis) -> &'static str {
    if analysis.shows_fresh() { "a dot: one fresh seed" } else { "a dot: one seed" }
}

/// The meaning of the lines of the best configurations and, unless there are too many lines, of their bands.
pub(crate) fn line_and_band(analysis: &Analysis, lines: usize) -> [Option<String>; 2] {
    let has_bands = lines <= MAX_BANDS && analysis.info.seeds.len() > 1;
    [Some(format!("line: {}", over_seeds(analysis))), has_bands.then(|| band_of(runs(analysis)))]
}

/// The same for the runs whose curves are drawn, if there are several.
pub(crate) fn band_shown(analysis: &Analysis) -> Option<String> {
    let shown = shown(analysis);
    (shown.1 > 1).then(|| band_of(shown))
}

fn band_of(runs: (usize, usize)) -> String {
    let few = "smallest to largest";
    match runs {
        (QUARTILE_BANDS_FROM.., _) => "band: quartiles".to_owned(),
        (_, QUARTILE_BANDS_FROM..) => {
            format!("band: quartiles from {QUARTILE_BANDS_FROM} runs on, {few} of fewer")
        }
        _ => format!("band: {few}"),
    }
}

/// The meaning of a shade around a single value, as a range of the seeds.
pub(crate) fn shade(analysis: &Analysis) -> String {
    match runs(analysis) {
        (QUARTILE_BANDS_FROM.., _) => "shade: quartiles of the seeds".to_owned(),
        (_, QUARTILE_BANDS_FROM..) => {
            format!("shade: quartiles from {QUARTILE_BANDS_FROM} seeds on, range over fewer")
        }
        _ => "shade: range over the seeds".to_owned(),
    }
}

/// The settings of a configuration, except the compared one.
pub(crate) fn details(analysis: &Analysis, configuration: &Configuration) -> Vec<String> {
    let grid = &analysis.grid;
    let setting = |factor: usize| {
        format!("{} {}", grid.factors[factor].setting, grid.short_label(factor, configuration.levels[factor]))
    };
    grid.others(grid.compare.as_slice()).map(setting).collect()
}

/// `2 of 5 seeds diverged`, `1 of 5 seeds failed`, or nothing.
pub(crate) fn lost(configuration: &Configuration) -> Option<String> {
    let (outcomes, all) = (configuration.outcomes, configuration.runs.len());
    match (outcomes.diverged, outcomes.failed) {
        (0, 0) => None,
        (diverged, 0) => Some(format!("{diverged} of {all} seeds diverged")),
        (0, failed) => Some(format!("{failed} of {all} seeds failed")),
        (diverged, failed) => Some(format!("of {all} seeds {diverged} diverged, {failed} failed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{Synthetic, axis};
    use serde_json::json;

    #[test]
    fn seeds_are_those_of_the_runs_at_hand() {
        let axes = vec![("optimizer", axis(&[json!("sgd"), json!("adam")]))];
        let synthetic = Synthetic { axes, compare: Some("optimizer"), seeds: 10, ..Synthetic::default() };
        let (info, all) = (synthetic.info(), synthetic.records());
        let told = |seeds: [u64; 2]| {
            let has = |run: &&chainrule_record::RunRecord| {
                let is_sgd = run.spec.get("optimizer") == Some(&json!("sgd"));
                run.spec.seed() < seeds[usize::from(is_sgd)]
            };
            let records: Vec<_> = all.iter().filter(has).cloned().collect();
            let analysis = Analysis::new(&info, &records);
            (over_seeds(&analysis), band_of(runs(&analysis)), shade(&analysis))
        };
        let texts = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        let all_seeds = texts("median over 10 seeds", "band: quartiles", "shade: quartiles of the seeds");
        assert_eq!(told([10, 10]), all_seeds);
        let few = texts("median over 3 seeds", "band: smallest to largest", "shade: range over the seeds");
        assert_eq!(told([3, 3]), few);
        let (over, band, _) = told([3, 9]);
        assert_eq!(over, "median over 3 to 9 seeds");
        assert_eq!(band, "band: quartiles from 8 runs on, smallest to largest of fewer");
    }
}
