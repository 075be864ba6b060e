//! `time_to_target.csv`, `sensitivity.csv`, `tradeoffs.csv` and `profiles.csv`: how fast the compared values are, and how hard to
//! tune. Each is written where there is something to compare.

use super::{Row, Table, save};
use crate::ReportError;
use crate::analysis::{
    Analysis, Measure, Profiles, RateRow, Rates, Reaching, TRIALS, TargetCell, TimeToTarget, TradeoffRow,
    Tradeoffs,
};
use crate::output::{Output, PROFILES, SENSITIVITY, TIME_TO_TARGET, TRADEOFFS};

const TIMES: [&str; 12] = [
    "seeds",
    "runs",
    "reached",
    "lost",
    "share",
    "share_lower",
    "share_upper",
    "time_in",
    "median",
    "lower",
    "upper",
    "expected_running_time",
];
const RATES: [&str; 15] = [
    "metric",
    "rates",
    "smallest_rate",
    "largest_rate",
    "best_rate",
    "median",
    "threshold",
    "stable_lower",
    "stable_upper",
    "stable_decades",
    "open_below",
    "open_above",
    "lost_from",
    "common_rate",
    "median_at_common_rate",
];

pub(super) fn write(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    if let Some(times) = TimeToTarget::new(analysis) {
        save(output, TIME_TO_TARGET, |table| fill_times(analysis, &times, table))?;
    }
    if let Some(rates) = Rates::new(analysis) {
        save(output, SENSITIVITY, |table| fill_rates(analysis, &rates, table))?;
    }
    if let Some(tradeoffs) = Tradeoffs::new(analysis) {
        save(output, TRADEOFFS, |table| fill_tradeoffs(analysis, &tradeoffs, table))?;
    }
    if let Some(profiles) = Profiles::new(analysis) {
        save(output, PROFILES, |table| fill_profiles(analysis, &profiles, table))?;
    }
    Ok(())
}

/// The titles of [`settings`].
fn setting_titles<'a>(analysis: &'a Analysis) -> impl Iterator<Item = &'a str> {
    analysis.grid.factors.iter().map(|factor| factor.setting.as_str())
}

/// The settings of a configuration.
fn settings(analysis: &Analysis, configuration: usize) -> Row {
    let mut row = Row::default();
    let labels = analysis.settings(&analysis.configurations[configuration], &[]);
    row.texts(labels.into_iter().map(|(_, label)| label));
    row
}

/// A row per compared value, problem and clock, for the planned runs and for those on fresh seeds.
fn fill_times(analysis: &Analysis, times: &TimeToTarget, table: &mut Table) -> Result<(), csv::Error> {
    Row::titles(setting_titles(analysis).chain(TIMES)).write(table)?;
    for cell in &times.cells {
        times_of(analysis, cell, "planned", &cell.planned, table)?;
        if let Some(again) = &cell.again {
            times_of(analysis, cell, "fresh", again, table)?;
        }
    }
    Ok(())
}

fn times_of(
    analysis: &Analysis,
    cell: &TargetCell,
    seeds: &str,
    reaching: &Reaching,
    table: &mut Table,
) -> Result<(), csv::Error> {
    for timing in &reaching.times {
        let mut row = settings(analysis, cell.configuration);
        row.text(seeds);
        for count in [reaching.runs, reaching.reached, reaching.lost] {
            row.count(count as u64);
        }
        row.number(Some(reaching.reached as f64 / reaching.runs as f64));
        row.number(reaching.share.map(|share| share.low)).number(reaching.share.map(|share| share.high));
        row.text(timing.clock.name()).number(timing.median);
        let interval = timing.interval;
        row.number(interval.map(|ends| ends.low)).number(interval.map(|ends| ends.high));
        row.number(timing.expected).write(table)?;
    }
    Ok(())
}

/// A row per compared value.
fn fill_rates(analysis: &Analysis, rates: &Rates, table: &mut Table) -> Result<(), csv::Error> {
    Row::titles([analysis.compared_name()].into_iter().chain(RATES)).write(table)?;
    rates.rows.iter().try_for_each(|row| rate_row(analysis, rates, row).write(table))
}

fn rate_row(analysis: &Analysis, rates: &Rates, rate: &RateRow) -> Row {
    let mut row = Row::default();
    row.text(analysis.rate_label(rate.compared)).text(analysis.info.metric.name());
    row.count(rate.tried as u64).number(Some(rate.range.0)).number(Some(rate.range.1));
    let best = rate.best.as_ref();
    row.number(best.map(|best| best.rate)).number(best.map(|best| best.median));
    row.number(best.map(|best| best.threshold));
    row.number(best.map(|best| best.stable.0)).number(best.map(|best| best.stable.1));
    row.number(best.map(|best| best.decades()));
    row.flag(best.map(|best| best.open.0)).flag(best.map(|best| best.open.1));
    row.number(rate.lost_from).number(rates.common).number(rate.at_common);
    row
}

/// A row per problem and compared value.
fn fill_tradeoffs(analysis: &Analysis, tradeoffs: &Tradeoffs, table: &mut Table) -> Result<(), csv::Error> {
    let after = TRIALS
        .iter()
        .flat_map(|trials| [format!("median_after_{trials}"), format!("expected_after_{trials}")]);
    let after: Vec<String> = after.collect();
    let measured = ["seeds", "metric", "median", "test_loss", "test_accuracy", "time_in", "time_to_target"];
    let tuning = ["configurations", "good_configurations", "trials_until_good"];
    let titles = setting_titles(analysis).chain(measured).chain(tuning);
    Row::titles(titles.chain(after.iter().map(String::as_str))).write(table)?;
    tradeoffs.rows.iter().try_for_each(|row| tradeoff(analysis, tradeoffs, row).write(table))
}

fn tradeoff(analysis: &Analysis, tradeoffs: &Tradeoffs, one: &TradeoffRow) -> Row {
    let mut row = settings(analysis, one.configuration);
    row.text(if tradeoffs.fresh { "fresh" } else { "planned" });
    row.text(analysis.info.metric.name()).number(one.quality);
    row.number(one.test_loss).number(one.test_accuracy);
    row.text(if analysis.has_target() { analysis.clock().name() } else { "" }).number(one.time);
    row.count(one.configurations as u64).count(one.good as u64).number(one.trials());
    for (median, expected) in one.median_after.iter().zip(one.expected_after) {
        row.number(*median).number(expected);
    }
    row
}

/// A row per problem and compared value.
fn fill_profiles(analysis: &Analysis, profiles: &Profiles, table: &mut Table) -> Result<(), csv::Error> {
    let last = ["measure", "value", "ratio"];
    Row::titles(setting_titles(analysis).chain(last)).write(table)?;
    for (place, problem) in profiles.common.iter().enumerate() {
        for (column, compared) in profiles.compared.iter().enumerate() {
            let Some(best) = profiles.problems.all[*problem].best[*compared] else { continue };
            let mut row = settings(analysis, best);
            row.text(&measure(profiles.measure));
            row.number(Some(profiles.costs[place][column])).number(Some(profiles.ratios[place][column]));
            row.write(table)?;
        }
    }
    Ok(())
}

fn measure(measure: Measure) -> String {
    match measure {
        Measure::Time(clock) => format!("{}_to_target", clock.name()),
        Measure::Final(metric) if metric.is_loss() => metric.name().to_owned(),
        Measure::Final(metric) => format!("1 - {}", metric.name()),
    }
}
