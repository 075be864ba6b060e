//! `comparisons.csv`: a row per compared value but the best.

use super::{Row, Table};
use crate::analysis::{Analysis, Comparison, Comparisons, Judges};
use chainrule_statistics::Center;

const TITLES: [&str; 22] = [
    "best",
    "best_configuration",
    "other",
    "other_configuration",
    "metric",
    "runs",
    "n",
    "estimate_of",
    "estimate",
    "lower",
    "upper",
    "level",
    "skewed",
    "ahead",
    "ahead_lower",
    "ahead_upper",
    "p",
    "p_holm",
    "margin",
    "verdict",
    "reason",
    "seeds_needed",
];

pub(super) fn fill(analysis: &Analysis, all: &Comparisons, table: &mut Table) -> Result<(), csv::Error> {
    Row::titles(TITLES.into_iter().chain(["lost"])).write(table)?;
    all.against.iter().try_for_each(|one| row(analysis, all, one).write(table))
}

fn row(analysis: &Analysis, all: &Comparisons, one: &Comparison) -> Row {
    let mut row = Row::default();
    for value in [all.best, one.with] {
        row.text(&analysis.compared[value].label).text(&configuration(analysis, value));
    }
    row.text(analysis.info.metric.name()).text(match all.judges {
        Judges::Fresh => "fresh",
        Judges::Planned => "planned",
        Judges::Choosers => "planned, which chose",
    });
    let paired = &one.paired;
    row.count(paired.n as u64).text(match paired.center {
        Center::Mean => "mean_difference",
        Center::Median => "median_difference",
    });
    row.number(paired.estimate).interval(paired.interval).number(paired.interval.map(|found| found.level));
    row.count(u64::from(one.skewed)).number(paired.ahead.map(|ahead| ahead.0));
    row.interval(paired.ahead.map(|ahead| ahead.1)).number(paired.p).number(one.adjusted);
    row.number(analysis.info.margin)
        .text(one.standing.name())
        .text(one.reason.as_deref().unwrap_or_default());
    row.number(one.needed.map(|seeds| seeds as f64)).count(one.lost as u64);
    row
}

fn configuration(analysis: &Analysis, value: usize) -> String {
    let settings = analysis.best_of(value).map_or_else(Vec::new, |best| analysis.other_settings(best));
    settings.iter().map(|(setting, label)| format!("{setting} {label}")).collect::<Vec<_>>().join(", ")
}
