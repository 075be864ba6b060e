//! Why a run ends, and what is refused before it begins.

use crate::watch::{Watch, activation, bytes, divided, iris, loss, network, output, settings};
use chainrule_core::dataset::PartSizes;
use chainrule_core::settings::{BatchSize, Goal, Target, TargetMetric, TrainSettings};
use chainrule_core::train::{Flow, Stop, Trained, check, train};

fn stopped(at: u64, then: Flow) -> (Trained<f64>, Watch) {
    let softmax = output("softmax");
    let settings = TrainSettings { loss: loss("cross_entropy"), ..settings() };
    let mut watch = Watch::stopping(at, then);
    let network = network(&[4, 8, 3], activation("tanh"), softmax, 0);
    let trained = train(network, &divided("iris", &softmax), &settings, 0, &mut watch);
    (trained, watch)
}

/// Step 4 is the first of epoch 2: only epochs 0 and 1 are seen, and the weights are no longer those of epoch 1.
#[test]
fn an_observer_can_say_that_time_is_up() {
    let (trained, watch) = stopped(4, Flow::TimedOut);
    assert_eq!(trained.stop, Stop::TimedOut);
    assert_eq!((watch.steps, watch.metrics.len()), (4, 2));
    assert!(trained.test.is_some(), "what it has is kept");
    let one_epoch = iris::<f64>(&TrainSettings { epochs: 1, ..settings() }, 0).0.network;
    assert_ne!(bytes(&trained.network), bytes(&one_epoch));
    assert_eq!(bytes(&stopped(3, Flow::TimedOut).0.network), bytes(&one_epoch));
}

#[test]
fn an_observer_can_interrupt() {
    let (trained, watch) = stopped(2, Flow::Interrupted);
    assert_eq!((trained.stop, watch.steps, watch.metrics.len()), (Stop::Interrupted, 2, 1));
    assert_eq!(trained.test, None, "nothing more is computed");
}

#[test]
fn no_epochs_is_an_evaluation() {
    let (trained, watch) = iris::<f64>(&TrainSettings { epochs: 0, ..settings() }, 0);
    assert_eq!((trained.stop, watch.steps, watch.metrics.len()), (Stop::MaxEpochs, 0, 1));
    assert!(trained.test.is_some());
}

fn with_goal(metric: TargetMetric) -> TrainSettings {
    TrainSettings { target: Target::Reach(Goal { metric, reaches: 0.5, stop: true }), ..settings() }
}

#[test]
fn settings_that_do_not_fit_are_refused() {
    let regression = PartSizes {
        train: 120,
        validation: 40,
        test: 40,
        features: 1,
        classes: None,
        class_counts: Vec::new(),
    };
    let whole = PartSizes { validation: 0, ..regression.clone() };
    let refused =
        |settings: &TrainSettings, sizes: &PartSizes| check(settings, sizes).unwrap_err().to_string();
    let too_large = TrainSettings { batch_size: BatchSize::Samples(121), ..settings() };
    assert!(refused(&too_large, &regression).contains("the training part has 120 samples"));
    assert!(refused(&with_goal(TargetMetric::TrainAccuracy), &regression).contains("regression"));
    assert!(refused(&with_goal(TargetMetric::ValidationLoss), &whole).contains("no validation part"));
    assert!(refused(&with_goal(TargetMetric::ValidationAccuracy), &whole).contains("no validation part"));
    for fits in [TargetMetric::TrainLoss, TargetMetric::ValidationLoss] {
        assert_eq!(check(&with_goal(fits), &regression), Ok(()));
    }
    let classes = PartSizes { classes: Some(3), ..regression.clone() };
    assert_eq!(check(&with_goal(TargetMetric::ValidationAccuracy), &classes), Ok(()));
    for batch_size in [BatchSize::Full, BatchSize::Samples(120)] {
        assert_eq!(check(&TrainSettings { batch_size, ..settings() }, &regression), Ok(()));
    }
}
