//! `matched.csv`: a row for each configuration that is in both results folders.

use super::Table;
use super::column::{Column, write};
use super::comparisons::center;
use crate::analysis::{Analysis, Configuration, Matched, MatchedRow};

/// A configuration in both folders.
type Both<'a> = (&'a Analysis<'a>, &'a MatchedRow);

pub(super) fn fill(analysis: &Analysis, found: &Matched, table: &mut Table) -> Result<(), csv::Error> {
    let setting = |factor: usize| {
        let label = move |row: &Both| {
            let levels = &of(row, 1).levels;
            row.0.grid.label(factor, levels[factor]).to_owned()
        };
        Column::new(analysis.grid.factors[factor].setting.as_str(), "", label)
    };
    let all: Vec<_> = found.factors.iter().copied().map(setting).chain(columns()).collect();
    write(table, &all, found.rows.iter().map(|one| (analysis, one)))
}

/// The configuration in the first or the second folder.
fn of<'a>((analysis, row): &Both<'a>, folder: usize) -> &'a Configuration<'a> {
    &analysis.configurations[row.both[folder]]
}

pub(super) fn columns<'a>() -> [Column<'a, Both<'a>>; 12] {
    let median = |row: &Both, folder| of(row, folder).final_metric(row.0.info.metric).median;
    [
        Column::new(
            "metric",
            "the deciding metric, and the number of seeds that have it in both",
            |row: &Both| row.0.info.metric.name(),
        ),
        Column::new("n", "", |(_, one): &Both| one.paired.n),
        Column::new("first_median", "the median in each folder", move |row: &Both| median(row, 0)),
        Column::new("second_median", "", move |row: &Both| median(row, 1)),
        Column::new(
            "estimate_of",
            "the mean of the differences over the seeds with the t interval, or their median if runs were lost; positive if the \
             second folder is ahead",
            |(_, one): &Both| center(one.paired.center),
        ),
        Column::new("estimate", "", |(_, one): &Both| one.paired.estimate),
        Column::new("lower", "", |(_, one): &Both| one.paired.interval.map(|ends| ends.low)),
        Column::new("upper", "", |(_, one): &Both| one.paired.interval.map(|ends| ends.high)),
        Column::new(
            "ahead",
            "the fraction of seeds on which the second is ahead, ties as half",
            |(_, one): &Both| one.paired.ahead.map(|ahead| ahead.0),
        ),
        Column::new(
            "p",
            "of the sign-flip test, or the sign test if runs were lost; and adjusted by Holm's method over all rows",
            |(_, one): &Both| one.paired.p,
        ),
        Column::new("p_holm", "", |(_, one): &Both| one.adjusted),
        Column::new(
            "verdict",
            "on the second folder: `better`, `worse`, `equivalent` within the `margin`, or `undecided`",
            |(_, one): &Both| one.standing.name(),
        ),
    ]
}
