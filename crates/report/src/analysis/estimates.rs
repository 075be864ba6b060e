//! A metric over the seeds of a configuration. Each estimate has an interval that is valid at its n.

use super::configuration::Configuration;
use super::observation::observed;
use super::run::{FINALS, epochs_to_target, final_value, outcome, place};
use chainrule_record::{Better, Digest, Metric, RunMetric, RunRecord};
use chainrule_statistics::{
    Interval, interquartile_interval, interquartile_mean, looks_skewed, mean, mean_interval, median,
    median_interval,
};

/// Estimates of the true value over the seeds. A lost run ranks worse than any number in all of them. So one lost run
/// leaves no mean, and if half are lost there is no median.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Estimates {
    /// The number of observations, including lost ones but without copies.
    pub(crate) n: usize,
    /// The number of lost observations.
    pub(crate) lost: usize,
    pub(crate) median: Option<f64>,
    /// Its interval from order statistics, for at least six runs. An end may be infinite.
    pub(crate) median_interval: Option<Interval>,
    pub(crate) mean: Option<f64>,
    /// Its interval from Student's t, for at least two runs.
    pub(crate) mean_interval: Option<Interval>,
    /// Whether the values are so skewed that the coverage of the mean's interval may be below its level.
    pub(crate) skewed: bool,
}

impl Estimates {
    /// For a metric, measured with each run's kept parameters.
    pub(crate) fn of(configuration: &Configuration, metric: Metric) -> Self {
        Self::of_final(configuration, FINALS[place(metric)])
    }

    /// For one of [`FINALS`].
    pub(crate) fn of_final(configuration: &Configuration, metric: RunMetric) -> Self {
        Self::new(&finals(configuration, metric))
    }

    /// For the epochs until the target was reached.
    pub(crate) fn of_epochs_to_target(configuration: &Configuration) -> Self {
        let epochs = configuration.distinct().map(|runs| observed(runs, epochs_to_target));
        let values = epochs.filter_map(|outcome| outcome.number(Better::Lower));
        Self::new(&values.collect::<Vec<_>>())
    }

    fn new(values: &[f64]) -> Self {
        let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
        let lost = values.iter().filter(|value| !value.is_finite()).count();
        Self {
            n: values.len(),
            lost,
            median: finite(median(values)),
            median_interval: median_interval(values)
                .filter(|found| found.low.is_finite() || found.high.is_finite()),
            mean: finite(mean(values)),
            mean_interval: mean_interval(values).filter(|_| lost == 0),
            skewed: lost == 0 && looks_skewed(values),
        }
    }
}

/// The interquartile mean of a metric with its bootstrap interval, for at least 30 runs. `None` if a quarter of the
/// runs was lost.
pub(crate) fn interquartile(configuration: &Configuration, metric: Metric) -> Option<(f64, Interval)> {
    let values = finals(configuration, FINALS[place(metric)]);
    let estimate = interquartile_mean(&values).filter(|value| value.is_finite())?;
    Some((estimate, interquartile_interval(&values, key(configuration, metric).bytes())?))
}

/// The values of the runs that count. Empty for a metric that no run of the experiment measured, however many runs were
/// lost.
fn finals(configuration: &Configuration, metric: RunMetric) -> Vec<f64> {
    let value = |run: &RunRecord| outcome(run, final_value(run, metric));
    let outcomes = configuration.distinct().map(|runs| observed(runs, value));
    let numbers = outcomes.filter_map(|outcome| outcome.number(metric.better()));
    if configuration.final_of(metric).is_measured() { numbers.collect() } else { Vec::new() }
}

/// The key of the random draws: the same runs and metric always give the same draws.
fn key(configuration: &Configuration, metric: Metric) -> Digest {
    let ids: String = configuration.runs.iter().map(|run| format!("{} ", run.run_id)).collect();
    Digest::of(format!("interquartile mean of {metric}: {ids}").as_bytes())
}
