//! The reasons why a run ends, and invalid settings that are rejected before it begins.

use crate::uncancelled::{backward, forward};
use crate::watch::{Watch, activation, bytes, divided, iris, loss, network, output, settings};
use chainrule_core::cancel::{Cancel, Cancelled};
use chainrule_core::dataset::PartSizes;
use chainrule_core::network::Pass;
use chainrule_core::train::{
    BatchSize, Budget, Cost, EarlyStopping, EpochMetrics, Goal, Limit, Observer, Patience, Stop, Target,
    TargetMetric, TrainSettings, Trained, check, train,
};
use std::cell::Cell;

/// Training that is cancelled after step `at`, and then gets time for a last measurement.
fn stopped(at: u64, why: Cancelled) -> (Trained<f64>, Watch) {
    let softmax = output("softmax");
    let settings = TrainSettings { loss: loss("cross_entropy"), ..settings() };
    let (steps, said) = (Cell::new(0), Cell::new(false));
    let ask = || if steps.get() >= at && !said.replace(true) { Err(why) } else { Ok(()) };
    let mut counted = Counted { watch: Watch::new(), steps: &steps };
    let network = network(&[4, 8, 3], activation("tanh"), softmax, 0);
    let (parts, cancel) = (divided("iris", &softmax), Cancel::every(0, &ask));
    let trained = train(network, &parts, &settings, 0, &mut counted, &cancel);
    (trained, counted.watch)
}

/// Shares the number of steps with the function that decides whether to continue.
struct Counted<'a> {
    watch: Watch,
    steps: &'a Cell<u64>,
}

impl Observer for Counted<'_> {
    fn after_step(&mut self) {
        self.watch.after_step();
        self.steps.set(self.watch.steps);
    }

    fn after_epoch(&mut self, metrics: &EpochMetrics) {
        self.watch.after_epoch(metrics);
    }
}

/// Step 4 is the first of epoch 2: only epochs 0 and 1 are reported, and the weights are already different from epoch
/// 1's.
#[test]
fn a_time_limit_ends_training_and_keeps_what_it_has() {
    let (trained, watch) = stopped(4, Cancelled::TimedOut);
    assert_eq!(trained.stop, Stop::TimedOut);
    assert_eq!((watch.steps, watch.metrics.len()), (4, 2));
    assert!(trained.test.is_some(), "what it has is kept");
    let one_epoch = iris::<f64>(&TrainSettings { epochs: 1, ..settings() }, 0).0.network;
    assert_ne!(bytes(&trained.network), bytes(&one_epoch));
    assert_eq!(bytes(&stopped(3, Cancelled::TimedOut).0.network), bytes(&one_epoch));
}

#[test]
fn an_interruption_ends_training_at_once() {
    let (trained, watch) = stopped(2, Cancelled::Interrupted);
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
    assert!(refused(&too_large, &regression).contains("the training set has 120 samples"));
    let warms_up = |warmup_epochs| TrainSettings { epochs: 5, warmup_epochs, ..settings() };
    assert!(
        refused(&warms_up(5.01), &regression).contains("`warmup_epochs` is 5.01, but the run has 5 epochs")
    );
    assert_eq!(check(&warms_up(5.0), &regression), Ok(()));
    assert!(refused(&with_goal(TargetMetric::TrainAccuracy), &regression).contains("regression"));
    assert!(refused(&with_goal(TargetMetric::ValidationLoss), &whole).contains("no validation set"));
    assert!(refused(&with_goal(TargetMetric::ValidationAccuracy), &whole).contains("no validation set"));
    for fits in [TargetMetric::TrainLoss, TargetMetric::ValidationLoss] {
        assert_eq!(check(&with_goal(fits), &regression), Ok(()));
    }
    let classes = PartSizes { classes: Some(3), ..regression.clone() };
    assert_eq!(check(&with_goal(TargetMetric::ValidationAccuracy), &classes), Ok(()));
    for batch_size in [BatchSize::Full, BatchSize::Samples(120)] {
        assert_eq!(check(&TrainSettings { batch_size, ..settings() }, &regression), Ok(()));
    }
}

fn watched(change: impl Fn(&mut TrainSettings)) -> (Trained<f64>, Watch) {
    let mut settings = TrainSettings { epochs: 200, learning_rate: 0.5, ..settings() };
    change(&mut settings);
    iris::<f64>(&settings, 0)
}

fn patience(patience: u64, min_delta: f64, restore_best: bool) -> EarlyStopping {
    EarlyStopping::After(Patience { metric: TargetMetric::ValidationLoss, patience, min_delta, restore_best })
}

fn validation_losses(watch: &Watch) -> Vec<f64> {
    watch.metrics.iter().map(|metrics| metrics.validation.unwrap().loss).collect()
}

fn best_epoch(losses: &[f64]) -> usize {
    (0..losses.len()).min_by(|&a, &b| losses[a].total_cmp(&losses[b])).unwrap()
}

