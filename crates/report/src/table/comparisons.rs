//! `comparisons.csv`: a row for each compared value except the best.

use super::Table;
use super::column::{Column, columns, write};
use crate::analysis::{Analysis, Comparison, Comparisons, Judges};
use chainrule_statistics::Center;

/// A comparison, with the comparisons that it belongs to and their analysis.
pub(super) struct Compared<'a> {
    analysis: &'a Analysis<'a>,
    all: &'a Comparisons,
    one: &'a Comparison,
}

pub(super) fn fill(analysis: &Analysis, all: &Comparisons, table: &mut Table) -> Result<(), csv::Error> {
    write(table, &comparison_columns(), all.against.iter().map(|one| Compared { analysis, all, one }))
}

pub(super) fn comparison_columns<'a>() -> Vec<Column<'a, Compared<'a>>> {
    columns! { row: Compared;
        "best" "the first value by the planned runs, and its other settings"
            => row.analysis.compared[row.all.best].label.clone(),
        "best_configuration" => configuration(row.analysis, row.all.best),
        "other" "the value that it is compared with, and its other settings"
            => row.analysis.compared[row.one.with].label.clone(),
        "other_configuration" => configuration(row.analysis, row.one.with),
        "metric" "the deciding metric" => row.analysis.info.metric.name(),
        "runs" "`fresh`, `planned`, or `planned, which chose`: then there is no p and no verdict" => match row.all.judges {
            Judges::Fresh => "fresh",
            Judges::Planned => "planned",
            Judges::Choosers => "planned, which chose",
        },
        "n" "the number of seeds that both have" => row.one.paired.n,
        "estimate_of" "`mean_difference`, or `median_difference` if runs were lost: paired, positive if the best is ahead, with \
                       its interval"
            => center(row.one.paired.center),
        "estimate" => row.one.paired.estimate,
        "lower" => row.one.paired.interval.map(|ends| ends.low),
        "upper" => row.one.paired.interval.map(|ends| ends.high),
        "level" => row.one.paired.interval.map(|ends| ends.level),
        "skewed" "1 if the differences look skewed" => u64::from(row.one.skewed),
        "ahead" "the fraction of seeds on which the best is ahead, ties as half, with its interval"
            => row.one.paired.ahead.map(|ahead| ahead.0),
        "ahead_lower" => row.one.paired.ahead.map(|ahead| ahead.1.low),
        "ahead_upper" => row.one.paired.ahead.map(|ahead| ahead.1.high),
        "p" "of the exact test, and adjusted for the other comparisons" => row.one.paired.p,
        "p_holm" => row.one.adjusted,
        "margin" "the difference that does not matter" => row.analysis.info.margin,
        "verdict" "on the best: `better`, `worse`, `equivalent`, `identical` (equal bits in every pair) or `undecided`, and why \
                   it is undecided"
            => row.one.standing.name(),
        "reason" => row.one.reason.clone(),
        "seeds_needed" "the total number of seeds that would probably decide" => row.one.needed,
        "lost" "runs that count as worse than any number" => row.one.lost,
    }
}

/// The name of the statistic estimated from differences.
pub(super) fn center(center: Center) -> &'static str {
    match center {
        Center::Mean => "mean_difference",
        Center::Median => "median_difference",
    }
}

fn configuration(analysis: &Analysis, value: usize) -> String {
    let settings = analysis.best_of(value).map_or_else(Vec::new, |best| analysis.other_settings(best));
    settings.iter().map(|(setting, label)| format!("{setting} {label}")).collect::<Vec<_>>().join(", ")
}
