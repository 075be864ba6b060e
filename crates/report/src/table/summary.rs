//! `summary.csv`: a row per configuration, best first.

use super::{Row, Table};
use crate::analysis::{Analysis, Configuration, Spread};
use chainrule_record::Metric;

const COUNTS: [&str; 6] = ["seeds_planned", "seeds_recorded", "finished", "diverged", "failed", "timed_out"];
const DECIDING: [&str; 6] = ["metric", "median", "min", "lower_quartile", "upper_quartile", "max"];
const MEDIANS: [&str; 8] = [
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "test_loss",
    "test_accuracy",
    "target_reached",
    "epochs_to_target",
];

pub(super) fn fill(analysis: &Analysis, table: &mut Table) -> Result<(), csv::Error> {
    let names = analysis.grid.factors.iter().map(|factor| factor.setting.as_str());
    let titles = ["rank"].into_iter().chain(names).chain(COUNTS).chain(DECIDING).chain(MEDIANS);
    Row::titles(titles).write(table)?;
    for (position, index) in analysis.ranking.iter().enumerate() {
        row(analysis, position + 1, &analysis.configurations[*index]).write(table)?;
    }
    Ok(())
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
    deciding(&mut row, info.metric, configuration.final_metric(info.metric));
    for metric in Metric::ALL {
        row.number(configuration.final_metric(metric).median);
    }
    row.number(configuration.test_loss.median).number(configuration.test_accuracy.median);
    target(&mut row, analysis, configuration);
    row
}

fn deciding(row: &mut Row, metric: Metric, spread: &Spread) {
    row.text(metric.name()).spread(spread);
}

fn target(row: &mut Row, analysis: &Analysis, configuration: &Configuration) {
    match analysis.has_target() {
        true => row
            .count(configuration.epochs_to_target.values as u64)
            .number(configuration.epochs_to_target.median),
        false => row.text("").text(""),
    };
}