/// The run ends when the best loss is older than the patience. Its parameters are the best epoch's, bit for bit: the
/// same as in a run that ends there.
#[test]
fn early_stopping_keeps_the_best() {
    let (stopped, watch) = watched(|settings| settings.early_stopping = patience(5, 0.0, true));
    let losses = validation_losses(&watch);
    let best = best_epoch(&losses);
    assert_eq!(stopped.stop, Stop::EarlyStopping);
    assert_eq!(losses.len(), best + 5 + 1);
    assert_eq!(stopped.kept_epoch, Some(best as u64));
    let (there, _) = watched(|settings| settings.epochs = best as u64);
    assert_eq!(bytes(&stopped.network), bytes(&there.network));
    assert_eq!(stopped.test, there.test);

    let (last, _) = watched(|settings| settings.early_stopping = patience(5, 0.0, false));
    assert_eq!((last.stop, last.kept_epoch), (Stop::EarlyStopping, None));
    let (there, _) = watched(|settings| settings.epochs = best as u64 + 5);
    assert_eq!(bytes(&last.network), bytes(&there.network));
}

/// Progress by less than `min_delta` does not count: with a bar that nothing reaches, the run ends after the patience.
/// For accuracies, higher is better.
#[test]
fn progress_is_measured_as_it_is_set() {
    let (_, watch) = watched(|settings| settings.early_stopping = patience(7, 1e6, true));
    assert_eq!(watch.metrics.len(), 8);
    let accuracy = Patience {
        metric: TargetMetric::ValidationAccuracy,
        patience: 10,
        min_delta: 0.0,
        restore_best: true,
    };
    let (trained, watch) = watched(|settings| settings.early_stopping = EarlyStopping::After(accuracy));
    let accuracies: Vec<f64> =
        watch.metrics.iter().map(|metrics| metrics.validation.unwrap().accuracy.unwrap()).collect();
    let best = accuracies.iter().copied().fold(0.0, f64::max);
    let kept = trained.kept_epoch.unwrap() as usize;
    assert_eq!(accuracies[kept], best);
    assert!(accuracies[..kept].iter().all(|&earlier| earlier < best), "the first of the best");
}

/// Also if the epochs end before the patience does.
#[test]
fn the_best_is_kept_however_the_run_ends() {
    let (ended, watch) = watched(|settings| settings.early_stopping = patience(1000, 0.0, true));
    let best = best_epoch(&validation_losses(&watch));
    assert_eq!(ended.stop, Stop::MaxEpochs);
    assert!(best < 200 && ended.kept_epoch == Some(best as u64));
}

/// The gradient of the mean loss on the whole training set, by hand: below the tolerance at the end, above it an epoch
/// earlier.
#[test]
fn a_small_gradient_ends_a_run() {
    let full_norm = |epochs: u64| {
        let network = watched(|settings| settings.epochs = epochs).0.network;
        let softmax = output("softmax");
        let part = divided::<f64>("iris", &softmax).train;
        let (mut pass, mut gradient) = (Pass::new(&network, part.len()), vec![0.0; network.parameters.len()]);
        forward(&network, &part.features, &mut pass);
        let (loss, scale) = (loss("cross_entropy"), 1.0 / part.len() as f64);
        backward(&network, (&part.features, &part.targets), &loss, scale, &mut pass, &mut gradient);
        gradient.iter().map(|g| g * g).sum::<f64>().sqrt()
    };
    let tolerance = 0.05;
    let (trained, watch) = watched(|settings| settings.gradient_tolerance = Limit::At(tolerance));
    assert_eq!(trained.stop, Stop::GradientBelowTolerance);
    let last = watch.metrics.last().unwrap().epoch;
    assert!(last > 1 && full_norm(last) <= tolerance && full_norm(last - 1) > tolerance, "epoch {last}");
}

/// 90 samples per epoch at 3 units each: a budget of 600 is spent with the second batch of epoch 3 (540 + 32 · 3), and
/// the result is measured there.
#[test]
fn a_budget_ends_within_an_epoch() {
    let (trained, watch) = watched(|settings| settings.budget = Budget::Spend(Cost { forward_samples: 600 }));
    let last = watch.metrics.last().unwrap();
    assert_eq!(trained.stop, Stop::BudgetSpent);
    assert_eq!((last.epoch, last.progress.steps, last.progress.cost_units), (3, 7, 636));
    assert_eq!(trained.network.weight_norm(), last.weight_norm);
}

/// Metrics that cannot be measured, and contradictory settings, are rejected.
#[test]
fn conflicts_are_refused() {
    let sizes = PartSizes {
        train: 120,
        validation: 0,
        test: 40,
        features: 1,
        classes: Some(3),
        class_counts: vec![40; 3],
    };
    let refused = |settings: TrainSettings| check(&settings, &sizes).unwrap_err().to_string();
    let stopping = TrainSettings { early_stopping: patience(5, 0.0, true), ..settings() };
    assert!(refused(stopping).contains("`early_stopping` needs `validation_loss`"));
    let optimizer = serde_json::from_str(r#""adamw""#).unwrap();
    let twice = TrainSettings { optimizer, weight_decay: 0.1, ..settings() };
    assert!(refused(twice).contains("its own weight decay"));
    let optimizer = serde_json::from_str(r#"{ "genetic": { "population": 4, "elite": 4 } }"#).unwrap();
    assert!(refused(TrainSettings { optimizer, ..settings() }).contains("the whole population"));
}
