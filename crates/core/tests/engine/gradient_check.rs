//! The gradient check finds each error, in the right place, and raises no false alarm.

use crate::draws::{normals, stream};
use crate::items::moderate;
use crate::losses::{is_well_conditioned, pairings, soft_targets, targets};
use crate::random_nets::steepness;
use crate::uncancelled::{backpropagation, check, forward};
use chainrule_core::activation::Activation;
use chainrule_core::cancel::to_the_end;
use chainrule_core::cost::{CostFunction, Reduction};
use chainrule_core::gradient_check::{
    Check, CheckSettings, Entries, Gradient, Objective, Scheme, StepSize, Tensor, TensorCheck, Tolerance,
};
use chainrule_core::loss::Loss;
use chainrule_core::network::Network;
use chainrule_core::penalty::Penalty;
use chainrule_core::real::Element;
use chainrule_core::seed::Stream;
use serde_json::json;

/// A network and its training batch.
struct Problem<F> {
    network: Network<F>,
    features: Vec<F>,
    targets: Vec<F>,
    cost: CostFunction,
    seed: u64,
}

impl<F: Element> Problem<F> {
    fn objective(&self) -> Objective<'_, F> {
        Objective {
            features: &self.features,
            targets: &self.targets,
            cost: self.cost,
            seed: self.seed,
            step: 3,
        }
    }

    fn check(&self, settings: &CheckSettings) -> Check {
        check(&self.network, &self.objective(), settings, self.seed, backpropagation)
    }

    /// Whether all samples are well conditioned.
    fn is_sound(&self) -> bool {
        let mut pass = to_the_end(|cancel| self.objective().pass(&self.network, cancel));
        forward(&self.network, &self.features, &mut pass);
        let outputs: Vec<f64> = pass.last().activation.iter().map(|output| output.to_f64()).collect();
        is_well_conditioned((&self.cost.loss, &self.network.output), &outputs)
    }

    fn name(&self) -> String {
        let Network { activation, output, dropout, .. } = &self.network;
        let widths: Vec<_> = self.network.layers.iter().map(|layer| layer.n_out).collect();
        let CostFunction { loss, reduction, penalty } = &self.cost;
        format!("{activation:?} {output:?} {loss:?} {widths:?} {reduction:?} {penalty:?} dropout {dropout}")
    }
}

fn one_of<T: Copy>(stream: &mut Stream, items: &[T]) -> T {
    items[stream.below(items.len() as u64) as usize]
}

fn penalties() -> Vec<Penalty> {
    let specs = [
        json!("none"),
        json!({ "l2": { "strength": 0.1 } }),
        json!({ "l1": { "strength": 0.05 } }),
        json!({ "elastic_net": { "l1": 0.02, "l2": 0.1 } }),
    ];
    specs.into_iter().map(|spec| serde_json::from_value(spec).unwrap()).collect()
}

/// A random choice of activation, loss with one of its outputs, architecture, penalty and so on.
fn random_problem<F: Element>(seed: u64) -> Problem<F> {
    let mut stream = stream(770_000 + seed);
    let activations: Vec<Activation> = moderate(&Activation::entries());
    let activation = one_of(&mut stream, &activations);
    let (loss, output) = one_of(&mut stream, &pairings());
    let n_out = if output.kernel::<f64>().is_distribution() { 3 } else { 1 + stream.below(3) as usize };
    let hidden: &[usize] = one_of(&mut stream, &[&[], &[5], &[7, 4], &[3, 3, 3, 3]]);
    let widths = [&[4], hidden, &[n_out]].concat();
    let mut network = Network::new(&widths, stream.below(2) == 0, activation, output);
    network.dropout = one_of(&mut stream, &[0.0, 0.0, 0.3]);
    let width = 0.7 / steepness(&activation);
    network.parameters.iter_mut().for_each(|parameter| *parameter = F::from_f64(width * stream.normal()));
    let samples = 1 + stream.below(9) as usize;
    let make = one_of(&mut stream, &[targets, soft_targets]);
    let rounded = |values: Vec<f64>| values.into_iter().map(F::from_f64).collect();
    Problem {
        network,
        features: rounded(normals(samples * 4, 40_000 + seed)),
        targets: rounded(make(&output, n_out, samples, seed)),
        cost: CostFunction {
            loss,
            reduction: one_of(&mut stream, &[Reduction::Mean, Reduction::Sum]),
            penalty: one_of(&mut stream, &penalties()),
        },
        seed,
    }
}

