//! `time_to_target.csv`, `sensitivity.csv`, `tradeoffs.csv` and `profiles.csv`: the speed of the compared values, and
//! the effort of tuning them. Each is written if there is something to compare.

use super::column::{Column, columns, setting_columns, write as write_rows};
use super::save;
use crate::analysis::{
    Analysis, BestRate, Configuration, Measure, Part, Profiles, RateRow, Rates, Reaching, TRIALS,
    TimeToTarget, Timing, TradeoffRow, Tradeoffs,
};
use crate::error::ReportError;
use crate::output::{Output, PROFILES, SENSITIVITY, TIME_TO_TARGET, TRADEOFFS};

pub(super) fn write(analysis: &Analysis, output: &mut Output) -> Result<(), ReportError> {
    if let Some(times) = TimeToTarget::new(analysis) {
        let all = of_configurations(analysis, time_columns(), |row: &Time| row.configuration);
        save(output, TIME_TO_TARGET, |table| write_rows(table, &all, time_rows(analysis, &times)))?;
    }
    if let Some(rates) = Rates::new(analysis) {
        let label = |row: &Rate| row.analysis.rate_label(row.row.compared).to_owned();
        let compared = Column::new(analysis.compared_name(), "", label);
        let all: Vec<_> = [compared].into_iter().chain(rate_columns()).collect();
        let row = |row| Rate { analysis, rates: &rates, row };
        save(output, SENSITIVITY, |table| write_rows(table, &all, rates.rows.iter().map(row)))?;
    }
    if let Some(tradeoffs) = Tradeoffs::new(analysis) {
        let all = of_configurations(analysis, tradeoff_columns(), Tradeoff::configuration);
        let row = |row| Tradeoff { analysis, part: part(tradeoffs.fresh), row };
        save(output, TRADEOFFS, |table| write_rows(table, &all, tradeoffs.rows.iter().map(row)))?;
    }
    if let Some(profiles) = Profiles::new(analysis) {
        let all = of_configurations(analysis, profile_columns(), |row: &Profiled| row.configuration);
        save(output, PROFILES, |table| write_rows(table, &all, profile_rows(analysis, &profiles)))?;
    }
    Ok(())
}

/// The varying settings, followed by `others`.
fn of_configurations<'a, T: 'a>(
    analysis: &'a Analysis,
    others: Vec<Column<'a, T>>,
    configuration: fn(&T) -> &'a Configuration<'a>,
) -> Vec<Column<'a, T>> {
    setting_columns(analysis, configuration).chain(others).collect()
}

fn part(fresh: bool) -> &'static str {
    if fresh { Part::Fresh.name() } else { Part::Planned.name() }
}

/// The times of a compared value on a problem, measured by one clock.
pub(super) struct Time<'a> {
    configuration: &'a Configuration<'a>,
    part: &'static str,
    reaching: &'a Reaching,
    timing: &'a Timing,
}

/// A row for each compared value, problem and clock, for the planned runs and for the runs on fresh seeds.
fn time_rows<'a>(analysis: &'a Analysis<'a>, times: &'a TimeToTarget) -> impl Iterator<Item = Time<'a>> {
    times.cells.iter().flat_map(|cell| {
        let configuration = &analysis.configurations[cell.configuration];
        let again = cell.again.iter().map(|reaching| (reaching, true));
        [(&cell.planned, false)].into_iter().chain(again).flat_map(move |(reaching, fresh)| {
            reaching.times.iter().map(move |timing| Time {
                configuration,
                part: part(fresh),
                reaching,
                timing,
            })
        })
    })
}

pub(super) fn time_columns<'a>() -> Vec<Column<'a, Time<'a>>> {
    columns! { row: Time;
        "seeds" "`planned`, or `fresh` for runs on fresh seeds. The report shows these if all best configurations have them"
            => row.part,
        "runs" "the number of runs, how many reached the target, and how many diverged or failed before" => row.reaching.runs,
        "reached" => row.reaching.reached,
        "lost" => row.reaching.lost,
        "share" "reached/runs, with Clopper and Pearson's interval of 95 %"
            => row.reaching.reached as f64 / row.reaching.runs as f64,
        "share_lower" => row.reaching.share.map(|ends| ends.low),
        "share_upper" => row.reaching.share.map(|ends| ends.high),
        "time_in" "`epochs`, `steps`, `gradient_evaluations`, `flops` or `seconds`, as far as all runs were timed"
            => row.timing.clock.name(),
        "median" "the first time by which half of the runs or more had reached it (Kaplan and Meier's estimate); empty if \
                  fewer than half did"
            => row.timing.median,
        "lower" "its 95 % interval, by Brookmeyer and Crowley on the scale of ln(−ln S); empty for fewer than six runs, or \
                 if an end is infinite"
            => row.timing.interval.map(|ends| ends.low),
        "upper" => row.timing.interval.map(|ends| ends.high),
        "expected_running_time" "the total time of all runs, until they reached it or ended, per run that reached it (ERT, \
                                 as in COCO); empty if none did"
            => row.timing.expected,
    }
}

/// The learning rates of a compared value.
pub(super) struct Rate<'a> {
    analysis: &'a Analysis<'a>,
    rates: &'a Rates,
    row: &'a RateRow,
}

