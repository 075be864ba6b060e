//! The contract of every optimizer that uses no gradient.

use crate::items::every;
use crate::numeric::worst;
use crate::optimizers::uses_gradient;
use crate::uncancelled::train;
use crate::watch::{Watch, activation, bytes, divided, loss, network, output, settings};
use chainrule_core::cancel::to_the_end;
use chainrule_core::optimizer::{Optimizer, Rule, SearchState, Trial};
use chainrule_core::real::Element;
use chainrule_core::seed::{Purpose, Stream};
use chainrule_core::train::{BatchSize, Budget, Cost, Stop, TrainSettings, Trained};
use serde_json::Value;

fn searches() -> Vec<Optimizer> {
    every::<Optimizer>(&Optimizer::entries()).into_iter().filter(|one| !uses_gradient(one)).collect()
}

/// A step with changes of this size, on a cost that `same_cost` declares to be the same as before.
fn step<F: Element>(
    state: &mut dyn SearchState<F>,
    parameters: &mut [F],
    cost: &mut dyn FnMut(&[F]) -> f64,
    step_size: f64,
    (stream, same_cost): (Stream, bool),
) {
    let mut cost = |parameters: &[F]| Ok(cost(parameters));
    to_the_end(|cancel| {
        let cost = &mut cost;
        state.step(parameters, &mut Trial { cost, step_size, stream, same_cost, cancel })
    });
}

/// The cost after each of `steps` steps on `cost`, and the number of its evaluations.
fn walk<F: Element>(
    optimizer: &Optimizer,
    start: &[f64],
    steps: u64,
    cost: impl Fn(&[F]) -> f64,
) -> (Vec<f64>, u64) {
    let Rule::Search(mut state) = optimizer.kernel::<F>().start(start.len()) else { panic!("a search") };
    let mut parameters: Vec<F> = start.iter().map(|&x| F::from_f64(x)).collect();
    let mut asked = 0;
    let costs = (0..steps).map(|index| {
        let mut count = |parameters: &[F]| {
            asked += 1;
            cost(parameters)
        };
        let stream = Stream::new(1, Purpose::Search, 0, index);
        step(&mut *state, &mut parameters, &mut count, 0.1, (stream, index > 0));
        cost(&parameters)
    });
    (costs.collect(), asked)
}

fn bowl<F: Element>(x: &[F]) -> f64 {
    x.iter().map(|x| (x.to_f64() - 1.0).powi(2)).sum()
}

/// On the same cost it never rises, and falls from 5 to below 0.05 within 400 steps (defaults).
#[test]
fn the_cost_falls_and_never_rises() {
    for optimizer in searches() {
        let (costs, _) = walk::<f64>(&optimizer, &[0.0; 5], 400, bowl);
        assert!(costs.windows(2).all(|pair| pair[1] <= pair[0]), "{optimizer:?}");
        assert!(costs[0] <= 5.0, "{optimizer:?}");
    }
    for name in ["random_perturbation", "genetic"] {
        let optimizer = Optimizer::from_name(name).unwrap();
        for costs in
            [walk::<f64>(&optimizer, &[0.0; 5], 400, bowl).0, walk::<f32>(&optimizer, &[0.0; 5], 400, bowl).0]
        {
            assert!(costs[399] < 0.05, "{name}: {}", costs[399]);
        }
    }
}

/// A point with infinite cost is never accepted.
#[test]
fn what_is_no_number_is_not_taken() {
    for optimizer in searches() {
        let cliff = |x: &[f64]| if x.iter().all(|&x| x == 0.0) { 1.0 } else { f64::INFINITY };
        let (costs, _) = walk::<f64>(&optimizer, &[0.0; 3], 5, cliff);
        assert_eq!(costs, [1.0; 5], "{optimizer:?}");
    }
}

/// Two or three evaluations per step, one less on the same cost; or as many as the population.
#[test]
fn calls_are_as_documented() {
    let calls = |name: &str| walk::<f64>(&Optimizer::from_name(name).unwrap(), &[0.0; 5], 100, bowl).1;
    assert!((101..=201).contains(&calls("random_perturbation")), "{}", calls("random_perturbation"));
    assert_eq!(calls("genetic"), 20 * 100);
}