fn by(scheme: Scheme) -> CheckSettings {
    CheckSettings { scheme, ..CheckSettings::default() }
}

/// Checks 1,000 right networks; returns the worst error and the counts.
fn worst_of_a_thousand<F: Element>(scheme: Scheme) -> (f64, String) {
    let (mut worst, mut compared, mut kinks, mut below_noise) = (0.0f64, 0, 0, 0);
    for problem in
        (0..).map(random_problem::<F>).filter(|problem| F::SIZE == 8 || problem.is_sound()).take(1000)
    {
        let found = problem.check(&by(scheme));
        assert!(found.passed(), "{}: {}\n{found}", problem.seed, problem.name());
        worst = worst.max(found.largest_relative().unwrap_or(0.0));
        (compared, kinks) = (compared + found.checked(), kinks + found.kinks());
        below_noise += found.below_noise();
    }
    let told = format!(
        "{scheme:?}, {} bytes: 1000 networks, {compared} entries compared, {below_noise} of them below noise, \
         {kinks} left out at kinks, worst {worst:e}",
        F::SIZE
    );
    assert!(compared > 50_000 && kinks < compared / 10, "{compared} compared, {kinks} at kinks");
    assert!(F::SIZE == 4 || below_noise < compared / 20, "{below_noise} below noise");
    (worst, told)
}

/// In double precision, with random activation, loss, output, penalty and so on: no alarm above 1e-7.
#[test]
fn there_are_no_false_alarms() {
    for (scheme, most) in [(Scheme::Central, 1e-7), (Scheme::FivePoint, 1e-7), (Scheme::Forward, 1e-4)] {
        let (worst, told) = worst_of_a_thousand::<f64>(scheme);
        println!("{told}");
        assert!(worst <= most, "{told}");
    }
}

/// In single precision the differences are less accurate, and the default tolerances reflect this. For losses of
/// probabilities computed from outputs, the outputs are kept away from 0 and 1, where they lose their digits.
#[test]
fn there_are_no_false_alarms_in_single_precision() {
    for (scheme, most) in [(Scheme::Central, 0.01), (Scheme::FivePoint, 0.01), (Scheme::Forward, 0.1)] {
        let (worst, told) = worst_of_a_thousand::<f32>(scheme);
        println!("{told}");
        assert!(worst <= most, "{told}");
    }
}

/// One weight, no bias: ŷ = 3·0.1 = 0.3, L = (ŷ − 1)² = 0.49, ∂L/∂w = 2·(−0.7)·3 = −4.2, ∂L/∂x = 2·(−0.7)·0.1 = −0.14.
fn one_weight() -> Problem<f64> {
    let mut network = Network::new(
        &[1, 1],
        false,
        Activation::default(),
        serde_json::from_value(json!("identity")).unwrap(),
    );
    network.parameters = vec![0.1];
    Problem {
        network,
        features: vec![3.0],
        targets: vec![1.0],
        cost: CostFunction {
            loss: Loss::from_name("squared_error").unwrap(),
            reduction: Reduction::Mean,
            penalty: Penalty::default(),
        },
        seed: 0,
    }
}

fn row(found: &Check, layer: usize, tensor: Tensor) -> &TensorCheck {
    found.rows.iter().find(|row| (row.layer, row.tensor) == (layer, tensor)).unwrap()
}

/// A forward step of ½ in w: ŷ = 3·0.6 = 1.8, L = 0.64, so the difference is (0.64 − 0.49)/½ = 0.3 and the error
/// |−4.2 − 0.3|/4.2 = 1.0714. One in x: ŷ = 0.35, L = 0.4225, (0.4225 − 0.49)/½ = −0.135, |−0.14 + 0.135|/0.14 = 0.0357.
#[test]
fn one_weight_by_hand() {
    let problem = one_weight();
    let settings = CheckSettings { step_size: StepSize::Given(0.5), ..by(Scheme::Forward) };
    let found = problem.check(&settings);
    assert!((found.cost - 0.49).abs() < 1e-15);
    assert_eq!(found.rows.len(), 2);
    for (layer, tensor, at, analytic, numeric, absolute, relative) in [
        (0, Tensor::Inputs, vec![0, 0], -0.14, -0.135, 0.005, 0.005 / 0.14),
        (1, Tensor::Weights, vec![0, 0], -4.2, 0.3, 4.5, 4.5 / 4.2),
    ] {
        let row = row(&found, layer, tensor);
        let errors = row.errors.as_ref().unwrap();
        assert_eq!((row.entries, row.checked, row.kinks), (1, 1, 0));
        assert_eq!(errors.worst.at, at);
        let got =
            [errors.worst.analytic, errors.worst.numeric, errors.largest_absolute, errors.largest_relative];
        for (got, expected) in got.into_iter().zip([analytic, numeric, absolute, relative]) {
            assert!((got - expected).abs() < 1e-13, "{tensor:?}: {got} instead of {expected}");
        }
        assert_eq!(errors.sign_disagreements, if tensor == Tensor::Weights { 1.0 } else { 0.0 });
        assert_eq!(errors.median_relative, errors.largest_relative);
    }
    // Squares have no third derivative: central differences are exact up to rounding.
    let found = problem.check(&CheckSettings { step_size: StepSize::Given(0.5), ..by(Scheme::Central) });
    assert!(found.largest_relative().unwrap() < 1e-14);
}

