//! `matched.csv`: a row for each configuration that is in both results folders.

use super::Table;
use super::column::{Column, columns, write};
use super::comparisons::center;
use crate::analysis::{Analysis, Configuration, Matched, MatchedRow};

/// A configuration in both folders.
pub(super) struct Both<'a> {
    analysis: &'a Analysis<'a>,
    row: &'a MatchedRow,
}

impl<'a> Both<'a> {
    /// The configuration in the first or the second folder.
    fn of(&self, folder: usize) -> &'a Configuration<'a> {
        &self.analysis.configurations[self.row.both[folder]]
    }

    fn median(&self, folder: usize) -> Option<f64> {
        self.of(folder).final_metric(self.analysis.info.metric).median
    }
}

pub(super) fn fill(analysis: &Analysis, found: &Matched, table: &mut Table) -> Result<(), csv::Error> {
    let setting = |factor: usize| {
        let label = move |both: &Both| both.analysis.grid.label(factor, both.of(1).levels[factor]).to_owned();
        Column::new(analysis.grid.factors[factor].setting.as_str(), "", label)
    };
    let all: Vec<_> = found.factors.iter().copied().map(setting).chain(matched_columns()).collect();
    write(table, &all, found.rows.iter().map(|row| Both { analysis, row }))
}

pub(super) fn matched_columns<'a>() -> Vec<Column<'a, Both<'a>>> {
    columns! { both: Both;
        "metric" "the deciding metric, and the number of seeds that have it in both" => both.analysis.info.metric.name(),
        "n" => both.row.paired.n,
        "first_median" "the median in each folder" => both.median(0),
        "second_median" => both.median(1),
        "estimate_of" "the mean difference over the seeds with its t interval, or the median difference if runs were lost; \
                       positive if the second folder is ahead"
            => center(both.row.paired.center),
        "estimate" => both.row.paired.estimate,
        "lower" => both.row.paired.interval.map(|ends| ends.low),
        "upper" => both.row.paired.interval.map(|ends| ends.high),
        "ahead" "the fraction of seeds on which the second is ahead, ties as half"
            => both.row.paired.ahead.map(|ahead| ahead.0),
        "p" "of the sign-flip test, or the sign test if runs were lost; and adjusted by Holm's method over all rows"
            => both.row.paired.p,
        "p_holm" => both.row.adjusted,
        "verdict" "on the second folder: `better`, `worse`, `equivalent` within the `margin`, or `undecided`"
            => both.row.standing.name(),
    }
}