/// If f(θ + d) is not better but f(θ − d) is, the opposite change is kept.
#[test]
fn the_opposite_change_is_tried() {
    let optimizer = Optimizer::from_name("random_perturbation").unwrap();
    let Rule::Search(mut state) = optimizer.kernel::<f64>().start(2) else { panic!("a search") };
    let mut asked: Vec<Vec<f64>> = Vec::new();
    let mut parameters = [3.0, 4.0];
    let mut cost = |x: &[f64]| {
        asked.push(x.to_vec());
        [1.0, 2.0, 0.5][asked.len() - 1]
    };
    let stream = Stream::new(0, Purpose::Search, 0, 0);
    step(&mut *state, &mut parameters, &mut cost, 0.1, (stream, false));
    assert_eq!(asked.len(), 3);
    for i in 0..2 {
        assert!((asked[1][i] + asked[2][i] - 2.0 * asked[0][i]).abs() < 1e-14, "{asked:?}");
        assert_eq!(parameters[i], asked[2][i]);
    }
}

/// Parameters after each step, from `tests/oracle/searches.json`, a second implementation of both.
#[test]
fn searches_equal_a_second_implementation() {
    let file: Value = serde_json::from_str(include_str!("../oracle/searches.json")).unwrap();
    let (seed, step_size) = (file["seed"].as_u64().unwrap(), file["step_size"].as_f64().unwrap());
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let optimizer: Optimizer = serde_json::from_value(case["optimizer"].clone()).unwrap();
        let expected: Vec<[f64; 5]> = serde_json::from_value(case["parameters"].clone()).unwrap();
        let Rule::Search(mut state) = optimizer.kernel::<f64>().start(5) else { panic!("a search") };
        let mut parameters = [0.0; 5];
        for (index, expected) in (0..).zip(expected) {
            let stream = Stream::new(seed, Purpose::Search, 0, index);
            step(&mut *state, &mut parameters, &mut |x| bowl(x), step_size, (stream, index > 0));
            let error = worst(&parameters, &expected, 1.0);
            assert!(error < 1e-14, "{optimizer:?} after step {index}: {error:e}");
        }
    }
}

fn iris(optimizer: Optimizer, change: impl Fn(&mut TrainSettings), seed: u64) -> (Trained<f64>, Watch) {
    let softmax = output("softmax");
    let mut settings =
        TrainSettings { optimizer, loss: loss("cross_entropy"), batch_size: BatchSize::Full, ..settings() };
    change(&mut settings);
    let mut watch = Watch::new();
    let start = network(&[4, 8, 3], activation("tanh"), softmax, seed);
    let trained = train(start, &divided("iris", &softmax), &settings, seed, &mut watch);
    (trained, watch)
}

/// A forward pass of a sample is one unit; there is no gradient; the same seed gives the same weights.
#[test]
fn whole_runs_are_counted_and_repeatable() {
    for optimizer in [r#""random_perturbation""#, r#"{ "genetic": { "population": 7 } }"#] {
        let optimizer: Optimizer = serde_json::from_str(optimizer).unwrap();
        let (trained, watch) = iris(optimizer, |_| (), 1);
        let last = watch.metrics.last().unwrap();
        assert!(last.train.loss <= watch.metrics[0].train.loss);
        assert!(watch.metrics.iter().all(|metrics| metrics.gradient_norm.is_none()));
        assert_eq!((last.progress.steps, last.progress.samples), (5, 5 * 90));
        let forwards = last.progress.cost_units / 90;
        assert_eq!(last.progress.cost_units % 90, 0);
        let expected = if optimizer.name() == "genetic" { 35..=35 } else { 6..=11 };
        assert!(expected.contains(&forwards), "{optimizer:?}: {forwards}");
        assert_eq!(bytes(&trained.network), bytes(&iris(optimizer, |_| (), 1).0.network));
        assert_ne!(bytes(&trained.network), bytes(&iris(optimizer, |_| (), 2).0.network));
    }
}

/// The budget ends both kinds at the same cost, except for the last step.
#[test]
fn a_budget_buys_the_same_from_everyone() {
    let budget = 90 * 60;
    for optimizer in [r#""sgd""#, r#""random_perturbation""#, r#"{ "genetic": { "population": 7 } }"#] {
        let (trained, watch) = iris(
            serde_json::from_str(optimizer).unwrap(),
            |settings| {
                settings.epochs = 1000;
                settings.evaluate_every = 1000;
                settings.budget = Budget::Spend(Cost { forward_samples: budget });
            },
            1,
        );
        let spent = watch.metrics.last().unwrap().progress.cost_units;
        assert_eq!(trained.stop, Stop::BudgetSpent, "{optimizer}");
        assert!((budget..budget + 7 * 90).contains(&spent), "{optimizer}: {spent}");
        assert_eq!(watch.metrics.len(), 2, "what the budget bought is measured");
    }
}