/// A tanh network with curvature everywhere.
fn smooth_problem() -> Problem<f64> {
    let mut problem = random_problem(0);
    let softmax = serde_json::from_value(json!("softmax")).unwrap();
    problem.network =
        Network::new(&[4, 6, 5, 3], true, serde_json::from_value(json!("tanh")).unwrap(), softmax);
    let draws = normals(problem.network.parameters.len(), 51);
    problem.network.parameters.iter_mut().zip(draws).for_each(|(parameter, draw)| *parameter = 0.7 * draw);
    problem.features = normals(5 * 4, 52);
    problem.targets = targets(&softmax, 3, 5, 53);
    problem.cost.loss = Loss::from_name("cross_entropy").unwrap();
    problem.cost.penalty = Penalty::default();
    problem
}

/// log₁₀ of the median relative error of a layer's weights, by the step.
fn log_error(problem: &Problem<f64>, scheme: Scheme, log_step: f64) -> f64 {
    let step_size = StepSize::Given(libm::exp10(log_step));
    let found = problem.check(&CheckSettings { step_size, ..by(scheme) });
    libm::log10(row(&found, 2, Tensor::Weights).errors.as_ref().unwrap().median_relative)
}

/// The error is proportional to h, h² and h⁴ until rounding dominates, and then rises with 1/h.
#[test]
fn the_error_is_a_v_over_the_step() {
    let problem = smooth_problem();
    for (scheme, order, falling, rising) in [
        (Scheme::Forward, 1.0, (-2.0, -6.0), (-9.0, -13.0)),
        (Scheme::Central, 2.0, (-1.5, -4.0), (-7.0, -12.0)),
        (Scheme::FivePoint, 4.0, (-1.0, -2.5), (-5.0, -11.0)),
    ] {
        let slope = |(from, to): (f64, f64)| {
            (log_error(&problem, scheme, from) - log_error(&problem, scheme, to)) / (from - to)
        };
        let slopes = (slope(falling), slope(rising));
        println!("{scheme:?}: {slopes:?}");
        assert!((slopes.0 - order).abs() < 0.05 * order, "{scheme:?}: {slopes:?}");
        assert!((slopes.1 + 1.0).abs() < 0.1, "{scheme:?}: {slopes:?}");
    }
}

/// The tolerance follows the V: at the default step it is the default, and no step of the curve fails.
#[test]
fn the_tolerance_follows_the_step() {
    let problem = smooth_problem();
    for scheme in [Scheme::Forward, Scheme::Central, Scheme::FivePoint] {
        let (step, tolerance) = (scheme.default_step::<f64>(), scheme.default_tolerance::<f64>());
        let at = |factor: f64| {
            let settings = CheckSettings { step_size: StepSize::Given(factor * step), ..by(scheme) };
            assert!(problem.check(&settings).passed(), "{scheme:?} {factor}");
            settings.tolerance::<f64>() / tolerance
        };
        let ratios = [at(1.0), at(0.25), at(4.0)];
        assert_eq!(ratios, [1.0, 4.0, 4f64.powi(scheme.order())], "{scheme:?}");
    }
    let given = CheckSettings {
        tolerance: Tolerance::At(1e-7),
        step_size: StepSize::Given(1e-11),
        ..CheckSettings::default()
    };
    assert!(!problem.check(&given).passed());
}

