//! `summary.csv`: a row per configuration, best first; over several data sets, the best on each of them first.

use super::{Row, Table};
use crate::analysis::{Analysis, Configuration, Estimates, interquartile};
use chainrule_record::Metric;

const COUNTS: [&str; 6] = ["seeds_planned", "seeds_recorded", "finished", "diverged", "failed", "timed_out"];
const DECIDING: [&str; 17] = [
    "metric",
    "median",
    "min",
    "lower_quartile",
    "upper_quartile",
    "max",
    "n",
    "median_lower",
    "median_upper",
    "median_level",
    "mean",
    "mean_lower",
    "mean_upper",
    "skewed",
    "interquartile_mean",
    "interquartile_mean_lower",
    "interquartile_mean_upper",
];
/// Each with the ends of its interval.
const MEDIANS: [&str; 6] =
    ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy"];
const TARGET: [&str; 4] =
    ["target_reached", "epochs_to_target", "epochs_to_target_lower", "epochs_to_target_upper"];

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let names = analysis.grid.factors.iter().map(|factor| factor.setting.as_str());
    let medians = MEDIANS.map(|name| [name.to_owned(), format!("{name}_lower"), format!("{name}_upper")]);
    let medians = medians.as_flattened().iter().map(String::as_str);
    let titles = ["rank"].into_iter().chain(names).chain(COUNTS).chain(DECIDING).chain(medians).chain(TARGET);
    Row::titles(titles).write(table)?;
    let datasets = analysis.grid.datasets().filter(|_| analysis.spans_datasets());
    let data = |index: &usize| {
        let levels = &analysis.configurations[*index].levels;
        datasets.map(|factor| analysis.grid.place(factor, levels[factor]))
    };
    let mut ranking = analysis.ranking.clone();
    ranking.sort_by_key(data);
    let ranked = ranking.chunk_by(|a, b| data(a) == data(b)).flat_map(|on_one| (1..).zip(on_one));
    ranked
        .map(|(rank, index)| row(analysis, rank, &analysis.configurations[*index]))
        .try_for_each(|row| row.write(table))
}

fn row(analysis: &Analysis, rank: usize, configuration: &Configuration) -> Row {
    let info = analysis.info;
    let mut row = Row::default();
    row.count(rank as u64);
    row.texts(analysis.settings(configuration, &[]).into_iter().map(|(_, label)| label));
    let outcomes = configuration.outcomes;
    for count in [
        info.seeds.len(),
        outcomes.total(),
        outcomes.finished,
        outcomes.diverged,
        outcomes.failed,
        outcomes.timed_out,
    ] {
        row.count(count as u64);
    }
    deciding(&mut row, configuration, info.metric);
    let of_curve = Metric::ALL.map(|metric| Estimates::of(configuration, metric));
    let of_test = [Estimates::of_test_loss(configuration), Estimates::of_test_accuracy(configuration)];
    for found in of_curve.iter().chain(&of_test) {
        row.number(found.median).interval(found.median_interval);
    }
    target(&mut row, analysis, configuration);
    row
}

fn deciding(row: &mut Row, configuration: &Configuration, metric: Metric) {
    let found = Estimates::of(configuration, metric);
    row.text(metric.name()).spread(configuration.final_metric(metric)).count(found.n as u64);
    row.interval(found.median_interval).number(found.median_interval.map(|one| one.level));
    row.number(found.mean).interval(found.mean_interval).count(u64::from(found.skewed));
    let middle = interquartile(configuration, metric);
    row.number(middle.map(|one| one.0)).interval(middle.map(|one| one.1));
}

fn target(row: &mut Row, analysis: &Analysis, configuration: &Configuration) {
    if !analysis.has_target() {
        row.texts([""; 4]);
        return;
    }
    let found = Estimates::of_epochs_to_target(configuration);
    row.count((found.n - found.lost) as u64).number(found.median).interval(found.median_interval);
}