pub(super) fn rate_columns<'a>() -> Vec<Column<'a, Rate<'a>>> {
    columns! { row: Rate;
        "metric" "the deciding metric, the number of rates tried, and their range" => row.analysis.info.metric.name(),
        "rates" => row.row.tried,
        "smallest_rate" => row.row.range.0,
        "largest_rate" => row.row.range.1,
        "best_rate" "the rate of the best median, and that median" => row.row.best.map(|best| best.rate),
        "median" => row.row.best.map(|best| best.median),
        "threshold" "the worst median that is nearly as good, as in `tradeoffs.csv`"
            => row.row.best.map(|best| best.threshold),
        "stable_lower" "the contiguous range of rates around the best that stays within the threshold. An end is the rate at \
                        which the median, interpolated linearly over the logarithm of the rate, crosses the threshold. If \
                        the next rate has no median, the end is the last good rate"
            => row.row.best.map(|best| best.stable.0),
        "stable_upper" => row.row.best.map(|best| best.stable.1),
        "stable_decades" "its width in powers of ten" => row.row.best.as_ref().map(BestRate::decades),
        "open_below" "whether it ends only because no smaller, or no larger, rate was tried"
            => row.row.best.map(|best| best.open.0),
        "open_above" => row.row.best.map(|best| best.open.1),
        "lost_from" "the smallest rate above the best at which half or more of the runs diverged or failed; empty if there is none"
            => row.row.lost_from,
        "common_rate" "the rate, tried with all values, at which the worst of them does best, and the median there"
            => row.rates.common,
        "median_at_common_rate" => row.row.at_common,
    }
}

/// Quality, speed and tunability of a compared value on a problem.
pub(super) struct Tradeoff<'a> {
    analysis: &'a Analysis<'a>,
    part: &'static str,
    row: &'a TradeoffRow,
}

impl<'a> Tradeoff<'a> {
    fn configuration(&self) -> &'a Configuration<'a> {
        &self.analysis.configurations[self.row.configuration]
    }
}

pub(super) fn tradeoff_columns<'a>() -> Vec<Column<'a, Tradeoff<'a>>> {
    let mut all = columns! { row: Tradeoff;
        "seeds" "whether quality and speed are of `planned` runs, or of runs on `fresh` seeds" => row.part,
        "metric" "quality: medians over the seeds" => row.analysis.info.metric.name(),
        "median" => row.row.quality,
        "test_loss" => row.row.test_loss,
        "test_accuracy" => row.row.test_accuracy,
        "time_in" "speed: the median of `time_to_target.csv`, in the unit of the curves' axis"
            => row.analysis.has_target().then(|| row.analysis.clock().name()),
        "time_to_target" => row.row.time,
        "configurations" "tunability: the number of configurations tried on this problem, and the number nearly as good as \
                          the best. Their median differs from the best by at most the `margin` of `[analysis]`, or without \
                          one by at most 10 % of a loss, or 0.01 of an accuracy"
            => row.row.configurations,
        "good_configurations" => row.row.good,
        "trials_until_good" "the mean number of random trials until one is good: the first number over the second"
            => row.row.trials(),
    };
    let mut median = "the best of 1, 2, 4 and 8 configurations drawn at random, with replacement: its median and its \
                      expectation. The expectation is `Σ vᵢ · [((n − i + 1)/n)^k − ((n − i)/n)^k]` over the medians v₁ … vₙ \
                      of the n configurations, the worst last. It is empty if a configuration has no median, since that is \
                      worse than any number";
    for (index, trials) in TRIALS.into_iter().enumerate() {
        let doc = std::mem::take(&mut median);
        let median = move |row: &Tradeoff| row.row.median_after[index];
        let expected = move |row: &Tradeoff| row.row.expected_after[index];
        all.push(Column::new(format!("median_after_{trials}"), doc, median));
        all.push(Column::new(format!("expected_after_{trials}"), "", expected));
    }
    all
}

/// A compared value on a problem.
pub(super) struct Profiled<'a> {
    configuration: &'a Configuration<'a>,
    measure: Measure,
    value: f64,
    ratio: f64,
}

/// A row for each problem and compared value.
fn profile_rows<'a>(analysis: &'a Analysis<'a>, profiles: &Profiles) -> Vec<Profiled<'a>> {
    let row = |place: usize, column: usize| {
        let best = profiles.problems.all[profiles.common[place]].best[profiles.compared[column]]?;
        Some(Profiled {
            configuration: &analysis.configurations[best],
            measure: profiles.measure,
            value: profiles.costs[place][column],
            ratio: profiles.ratios[place][column],
        })
    };
    let columns = || 0..profiles.compared.len();
    (0..profiles.common.len())
        .flat_map(|place| columns().filter_map(move |column| row(place, column)))
        .collect()
}

pub(super) fn profile_columns<'a>() -> Vec<Column<'a, Profiled<'a>>> {
    columns! { row: Profiled;
        "measure" "`epochs_to_target`, or the median time by another clock of `time_to_target.csv`; without a target the final \
                   loss, or `1 - ` the final accuracy"
            => measure(row.measure),
        "value" "its median. A time is empty if more than half of the runs missed the target, by the estimate of \
                 `time_to_target.csv`. A final value is empty if half or more of the runs were lost"
            => row.value,
        "ratio" "r = value / smallest value on this problem; empty without a value. If the smallest is 0, r is 1 for values that \
                 are 0 too, and empty for all others"
            => row.ratio,
    }
}

fn measure(measure: Measure) -> String {
    match measure {
        Measure::Time(clock) => format!("{}_to_target", clock.name()),
        Measure::Final(metric) if metric.is_loss() => metric.name().to_owned(),
        Measure::Final(metric) => format!("1 - {}", metric.name()),
    }
}