/// A single entry that is wrong by 1e-5 of its size is found, in every tensor, and nothing else is.
#[test]
fn one_wrong_entry_is_found() {
    let problem = smooth_problem();
    let right = backpropagation(&mut problem.network.clone(), &problem.objective());
    let layer = &problem.network.layers[1];
    for (number, tensor, at, index) in [
        (2, Tensor::Weights, vec![3, 1], layer.weights.start + 3 * 5 + 1),
        (2, Tensor::Biases, vec![4], layer.biases.start + 4),
        (0, Tensor::Inputs, vec![2, 1], 2 * 4 + 1),
    ] {
        let found = check(
            &problem.network,
            &problem.objective(),
            &CheckSettings::default(),
            0,
            |network, objective| {
                let mut gradient = backpropagation(network, objective);
                let values = if number == 0 { &mut gradient.inputs } else { &mut gradient.parameters };
                values[index] *= 1.0 + 1e-5;
                gradient
            },
        );
        assert!(!found.passed() && found.parameters_unchanged);
        for row in &found.rows {
            let errors = row.errors.as_ref().unwrap();
            let is_wrong = (row.layer, row.tensor) == (number, tensor);
            assert_eq!(errors.largest_relative > 1e-7, is_wrong, "{row:?}");
            if is_wrong {
                let value = if number == 0 { right.inputs[index] } else { right.parameters[index] };
                assert_eq!((&errors.worst.at, errors.worst.analytic), (&at, value * (1.0 + 1e-5)));
                assert!((errors.largest_relative / 1e-5 - 1.0).abs() < 0.01, "{errors:?}");
                assert_eq!(errors.sign_disagreements, 0.0);
            }
        }
    }
}

/// An engine that changes the parameters gets a copy, and the change is reported, even if it only turns 0 into −0.
#[test]
fn parameters_that_are_changed_are_reported() {
    let mut problem = smooth_problem();
    problem.network.parameters[7] = 0.0;
    for change in [|x: &mut f64| *x += 1e-300, |x: &mut f64| *x = -*x] {
        let before = problem.network.clone();
        let found = check(
            &problem.network,
            &problem.objective(),
            &CheckSettings::default(),
            0,
            |network, objective| {
                let gradient = backpropagation(network, objective);
                change(&mut network.parameters[7]);
                gradient
            },
        );
        assert!(!found.parameters_unchanged && !found.passed());
        assert!(found.largest_relative().unwrap() < 1e-7);
        assert_eq!(problem.network.parameters, before.parameters);
    }
}

/// A gradient that contains NaN, or is too short, is wrong.
#[test]
fn what_is_missing_or_no_number_is_wrong() {
    let problem = smooth_problem();
    let with = |spoil: &dyn Fn(&mut Gradient<f64>)| {
        check(&problem.network, &problem.objective(), &CheckSettings::default(), 0, |network, objective| {
            let mut gradient = backpropagation(network, objective);
            spoil(&mut gradient);
            gradient
        })
    };
    assert!(with(&|_| ()).passed());
    let nan = with(&|gradient| gradient.parameters[5] = f64::NAN);
    assert!(!nan.passed() && nan.largest_relative().unwrap().is_nan());
    assert!(!with(&|gradient| gradient.inputs.clear()).passed());
}

/// One ReLU unit with z = w·x = −1e-4 and a step of 1e-3 in w: the difference crosses the kink. With a step of 1e-5 it
/// does not. At z = 0 no step is short enough. A weight of the next layer moves nothing across.
#[test]
fn kinks_are_counted_and_left_out() {
    let mut problem = one_weight();
    problem.network = Network::new(
        &[1, 1, 1],
        false,
        Activation::from_name("relu").unwrap(),
        serde_json::from_value(json!("identity")).unwrap(),
    );
    problem.features = vec![1.0];
    for (w, h, kinks) in [(-1e-4, 1e-3, 1), (-1e-4, 1e-5, 0), (0.0, 1e-9, 1)] {
        problem.network.parameters = vec![w, 0.7];
        let settings = CheckSettings { step_size: StepSize::Given(h), ..by(Scheme::Central) };
        let found = problem.check(&settings);
        assert!(found.passed());
        let first = row(&found, 1, Tensor::Weights);
        assert_eq!((first.checked, first.kinks), (1 - kinks, kinks), "{w} {h}");
        assert_eq!(first.errors.is_none(), kinks == 1);
        assert_eq!(row(&found, 2, Tensor::Weights).kinks, 0);
    }
}

