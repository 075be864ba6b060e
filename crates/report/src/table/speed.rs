//! `time_to_target.csv`, `sensitivity.csv`, `tradeoffs.csv` and `profiles.csv`: the speed of the compared values, and
//! the effort of tuning them. Each is written if there is something to compare.

use super::column::{Column, setting_columns, write as write_rows};
use super::save;
use crate::analysis::{
    Analysis, BestRate, Configuration, Measure, Profiles, RateRow, Rates, Reaching, TRIALS, TimeToTarget,
    Timing, TradeoffRow, Tradeoffs,
};
use crate::error::ReportError;
use crate::output::{Output, PROFILES, SENSITIVITY, TIME_TO_TARGET, TRADEOFFS};
use chainrule_statistics::Interval;

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
        let all = of_configurations(analysis, tradeoff_columns(), |row: &Tradeoff| row.configuration);
        let row = |row: &'_ TradeoffRow| Tradeoff {
            analysis,
            configuration: &analysis.configurations[row.configuration],
            fresh: tradeoffs.fresh,
            row: row.clone(),
        };
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
    if fresh { "fresh" } else { "planned" }
}

/// The times of a compared value on a problem, measured by one clock.
pub(super) struct Time<'a> {
    configuration: &'a Configuration<'a>,
    fresh: bool,
    reaching: Reaching,
    timing: Timing,
}

/// A row for each compared value, problem and clock, for the planned runs and for the runs on fresh seeds.
fn time_rows<'a>(analysis: &'a Analysis<'a>, times: &TimeToTarget) -> Vec<Time<'a>> {
    let mut rows = Vec::new();
    for cell in &times.cells {
        let configuration = &analysis.configurations[cell.configuration];
        for (reaching, fresh) in [(Some(&cell.planned), false), (cell.again.as_ref(), true)] {
            let Some(reaching) = reaching else { continue };
            let row = |timing: &Timing| Time {
                configuration,
                fresh,
                reaching: reaching.clone(),
                timing: timing.clone(),
            };
            rows.extend(reaching.times.iter().map(row));
        }
    }
    rows
}

pub(super) fn time_columns<'a>() -> Vec<Column<'a, Time<'a>>> {
    let share = |name, value: fn(Interval) -> f64| {
        Column::new(name, "", move |row: &Time| row.reaching.share.map(value))
    };
    let interval = |name, doc, value: fn(Interval) -> f64| {
        Column::new(name, doc, move |row: &Time| row.timing.interval.map(value))
    };
    vec![
        Column::new(
            "seeds",
            "`planned`, or `fresh` for runs on fresh seeds. The report shows these if all best configurations have them",
            |row: &Time| part(row.fresh),
        ),
        Column::new(
            "runs",
            "the number of runs, how many reached the target, and how many diverged or failed before",
            |row: &Time| row.reaching.runs,
        ),
        Column::new("reached", "", |row: &Time| row.reaching.reached),
        Column::new("lost", "", |row: &Time| row.reaching.lost),
        Column::new("share", "reached/runs, with Clopper and Pearson's interval of 95 %", |row: &Time| {
            row.reaching.reached as f64 / row.reaching.runs as f64
        }),
        share("share_lower", |ends| ends.low),
        share("share_upper", |ends| ends.high),
        Column::new(
            "time_in",
            "`epochs`, `steps`, `gradient_evaluations`, `flops` or `seconds`, as far as all runs were timed",
            |row: &Time| row.timing.clock.name(),
        ),
        Column::new(
            "median",
            "the first time by which at least half of the runs had reached it, by the estimate of Kaplan and Meier; empty if more \
             than half never did",
            |row: &Time| row.timing.median,
        ),
        interval(
            "lower",
            "its interval of 95 %, by Brookmeyer and Crowley on the scale of ln(−ln S); empty for fewer than six runs, and where \
             an end is infinite",
            |ends| ends.low,
        ),
        interval("upper", "", |ends| ends.high),
        Column::new(
            "expected_running_time",
            "the total time of all runs until they reached it or ended, over the number that reached it (ERT, as in COCO); empty \
             if none did",
            |row: &Time| row.timing.expected,
        ),
    ]
}

/// The learning rates of a compared value.
pub(super) struct Rate<'a> {
    analysis: &'a Analysis<'a>,
    rates: &'a Rates,
    row: &'a RateRow,
}

