//! A metric over the seeds of a configuration, each estimate with an interval that holds at its n.

use super::configuration::Configuration;
use super::observation::{number, observed};
use super::run::{FINALS, epochs_to_target, final_value, place};
use chainrule_record::{Better, Digest, Metric, RunMetric};
use chainrule_statistics::{
    Interval, interquartile_interval, interquartile_mean, looks_skewed, mean, mean_interval, median,
    median_interval,
};

/// What the seeds say about the true value. A run that was lost counts as worse than any number in all of it, and so there is
/// no mean with one and no median with half of them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Estimates {
    /// How many observations count, those that were lost included and copies left out.
    pub(crate) n: usize,
    /// How many of them were lost.
    pub(crate) lost: usize,
    /// The median.
    pub(crate) median: Option<f64>,
    /// Its interval by order statistics, from six runs on; an end may be infinite.
    pub(crate) median_interval: Option<Interval>,
    /// The mean.
    pub(crate) mean: Option<f64>,
    /// Its interval by Student's t, from two runs on.
    pub(crate) mean_interval: Option<Interval>,
    /// Whether the values look so skewed that the interval of the mean may hold less often than it says.
    pub(crate) skewed: bool,
}

impl Estimates {
    /// Of a metric, for the parameters that each run kept.
    pub(crate) fn of(configuration: &Configuration, metric: Metric) -> Self {
        Self::of_final(configuration, FINALS[place(metric)])
    }

    /// Of one of [`FINALS`].
    pub(crate) fn of_final(configuration: &Configuration, metric: RunMetric) -> Self {
        Self::new(&finals(configuration, metric))
    }

    /// Of the epochs until the target was reached.
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

/// The interquartile mean of a metric with its bootstrap interval, from 30 runs on; none where a quarter of them was lost.
pub(crate) fn interquartile(configuration: &Configuration, metric: Metric) -> Option<(f64, Interval)> {
    let values = finals(configuration, FINALS[place(metric)]);
    let estimate = interquartile_mean(&values).filter(|value| value.is_finite())?;
    Some((estimate, interquartile_interval(&values, key(configuration, metric).bytes())?))
}

/// The numbers of the runs that count: none of a metric that no run of the experiment measured, however many were lost.
fn finals(configuration: &Configuration, metric: RunMetric) -> Vec<f64> {
    let value = number(|run| final_value(run, metric));
    let outcomes = configuration.distinct().map(|runs| observed(runs, &value));
    let numbers = outcomes.filter_map(|outcome| outcome.number(metric.better()));
    if configuration.final_of(metric).is_measured() { numbers.collect() } else { Vec::new() }
}

/// The same runs and the same metric give the same draws.
fn key(configuration: &Configuration, metric: Metric) -> Digest {
    let ids: String = configuration.runs.iter().map(|run| format!("{} ", run.run_id)).collect();
    Digest::of(format!("interquartile mean of {metric}: {ids}").as_bytes())
}