/// Kinks of the loss, at ŷ = y and at |ŷ − y| = δ on both sides, and of the penalty, at w = 0.
#[test]
fn kinks_of_losses_and_penalties_count() {
    let kinks = |loss: serde_json::Value, penalty: serde_json::Value, w: f64| {
        let mut problem = one_weight();
        problem.features = vec![1.0];
        problem.cost.loss = serde_json::from_value(loss).unwrap();
        problem.cost.penalty = serde_json::from_value(penalty).unwrap();
        problem.network.parameters = vec![w];
        let settings = CheckSettings { step_size: StepSize::Given(1e-3), ..by(Scheme::Central) };
        row(&problem.check(&settings), 1, Tensor::Weights).kinks
    };
    let (none, l1) = (json!("none"), json!({ "l1": { "strength": 0.1 } }));
    let (absolute, huber) = (json!("absolute_error"), json!({ "huber": { "delta": 0.5 } }));
    assert_eq!(kinks(absolute.clone(), none.clone(), 1.0005), 1);
    assert_eq!(kinks(absolute.clone(), none.clone(), 1.5), 0);
    assert_eq!(kinks(huber.clone(), none.clone(), 1.5005), 1);
    assert_eq!(kinks(huber.clone(), none.clone(), 0.4995), 1);
    assert_eq!(kinks(huber.clone(), none.clone(), 1.0), 0);
    assert_eq!(kinks(json!("squared_error"), l1.clone(), 0.0005), 1);
    assert_eq!(kinks(json!("squared_error"), l1, 0.5), 0);
    assert_eq!(kinks(json!("squared_error"), none, 0.0005), 0);
}

/// This many entries per tensor: the same for the same seed, and others for another seed.
#[test]
fn a_subset_is_drawn_from_the_seed() {
    let problem = smooth_problem();
    let settings = CheckSettings { entries: Entries::Some(4), ..CheckSettings::default() };
    let with = |seed| check(&problem.network, &problem.objective(), &settings, seed, backpropagation);
    let found = with(1).expect_pass();
    let counts: Vec<_> = found.rows.iter().map(|row| (row.entries, row.checked)).collect();
    // Inputs 5·4, then weights and biases of 4 → 6 → 5 → 3.
    assert_eq!(counts, [(20, 4), (24, 4), (6, 4), (30, 4), (5, 4), (15, 4), (3, 3)]);
    assert_eq!(with(1), found);
    assert_ne!(with(2), found);
}

/// Below a step the gradient is 0. If no unit crosses the jump, the difference is 0 too, and the check passes.
#[test]
fn the_zero_of_a_step_is_right() {
    let mut problem = smooth_problem();
    problem.network.activation = Activation::from_name("step").unwrap();
    let found = problem.check(&CheckSettings::default()).expect_pass();
    assert_eq!(row(&found, 1, Tensor::Weights).errors.as_ref().unwrap().largest_absolute, 0.0);
    assert!(row(&found, 1, Tensor::Weights).checked > 20);
}

/// The masks of a step stay fixed and belong to that step: another step has another cost.
#[test]
fn dropout_masks_are_those_of_the_step() {
    let mut problem = smooth_problem();
    problem.network.dropout = 0.5;
    let at = |step| {
        let objective = Objective { step, ..problem.objective() };
        check(&problem.network, &objective, &CheckSettings::default(), 0, backpropagation).expect_pass().cost
    };
    assert_eq!(at(3).to_bits(), at(3).to_bits());
    assert_ne!(at(3), at(4));
    let other_masks =
        check(&problem.network, &problem.objective(), &CheckSettings::default(), 0, |network, objective| {
            backpropagation(network, &Objective { step: 4, ..*objective })
        });
    assert!(!other_masks.passed());
}

/// Settings are written as in experiment files.
#[test]
fn settings_are_words_and_numbers() {
    let given = json!({ "scheme": "central", "step_size": 1e-3, "entries": 10, "tolerance": "auto" });
    let settings: CheckSettings = serde_json::from_value(given.clone()).unwrap();
    assert_eq!(settings.step_size, StepSize::Given(1e-3));
    assert_eq!(settings.entries, Entries::Some(10));
    assert_eq!(serde_json::to_value(settings).unwrap(), given);
    let default =
        json!({ "scheme": "five_point", "step_size": "auto", "entries": "all", "tolerance": "auto" });
    assert_eq!(serde_json::to_value(CheckSettings::default()).unwrap(), default);
    assert!(serde_json::from_value::<StepSize>(json!("automatic")).is_err());
}
