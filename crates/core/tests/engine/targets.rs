//! Targets: when they are first reached, and whether the run ends when it reaches the value.

use crate::watch::{Watch, iris, settings};
use chainrule_core::train::{EpochMetrics, Goal, Stop, Target, TargetMetric, TrainSettings, Trained};

const METRICS: [TargetMetric; 4] = [
    TargetMetric::TrainLoss,
    TargetMetric::TrainAccuracy,
    TargetMetric::ValidationLoss,
    TargetMetric::ValidationAccuracy,
];

fn run(metric: TargetMetric, reaches: f64, stop: bool) -> (Trained<f64>, Watch) {
    let target = Target::Reach(Goal { metric, reaches, stop });
    iris(&TrainSettings { epochs: 12, target, ..settings() }, 0)
}

fn value(metrics: &EpochMetrics, metric: TargetMetric) -> f64 {
    let score = if metric.is_validation() { metrics.validation.unwrap() } else { metrics.train };
    if metric.is_accuracy() { score.accuracy.unwrap() } else { score.loss }
}

/// The target is the value of epoch 5 itself, so reaching includes equality.
#[test]
fn the_first_crossing_is_recorded() {
    let (_, seen) = iris::<f64>(&TrainSettings { epochs: 12, ..settings() }, 0);
    for metric in METRICS {
        let goal = value(&seen.metrics[5], metric);
        let reached = |m: &&EpochMetrics| {
            let value = value(m, metric);
            if metric.is_accuracy() { value >= goal } else { value <= goal }
        };
        let first = seen.metrics.iter().find(reached).unwrap();
        let (trained, watch) = run(metric, goal, false);
        assert_eq!(trained.stop, Stop::MaxEpochs);
        assert_eq!(trained.target_reached, Some((first.epoch, first.progress)), "{metric:?}");
        let numbers = |metrics: &[EpochMetrics]| -> Vec<EpochMetrics> {
            metrics.iter().map(|metrics| EpochMetrics { reaches_target: false, ..*metrics }).collect()
        };
        assert_eq!(numbers(&watch.metrics), seen.metrics, "looking for a goal changes nothing");
        let (trained, watch) = run(metric, goal, true);
        assert_eq!(trained.stop, Stop::TargetReached);
        assert_eq!(trained.target_reached, Some((first.epoch, first.progress)));
        assert_eq!(numbers(&watch.metrics).last(), Some(first));
        assert!(trained.test.is_some());
    }
}

#[test]
fn a_goal_may_be_reached_before_training_or_never() {
    let (trained, watch) = run(TargetMetric::TrainLoss, 1e9, true);
    assert_eq!((trained.stop, watch.steps), (Stop::TargetReached, 0));
    assert_eq!(trained.target_reached, Some((0, Default::default())));
    let (trained, _) = run(TargetMetric::TrainLoss, 0.0, true);
    assert_eq!((trained.stop, trained.target_reached), (Stop::MaxEpochs, None));
}
