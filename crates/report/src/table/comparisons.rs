//! `comparisons.csv`: a row for each compared value except the best.

use super::Table;
use super::column::{Column, write};
use crate::analysis::{Analysis, Comparison, Comparisons, Judges};
use chainrule_statistics::{Center, Interval};

/// A comparison, with the comparisons that it belongs to and their analysis.
type Compared<'a> = (&'a Analysis<'a>, &'a Comparisons, &'a Comparison);

pub(super) fn fill(analysis: &Analysis, all: &Comparisons, table: &mut Table) -> Result<(), csv::Error> {
    write(table, &columns(), all.against.iter().map(|one| (analysis, all, one)))
}

pub(super) fn columns<'a>() -> Vec<Column<'a, Compared<'a>>> {
    let interval = |name, value: fn(Interval) -> f64| {
        Column::new(name, "", move |(.., one): &Compared| one.paired.interval.map(value))
    };
    let ahead = |name, doc, value: fn((f64, Interval)) -> f64| {
        Column::new(name, doc, move |(.., one): &Compared| one.paired.ahead.map(value))
    };
    vec![
        Column::new(
            "best",
            "the first value by the planned runs, and its other settings",
            |(analysis, all, _): &Compared| analysis.compared[all.best].label.clone(),
        ),
        Column::new("best_configuration", "", |(analysis, all, _): &Compared| {
            configuration(analysis, all.best)
        }),
        Column::new(
            "other",
            "the value that it is compared with, and its other settings",
            |(analysis, _, one): &Compared| analysis.compared[one.with].label.clone(),
        ),
        Column::new("other_configuration", "", |(analysis, _, one): &Compared| {
            configuration(analysis, one.with)
        }),
        Column::new("metric", "the deciding metric", |(analysis, ..): &Compared| analysis.info.metric.name()),
        Column::new(
            "runs",
            "`fresh`, `planned`, or `planned, which chose`: then there is no p and no verdict",
            |(_, all, _): &Compared| match all.judges {
                Judges::Fresh => "fresh",
                Judges::Planned => "planned",
                Judges::Choosers => "planned, which chose",
            },
        ),
        Column::new("n", "the number of seeds that both have", |(.., one): &Compared| one.paired.n),
        Column::new(
            "estimate_of",
            "`mean_difference`, or `median_difference` if runs were lost: paired, positive if the best is ahead, with its \
             interval",
            |(.., one): &Compared| center(one.paired.center),
        ),
        Column::new("estimate", "", |(.., one): &Compared| one.paired.estimate),
        interval("lower", |one| one.low),
        interval("upper", |one| one.high),
        interval("level", |one| one.level),
        Column::new("skewed", "1 if the differences look skewed", |(.., one): &Compared| {
            u64::from(one.skewed)
        }),
        ahead(
            "ahead",
            "the fraction of seeds on which the best is ahead, ties as half, with its interval",
            |ahead| ahead.0,
        ),
        ahead("ahead_lower", "", |ahead| ahead.1.low),
        ahead("ahead_upper", "", |ahead| ahead.1.high),
        Column::new(
            "p",
            "of the exact test, and adjusted for the other comparisons",
            |(.., one): &Compared| one.paired.p,
        ),
        Column::new("p_holm", "", |(.., one): &Compared| one.adjusted),
        Column::new("margin", "the difference that does not matter", |(analysis, ..): &Compared| {
            analysis.info.margin
        }),
        Column::new(
            "verdict",
            "on the best: `better`, `worse`, `equivalent`, `identical` (equal bits in every pair) or `undecided`, and why it \
             is undecided",
            |(.., one): &Compared| one.standing.name(),
        ),
        Column::new("reason", "", |(.., one): &Compared| one.reason.clone()),
        Column::new(
            "seeds_needed",
            "the total number of seeds that would probably decide",
            |(.., one): &Compared| one.needed,
        ),
        Column::new("lost", "runs that count as worse than any number", |(.., one): &Compared| one.lost),
    ]
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
