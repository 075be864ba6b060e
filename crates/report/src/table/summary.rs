//! `summary.csv`: a row for each configuration, best first; for several data sets, the best on each of them comes
//! first.

use super::Table;
use super::column::{Column, columns, setting_columns, write};
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
    let mut all = rank();
    all.extend(setting_columns(analysis, |row: &Ranked| row.of));
    all.extend(estimate_columns());
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

/// The columns in the documentation, without the settings.
pub(super) fn documented<'a>() -> Vec<Column<'a, Ranked<'a>>> {
    rank().into_iter().chain(estimate_columns()).collect()
}

fn rank<'a>() -> Vec<Column<'a, Ranked<'a>>> {
    columns! { row: Ranked; "rank" "1 is best, by the median of the deciding metric" => row.rank, }
}

/// The columns after the settings.
fn estimate_columns<'a>() -> Vec<Column<'a, Ranked<'a>>> {
    let mut all = columns! { row: Ranked;
        "seeds_planned" "numbers of runs" => row.runs.info.seeds.len(),
        "seeds_recorded" => row.of.outcomes.total(),
        "finished" => row.of.outcomes.finished,
        "diverged" => row.of.outcomes.diverged,
        "failed" => row.of.outcomes.failed,
        "timed_out" => row.of.outcomes.timed_out,
        "metric" "the deciding metric; the columns up to `interquartile_mean_upper` describe it"
            => row.runs.info.metric.name(),
        "median" "over the seeds" => row.spread().median,
        "min" => row.spread().min,
        "lower_quartile" => row.spread().lower_quartile,
        "upper_quartile" => row.spread().upper_quartile,
        "max" => row.spread().max,
        "n" "the runs that count, including lost runs" => row.deciding.n,
        "median_lower" "the interval of the median by order statistics, and the level that it attains; from six runs on"
            => row.deciding.median_interval.map(|ends| ends.low),
        "median_upper" => row.deciding.median_interval.map(|ends| ends.high),
        "median_level" => row.deciding.median_interval.map(|ends| ends.level),
        "mean" "with the 95 % t interval, from two runs on; empty if a run was lost" => row.deciding.mean,
        "mean_lower" => row.deciding.mean_interval.map(|ends| ends.low),
        "mean_upper" => row.deciding.mean_interval.map(|ends| ends.high),
        "skewed" "1 if the values look so skewed that the interval of the mean may hold less often than its level"
            => u64::from(row.deciding.skewed),
        "interquartile_mean" "with the 95 % bootstrap interval, from 30 runs on" => row.middle.map(|middle| middle.0),
        "interquartile_mean_lower" => row.middle.map(|middle| middle.1.low),
        "interquartile_mean_upper" => row.middle.map(|middle| middle.1.high),
    };
    all.extend(medians());
    all.extend(columns! { row: Ranked;
        "target_reached" "the number of seeds that reached the target" => row.target.map(|found| found.n - found.lost),
        "epochs_to_target" "the median with its interval; empty if half or more missed it"
            => row.target.and_then(|found| found.median),
        "epochs_to_target_lower" => row.target.and_then(|found| Some(found.median_interval?.low)),
        "epochs_to_target_upper" => row.target.and_then(|found| Some(found.median_interval?.high)),
    });
    all
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