pub(super) fn rate_columns<'a>() -> Vec<Column<'a, Rate<'a>>> {
    let best = |name, doc, value: fn(&BestRate) -> f64| {
        Column::new(name, doc, move |row: &Rate| row.row.best.as_ref().map(value))
    };
    let open = |name, doc, value: fn(&BestRate) -> bool| {
        Column::new(name, doc, move |row: &Rate| row.row.best.as_ref().map(value))
    };
    vec![
        Column::new(
            "metric",
            "the deciding metric, the number of rates tried, and their range",
            |row: &Rate| row.analysis.info.metric.name(),
        ),
        Column::new("rates", "", |row: &Rate| row.row.tried),
        Column::new("smallest_rate", "", |row: &Rate| row.row.range.0),
        Column::new("largest_rate", "", |row: &Rate| row.row.range.1),
        best("best_rate", "the rate of the best median, and that median", |best| best.rate),
        best("median", "", |best| best.median),
        best("threshold", "the worst median that is nearly as good, as in `tradeoffs.csv`", |best| {
            best.threshold
        }),
        best(
            "stable_lower",
            "the contiguous range of rates around the best that stays within the threshold. An end is where the line between \
             two tried rates, straight over the logarithm of the rate, crosses the threshold; or the last good rate, if the next \
             has no median",
            |best| best.stable.0,
        ),
        best("stable_upper", "", |best| best.stable.1),
        best("stable_decades", "its width in powers of ten", BestRate::decades),
        open("open_below", "whether it ends only because no smaller, or no larger, rate was tried", |best| {
            best.open.0
        }),
        open("open_above", "", |best| best.open.1),
        Column::new(
            "lost_from",
            "the smallest rate above the best at which half or more of the runs diverged or failed; empty if there is none",
            |row: &Rate| row.row.lost_from,
        ),
        Column::new(
            "common_rate",
            "the rate, tried with all values, at which the worst of them does best, and the median there",
            |row: &Rate| row.rates.common,
        ),
        Column::new("median_at_common_rate", "", |row: &Rate| row.row.at_common),
    ]
}

/// Quality, speed and tunability of a compared value on a problem.
pub(super) struct Tradeoff<'a> {
    analysis: &'a Analysis<'a>,
    configuration: &'a Configuration<'a>,
    fresh: bool,
    row: TradeoffRow,
}

pub(super) fn tradeoff_columns<'a>() -> Vec<Column<'a, Tradeoff<'a>>> {
    let mut all = vec![
        Column::new(
            "seeds",
            "whether quality and speed are of `planned` runs, or of runs on `fresh` seeds",
            |row: &Tradeoff| part(row.fresh),
        ),
        Column::new("metric", "quality: medians over the seeds", |row: &Tradeoff| {
            row.analysis.info.metric.name()
        }),
        Column::new("median", "", |row: &Tradeoff| row.row.quality),
        Column::new("test_loss", "", |row: &Tradeoff| row.row.test_loss),
        Column::new("test_accuracy", "", |row: &Tradeoff| row.row.test_accuracy),
        Column::new(
            "time_in",
            "speed: the median of `time_to_target.csv`, in the unit of the curves' axis",
            |row: &Tradeoff| row.analysis.has_target().then(|| row.analysis.clock().name()),
        ),
        Column::new("time_to_target", "", |row: &Tradeoff| row.row.time),
        Column::new(
            "configurations",
            "tunability: the number of configurations tried on this problem, and of those nearly as good as the best. Their \
             median is no further from the best than the `margin` of `[analysis]`, or without one than 10 % of a loss, or 0.01 of \
             an accuracy",
            |row: &Tradeoff| row.row.configurations,
        ),
        Column::new("good_configurations", "", |row: &Tradeoff| row.row.good),
        Column::new(
            "trials_until_good",
            "the mean number of random trials until one is good: the first number over the second",
            |row: &Tradeoff| row.row.trials(),
        ),
    ];
    let mut median = "the best of 1, 2, 4 and 8 configurations drawn at random, with replacement: its median, and its expectation \
                      `Σ vᵢ · [((n − i + 1)/n)^k − ((n − i)/n)^k]` over the medians v₁ … vₙ of the n configurations, the worst \
                      last. The expectation is empty if a configuration has no median, since that is worse than any number";
    for (index, trials) in TRIALS.into_iter().enumerate() {
        let doc = std::mem::take(&mut median);
        all.push(Column::new(format!("median_after_{trials}"), doc, move |row: &Tradeoff| {
            row.row.median_after[index]
        }));
        all.push(Column::new(format!("expected_after_{trials}"), "", move |row: &Tradeoff| {
            row.row.expected_after[index]
        }));
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
    vec![
        Column::new(
            "measure",
            "`epochs_to_target`, or the median time by another clock of `time_to_target.csv`; without a target the final loss, or \
             `1 - ` the final accuracy",
            |row: &Profiled| measure(row.measure),
        ),
        Column::new(
            "value",
            "its median. A time is empty if more than half of the runs missed the target, by the estimate of \
             `time_to_target.csv`; a final value is empty if half or more of the runs were lost",
            |row: &Profiled| row.value,
        ),
        Column::new(
            "ratio",
            "r = value / smallest value on this problem; empty without a value. If the smallest is 0, r is 1 for values that are 0 \
             too, and empty for all others",
            |row: &Profiled| row.ratio,
        ),
    ]
}

fn measure(measure: Measure) -> String {
    match measure {
        Measure::Time(clock) => format!("{}_to_target", clock.name()),
        Measure::Final(metric) if metric.is_loss() => metric.name().to_owned(),
        Measure::Final(metric) => format!("1 - {}", metric.name()),
    }
}
