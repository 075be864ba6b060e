//! `summary.csv`: a row for each configuration, best first; for several data sets, the best on each of them comes
//! first.

use super::Table;
use super::column::{Column, setting_columns, write};
use crate::analysis::{Analysis, Configuration, Estimates, FINALS, Runs, Spread, interquartile};
use chainrule_record::RunMetric;
use chainrule_statistics::Interval;

/// A configuration with its rank and the estimates from its runs.
pub(super) struct Ranked<'a> {
    runs: &'a Runs<'a>,
    rank: usize,
    of: &'a Configuration<'a>,
    deciding: Estimates,
    middle: Option<(f64, Interval)>,
    finals: [Estimates; FINALS.len()],
    target: Option<Estimates>,
}

impl<'a> Ranked<'a> {
    fn new(runs: &'a Runs<'a>, rank: usize, of: &'a Configuration<'a>) -> Self {
        Self {
            runs,
            rank,
            of,
            deciding: Estimates::of(of, runs.info.metric),
            middle: interquartile(of, runs.info.metric),
            finals: FINALS.map(|metric| Estimates::of_final(of, metric)),
            target: runs.has_target().then(|| Estimates::of_epochs_to_target(of)),
        }
    }

    fn spread(&self) -> &Spread {
        self.of.final_metric(self.runs.info.metric)
    }
}

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let (rank, others) = columns();
    let settings = setting_columns(analysis, |row: &Ranked| row.of);
    let all: Vec<_> = [rank].into_iter().chain(settings).chain(others).collect();
    let ranked = ranked(analysis).into_iter();
    let rows = ranked.map(|(rank, index)| Ranked::new(analysis, rank, &analysis.configurations[index]));
    write(table, &all, rows)
}

/// The configurations in the order of the table, each with its rank.
fn ranked(analysis: &Analysis) -> Vec<(usize, usize)> {
    let datasets = analysis.grid.datasets().filter(|_| analysis.spans_datasets());
    let data = |index: &usize| {
        let levels = &analysis.configurations[*index].levels;
        datasets.map(|factor| analysis.grid.place(factor, levels[factor]))
    };
    let mut ranking = analysis.ranking.clone();
    ranking.sort_by_key(data);
    ranking.chunk_by(|a, b| data(a) == data(b)).flat_map(|on_one| (1..).zip(on_one.iter().copied())).collect()
}

/// The rank, and the columns after the settings.
pub(super) fn columns<'a>() -> (Column<'a, Ranked<'a>>, Vec<Column<'a, Ranked<'a>>>) {
    let rank =
        Column::new("rank", "1 is best, by the median of the deciding metric", |row: &Ranked| row.rank);
    let others = counts().into_iter().chain(deciding()).chain(medians()).chain(target());
    (rank, others.collect())
}

fn counts<'a>() -> [Column<'a, Ranked<'a>>; 6] {
    [
        Column::new("seeds_planned", "numbers of runs", |row: &Ranked| row.runs.info.seeds.len()),
        Column::new("seeds_recorded", "", |row: &Ranked| row.of.outcomes.total()),
        Column::new("finished", "", |row: &Ranked| row.of.outcomes.finished),
        Column::new("diverged", "", |row: &Ranked| row.of.outcomes.diverged),
        Column::new("failed", "", |row: &Ranked| row.of.outcomes.failed),
        Column::new("timed_out", "", |row: &Ranked| row.of.outcomes.timed_out),
    ]
}

fn deciding<'a>() -> [Column<'a, Ranked<'a>>; 17] {
    let found = |name, doc, value: fn(&Estimates) -> Option<f64>| {
        Column::new(name, doc, move |row: &Ranked| value(&row.deciding))
    };
    let middle = |name, doc, value: fn((f64, Interval)) -> f64| {
        Column::new(name, doc, move |row: &Ranked| row.middle.map(value))
    };
    [
        Column::new(
            "metric",
            "the deciding metric; the columns up to `interquartile_mean_upper` describe it",
            |row: &Ranked| row.runs.info.metric.name(),
        ),
        Column::new("median", "over the seeds", |row: &Ranked| row.spread().median),
        Column::new("min", "", |row: &Ranked| row.spread().min),
        Column::new("lower_quartile", "", |row: &Ranked| row.spread().lower_quartile),
        Column::new("upper_quartile", "", |row: &Ranked| row.spread().upper_quartile),
        Column::new("max", "", |row: &Ranked| row.spread().max),
        Column::new("n", "the runs that count, including lost runs", |row: &Ranked| row.deciding.n),
        found(
            "median_lower",
            "the interval of the median by order statistics, and the level that it attains; from six runs on",
            |found| found.median_interval.map(|one| one.low),
        ),
        found("median_upper", "", |found| found.median_interval.map(|one| one.high)),
        found("median_level", "", |found| found.median_interval.map(|one| one.level)),
        found("mean", "with the 95 % t interval, from two runs on; empty if a run was lost", |found| {
            found.mean
        }),
        found("mean_lower", "", |found| found.mean_interval.map(|one| one.low)),
        found("mean_upper", "", |found| found.mean_interval.map(|one| one.high)),
        Column::new(
            "skewed",
            "1 if the values look so skewed that the interval of the mean may hold less often than its level",
            |row: &Ranked| u64::from(row.deciding.skewed),
        ),
        middle("interquartile_mean", "with the 95 % bootstrap interval, from 30 runs on", |middle| middle.0),
        middle("interquartile_mean_lower", "", |middle| middle.1.low),
        middle("interquartile_mean_upper", "", |middle| middle.1.high),
    ]
}

/// The medians of all metrics, each with the ends of its interval.
fn medians<'a>() -> Vec<Column<'a, Ranked<'a>>> {
    let mut doc = "the median of each metric, with its interval by order statistics";
    let columns = FINALS.map(RunMetric::name).into_iter().enumerate().flat_map(|(index, name)| {
        let interval = move |row: &Ranked| row.finals[index].median_interval;
        [
            Column::new(name, std::mem::take(&mut doc), move |row: &Ranked| row.finals[index].median),
            Column::new(format!("{name}_lower"), "", move |row: &Ranked| interval(row).map(|one| one.low)),
            Column::new(format!("{name}_upper"), "", move |row: &Ranked| interval(row).map(|one| one.high)),
        ]
    });
    columns.collect()
}

fn target<'a>() -> [Column<'a, Ranked<'a>>; 4] {
    let found = |name, doc, value: fn(&Estimates) -> Option<f64>| {
        Column::new(name, doc, move |row: &Ranked| row.target.as_ref().and_then(value))
    };
    [
        Column::new("target_reached", "the number of seeds that reached the target", |row: &Ranked| {
            row.target.map(|found| found.n - found.lost)
        }),
        found("epochs_to_target", "the median with its interval; empty if half or more missed it", |found| {
            found.median
        }),
        found("epochs_to_target_lower", "", |found| found.median_interval.map(|one| one.low)),
        found("epochs_to_target_upper", "", |found| found.median_interval.map(|one| one.high)),
    ]
}
