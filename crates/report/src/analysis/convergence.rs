//! Metrics over epochs, at the best configuration of each compared value.

use super::Analysis;
use super::configuration::{Configuration, is_lost};
use super::spread::{Outcome, Spread};
use chainrule_record::{Metric, RunRecord};
use std::collections::BTreeSet;

/// The curves of one plot.
pub(crate) struct Convergence {
    /// The loss and, in classification, the accuracy.
    pub(crate) panels: Vec<CurvePanel>,
}

/// One metric over epochs.
pub(crate) struct CurvePanel {
    /// The metric.
    pub(crate) metric: Metric,
    /// A line per compared value that has runs on record.
    pub(crate) lines: Vec<CurveLine>,
}

/// The curve of a compared value.
#[derive(Debug, PartialEq)]
pub(crate) struct CurveLine {
    /// Which compared value.
    pub(crate) compared: usize,
    /// Its points, epochs ascending.
    pub(crate) points: Vec<CurvePoint>,
    /// Whether the line ends because half or more of the seeds diverged.
    pub(crate) ends_diverged: bool,
}

/// The seeds at one epoch.
#[derive(Debug, PartialEq)]
pub(crate) struct CurvePoint {
    /// The epoch, 0 for before training.
    pub(crate) epoch: u64,
    /// The metric over the seeds; those that have diverged by then count as worse than any number.
    pub(crate) spread: Spread,
}

impl Convergence {
    /// The curves of loss and accuracy on the part of the data that the deciding metric is measured on, or on the
    /// training part where the other was not measured.
    pub(crate) fn new(analysis: &Analysis) -> Self {
        let validation = matches!(analysis.info.metric, Metric::ValidationLoss | Metric::ValidationAccuracy);
        let panels = |metrics: [Metric; 2]| -> Vec<CurvePanel> {
            metrics.into_iter().filter_map(|metric| CurvePanel::new(analysis, metric)).collect()
        };
        let on_validation = match validation {
            true => panels([Metric::ValidationLoss, Metric::ValidationAccuracy]),
            false => Vec::new(),
        };
        match on_validation.is_empty() {
            true => Self { panels: panels([Metric::TrainLoss, Metric::TrainAccuracy]) },
            false => Self { panels: on_validation },
        }
    }
}

impl CurvePanel {
    fn new(analysis: &Analysis, metric: Metric) -> Option<Self> {
        let line = |compared: usize| Some(CurveLine::new(compared, analysis.best_of(compared)?, metric));
        let lines: Vec<CurveLine> = (0..analysis.compared.len()).filter_map(line).collect();
        let drawn = lines.iter().any(|line| line.points.iter().any(|point| point.spread.values > 0));
        drawn.then_some(Self { metric, lines })
    }
}

impl CurveLine {
    /// The line ends where a run ended that did not diverge (it reached its target or its time limit): the runs that
    /// went on are not a fair sample of all. It also ends where half or more of the seeds have diverged. A line of
    /// accuracies begins with the first trained epoch.
    fn new(compared: usize, configuration: &Configuration, metric: Metric) -> Self {
        let runs = &configuration.runs;
        let last_common =
            runs.iter().filter(|run| !is_lost(run)).filter_map(|run| run.curve.epoch.last()).min();
        let epochs: BTreeSet<u64> = runs.iter().flat_map(|run| run.curve.epoch.iter().copied()).collect();
        let mut points = Vec::new();
        for epoch in epochs.into_iter().filter(|epoch| last_common.is_none_or(|last| epoch <= last)) {
            let spread = Spread::of(runs.iter().map(|run| at_epoch(run, metric, epoch)), metric.better());
            if spread.worst > 0 && spread.median.is_none() {
                return Self { compared, points, ends_diverged: true };
            }
            points.push(CurvePoint { epoch, spread });
        }
        points.retain(|point| point.spread.median.is_some());
        // An untrained network's accuracy would squeeze all the others into the upper end of a linear axis.
        if !metric.is_loss() && points.len() > 1 {
            points.retain(|point| point.epoch > 0);
        }
        let lost = runs.iter().filter(|run| is_lost(run)).count();
        Self { compared, points, ends_diverged: lost > 0 && 2 * lost >= runs.len() }
    }
}

fn at_epoch(run: &RunRecord, metric: Metric, epoch: u64) -> Outcome {
    let curve = &run.curve;
    match curve
        .epoch
        .binary_search(&epoch)
        .ok()
        .and_then(|index| curve.column(metric).get(index).copied().flatten())
    {
        Some(value) => Outcome::Value(value),
        None if is_lost(run) && curve.epoch.last().is_none_or(|last| epoch > *last) => Outcome::Worst,
        None => Outcome::Unmeasured,
    }
}
