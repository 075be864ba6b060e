//! Metrics over epochs, steps, samples or cost, at the best configuration of each compared value.

use super::Analysis;
use super::configuration::Configuration;
use super::run::{Outcome, is_lost};
use super::spread::Spread;
use chainrule_record::{Better, Metric, RunRecord, XAxis};
use std::collections::BTreeSet;

/// The curves of one plot.
pub(crate) struct Convergence {
    pub(crate) x_axis: XAxis,
    /// The loss and, in classification, the accuracy.
    pub(crate) panels: Vec<CurvePanel>,
}

/// One metric over the course of training.
pub(crate) struct CurvePanel {
    pub(crate) metric: Metric,
    /// One line for each compared value with recorded runs.
    pub(crate) lines: Vec<CurveLine>,
}

/// The curve of a compared value.
#[derive(Debug, PartialEq)]
pub(crate) struct CurveLine {
    pub(crate) compared: usize,
    /// Its points, epochs ascending.
    pub(crate) points: Vec<CurvePoint>,
    /// The reason why the line ends.
    pub(crate) end: LineEnd,
    /// Whether x differs between seeds at the same epoch, so that x is a median.
    pub(crate) x_differs: bool,
}

/// The reason why a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// No run went on.
    Complete,
    /// Some seeds ended while others went on. The remaining seeds are not a fair sample.
    FirstEnded {
        /// The epoch at which the first seeds ended.
        epoch: u64,
        /// The number of seeds that ended there.
        ended: usize,
        /// The number of seeds that were measured later.
        went_on: usize,
    },
    /// Half or more of the seeds have diverged.
    Diverged,
}

/// The seeds at one epoch.
#[derive(Debug, PartialEq)]
pub(crate) struct CurvePoint {
    /// The epoch, 0 for before training.
    pub(crate) epoch: u64,
    /// The position on the x axis: the median over the seeds that have every point of the line. If they agree, it is
    /// the x of each.
    pub(crate) x: f64,
    /// The metric over the seeds. Seeds that have diverged by then rank worse than any number.
    pub(crate) spread: Spread,
}

impl Convergence {
    /// The curves of loss and accuracy on the data of the deciding metric. If the other metric was not measured there,
    /// its curve uses the training set.
    #[cfg(test)]
    pub(crate) fn new(analysis: &Analysis) -> Self {
        Self::over(analysis, analysis.info.x_axis)
    }

    /// The same curves over every axis on which all runs were measured. The experiment's axis comes first.
    pub(crate) fn over_all(analysis: &Analysis) -> Vec<Self> {
        let own = analysis.info.x_axis;
        let is_measured = |axis: &XAxis| {
            analysis.records.iter().all(|run| (0..run.curve.len()).all(|row| run.at(*axis, row).is_some()))
        };
        let others = XAxis::ALL.into_iter().filter(|axis| *axis != own && is_measured(axis));
        [own].into_iter().chain(others).map(|axis| Self::over(analysis, axis)).collect()
    }

    /// Whether all runs were lost before a second evaluation, so that no line has a segment.
    pub(crate) fn is_pointless(&self, analysis: &Analysis) -> bool {
        let mut lines = self.panels.iter().flat_map(|panel| &panel.lines);
        analysis.is_all_lost() && lines.all(|line| line.points.len() < 2)
    }

    fn over(analysis: &Analysis, x_axis: XAxis) -> Self {
        let panels_of = |metrics: [Metric; 2]| -> Vec<CurvePanel> {
            metrics.into_iter().filter_map(|metric| CurvePanel::new(analysis, metric, x_axis)).collect()
        };
        let mut panels = Vec::new();
        if matches!(analysis.info.metric, Metric::ValidationLoss | Metric::ValidationAccuracy) {
            panels = panels_of([Metric::ValidationLoss, Metric::ValidationAccuracy]);
        }
        if panels.is_empty() {
            panels = panels_of([Metric::TrainLoss, Metric::TrainAccuracy]);
        }
        Self { x_axis, panels }
    }
}

impl CurvePanel {
    fn new(analysis: &Analysis, metric: Metric, axis: XAxis) -> Option<Self> {
        let line = |compared: usize| Some(CurveLine::new(compared, analysis.shown(compared)?, metric, axis));
        let lines: Vec<CurveLine> = analysis.drawn().into_iter().filter_map(line).collect();
        let drawn = lines.iter().any(|line| line.points.iter().any(|point| point.spread.values > 0));
        drawn.then_some(Self { metric, lines })
    }
}

