//! `matched.csv`: a row per configuration that both of two results folders have.

use super::{Row, Table};
use crate::analysis::{Analysis, Matched, MatchedRow};
use chainrule_statistics::Center;

const TITLES: [&str; 12] = [
    "metric",
    "n",
    "first_median",
    "second_median",
    "estimate_of",
    "estimate",
    "lower",
    "upper",
    "ahead",
    "p",
    "p_holm",
    "verdict",
];

pub(super) fn fill(analysis: &Analysis, found: &Matched, table: &mut Table) -> Result<(), csv::Error> {
    let names = found.factors.iter().map(|factor| analysis.grid.factors[*factor].setting.as_str());
    Row::titles(names.chain(TITLES)).write(table)?;
    found.rows.iter().try_for_each(|one| row(analysis, found, one).write(table))
}

fn row(analysis: &Analysis, found: &Matched, one: &MatchedRow) -> Row {
    let metric = analysis.info.metric;
    let [first, second] = one.both.map(|index| &analysis.configurations[index]);
    let mut row = Row::default();
    row.texts(found.factors.iter().map(|factor| analysis.grid.label(*factor, second.levels[*factor])));
    row.text(metric.name()).count(one.paired.n as u64);
    row.number(first.final_metric(metric).median).number(second.final_metric(metric).median);
    row.text(match one.paired.center {
        Center::Mean => "mean_difference",
        Center::Median => "median_difference",
    });
    row.number(one.paired.estimate).interval(one.paired.interval);
    row.number(one.paired.ahead.map(|ahead| ahead.0)).number(one.paired.p).number(one.adjusted);
    row.text(one.standing.name());
    row
}