impl CurveLine {
    /// The line ends where the first run ended that was not lost, because the remaining runs are not a fair sample. It
    /// also ends where half or more of the seeds have diverged. A line of accuracies begins with the first trained
    /// epoch.
    fn new(compared: usize, configuration: &Configuration, metric: Metric, axis: XAxis) -> Self {
        let runs = &configuration.runs;
        let (mut points, end) = points(runs, metric);
        points.retain(|point| point.spread.median.is_some());
        // The accuracy of an untrained network would squeeze all others into the upper end of a linear axis.
        if !metric.is_loss() && points.len() > 1 {
            points.retain(|point| point.epoch > 0);
        }
        let x_differs = place(runs, axis, &mut points);
        Self { compared, points, end, x_differs }
    }
}

/// The seeds at each epoch that all of them have, up to the end of the line. x is set later.
fn points(runs: &[&RunRecord], metric: Metric) -> (Vec<CurvePoint>, LineEnd) {
    let first_end = runs.iter().filter(|run| !is_lost(run)).filter_map(|run| last(run)).min();
    let mut points = Vec::new();
    for epoch in common_epochs(runs).filter(|epoch| first_end.is_none_or(|end| *epoch <= end)) {
        let spread = Spread::of(runs.iter().map(|run| at_epoch(run, metric, epoch)), metric.better());
        if spread.worst > 0 && spread.median.is_none() {
            return (points, LineEnd::Diverged);
        }
        points.push(CurvePoint { epoch, x: 0.0, spread });
    }
    (points, end(runs, first_end))
}

/// The epochs at which every run was measured that had not ended before.
fn common_epochs<'a>(runs: &'a [&RunRecord]) -> impl Iterator<Item = u64> + use<'a> {
    let epochs: BTreeSet<u64> = runs.iter().flat_map(|run| run.curve.epoch.iter().copied()).collect();
    let left_out = |run: &&RunRecord, epoch| last(run) >= Some(epoch) && row(run, epoch).is_none();
    epochs.into_iter().filter(move |epoch| !runs.iter().any(|run| left_out(run, *epoch)))
}

/// The reason why a line ends before too many seeds diverged.
fn end(runs: &[&RunRecord], first_end: Option<u64>) -> LineEnd {
    let went_on = |epoch: u64| runs.iter().filter(|run| last(run) > Some(epoch)).count();
    if let Some(epoch) = first_end.filter(|epoch| went_on(*epoch) > 0) {
        let ended = runs.iter().filter(|run| !is_lost(run) && last(run) == Some(epoch)).count();
        return LineEnd::FirstEnded { epoch, ended, went_on: went_on(epoch) };
    }
    let lost = runs.iter().filter(|run| is_lost(run)).count();
    if lost > 0 && 2 * lost >= runs.len() { LineEnd::Diverged } else { LineEnd::Complete }
}

fn last(run: &RunRecord) -> Option<u64> {
    run.curve.epoch.last().copied()
}

/// The row of a run's curve at an epoch.
fn row(run: &RunRecord, epoch: u64) -> Option<usize> {
    run.curve.epoch.binary_search(&epoch).ok()
}

/// Sets x of every point, and returns whether the seeds differ in it. Only the runs that have the last point count;
/// they are the same for all points, so x never falls.
fn place(runs: &[&RunRecord], axis: XAxis, points: &mut [CurvePoint]) -> bool {
    let Some(last) = points.last().map(|point| point.epoch) else { return false };
    let whole: Vec<&RunRecord> = runs.iter().copied().filter(|run| row(run, last).is_some()).collect();
    let mut differs = false;
    for point in points {
        let x = |run: &&RunRecord| run.at(axis, row(run, point.epoch)?);
        let seeds = whole.iter().filter_map(x).map(Outcome::Value);
        let spread = Spread::of(seeds, Better::Lower);
        point.x = spread.median.unwrap_or_default();
        differs |= spread.min != spread.max;
    }
    differs
}

fn at_epoch(run: &RunRecord, metric: Metric, epoch: u64) -> Outcome {
    let measured = || run.curve.column(metric).get(row(run, epoch)?).copied().flatten();
    match measured() {
        Some(value) => Outcome::Value(value),
        None if is_lost(run) && last(run).is_none_or(|last| epoch > last) => Outcome::Worst,
        None => Outcome::Unmeasured,
    }
}
