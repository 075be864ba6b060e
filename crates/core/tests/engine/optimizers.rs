//! The contract of every optimizer.

use crate::draws::normals;
use crate::items::every;
use chainrule_core::optimizer::{GradientState, Optimizer, Rule};
use chainrule_core::real::Element;
use chainrule_core::registry::Entry;

/// The optimizers that use the gradient.
fn optimizers() -> Vec<Optimizer> {
    every::<Optimizer>(&Optimizer::entries()).into_iter().filter(uses_gradient).collect()
}

pub(crate) fn uses_gradient(optimizer: &Optimizer) -> bool {
    matches!(optimizer.kernel::<f64>().start(1), Rule::Gradient(_))
}

fn state_of<F: Element>(optimizer: &Optimizer, n_parameters: usize) -> Box<dyn GradientState<F>> {
    optimizer.kernel().start(n_parameters).gradient().unwrap()
}

/// The bytes of the parameters after each of `gradients`.
fn path<F: Element>(optimizer: &Optimizer, start: &[f64], gradients: &[Vec<f64>]) -> Vec<Vec<[u8; 8]>> {
    let convert = |values: &[f64]| values.iter().map(|&x| F::from_f64(x)).collect::<Vec<_>>();
    let (mut parameters, mut state) = (convert(start), state_of(optimizer, start.len()));
    let steps = gradients.iter().map(|gradient| {
        state.step(&mut parameters, &convert(gradient), F::from_f64(0.05));
        parameters.iter().map(|x| x.to_le_bytes8()).collect()
    });
    steps.collect()
}

fn gradients() -> Vec<Vec<f64>> {
    (0..10).map(|step| normals(37, 100 + step)).collect()
}

#[test]
fn two_states_do_the_same() {
    for optimizer in optimizers() {
        let start = normals(37, 1);
        assert_eq!(
            path::<f64>(&optimizer, &start, &gradients()),
            path::<f64>(&optimizer, &start, &gradients())
        );
        assert_eq!(
            path::<f32>(&optimizer, &start, &gradients()),
            path::<f32>(&optimizer, &start, &gradients())
        );
    }
}

fn rests<F: Element>(optimizer: &Optimizer) {
    let start = normals(37, 1);
    let still: Vec<_> = start.iter().map(|&x| F::from_f64(x).to_le_bytes8()).collect();
    for parameters in path::<F>(optimizer, &start, &vec![vec![0.0; 37]; 5]) {
        assert_eq!(parameters, still, "{optimizer:?} moves without a gradient");
    }
}

#[test]
fn without_a_gradient_nothing_moves() {
    for optimizer in optimizers() {
        rests::<f32>(&optimizer);
        rests::<f64>(&optimizer);
    }
}

/// ½ Σ cᵢ xᵢ² with c = 1, 2, 5 after 1000 steps from 1, 1, 1, where it is 4.
fn descent<F: Element>(optimizer: &Optimizer, learning_rate: f64) -> f64 {
    let curvatures = [1.0, 2.0, 5.0].map(F::from_f64);
    let (mut x, mut state) = ([F::ONE; 3], state_of(optimizer, 3));
    for _ in 0..1000 {
        let gradient = [0, 1, 2].map(|i| curvatures[i] * x[i]);
        state.step(&mut x, &gradient, F::from_f64(learning_rate));
    }
    (0..3).map(|i| 0.5 * curvatures[i].to_f64() * x[i].to_f64().powi(2)).sum()
}

/// At one of three rates. An optimizer that divides by the size of the gradient finally oscillates by about the rate,
/// and needs a small one. An optimizer that divides by all gradients so far needs a large one.
#[test]
fn a_quadratic_is_minimised() {
    let named = |entry: &Entry| Optimizer::from_name(entry.name).unwrap();
    for optimizer in Optimizer::entries().iter().map(named).filter(uses_gradient) {
        for descent in [descent::<f32>, descent::<f64>] {
            let ends = [0.002, 0.02, 0.5].map(|rate| descent(&optimizer, rate));
            assert!(ends.iter().any(|&value| value < 1e-4), "{optimizer:?} ends at {ends:?}");
        }
    }
}

/// v = 0·v − η·g is −η·g exactly, and so is 0·v − η·g with this v; θ + (−η·g) is θ − η·g exactly.
#[test]
fn momentum_without_memory_is_gradient_descent() {
    let sgd = Optimizer::from_name("sgd").unwrap();
    let start = normals(37, 2);
    for spec in [r#"{ "momentum": { "mu": 0.0 } }"#, r#"{ "nesterov": { "mu": 0.0 } }"#] {
        let momentum: Optimizer = serde_json::from_str(spec).unwrap();
        assert_eq!(path::<f64>(&momentum, &start, &gradients()), path::<f64>(&sgd, &start, &gradients()));
        assert_eq!(path::<f32>(&momentum, &start, &gradients()), path::<f32>(&sgd, &start, &gradients()));
    }
}

/// Three steps from 0 along the constant gradient `g`, compared with hand calculations.
#[track_caller]
fn assert_walk(spec: &str, rate: f64, g: f64, expected: [f64; 3]) {
    let optimizer: Optimizer = serde_json::from_str(spec).unwrap();
    let (mut x, mut state) = ([0.0], state_of(&optimizer, 1));
    for expected in expected {
        state.step(&mut x, &[g], rate);
        assert!((x[0] - expected).abs() < 1e-12, "{spec}: {}, not {expected}", x[0]);
    }
}

#[test]
fn constant_gradients_by_hand() {
    // Steps 0.1·2.
    assert_walk(r#""sgd""#, 0.1, 2.0, [-0.2, -0.4, -0.6]);
    // Velocities −0.1, −0.15, −0.175.
    assert_walk(r#"{ "momentum": { "mu": 0.5 } }"#, 0.1, 1.0, [-0.1, -0.25, -0.425]);
    // The same velocities: steps ½v − 0.1 are −0.15, −0.175, −0.1875.
    assert_walk(r#"{ "nesterov": { "mu": 0.5 } }"#, 0.1, 1.0, [-0.15, -0.325, -0.5125]);
    // s = 9, 18, 27, with roots 3, 3√2, 3√3: steps 3/(3√t + 3) = 1/(√t + 1), which is ½, √2 − 1, (√3 − 1)/2.
    let (two, three) = (2.0f64.sqrt(), 3.0f64.sqrt());
    let steps = [0.5, two - 1.0, (three - 1.0) / 2.0];
    let places = [-steps[0], -steps[0] - steps[1], -steps[0] - steps[1] - steps[2]];
    assert_walk(r#"{ "adagrad": { "epsilon": 3.0 } }"#, 1.0, 3.0, places);
    // v = 4·(1 − ρᵗ) with ρ = 0.36: 4·0.64, 4·0.8704, 4·0.953344, with roots 1.6 and 2√0.8704, 2√0.953344.
    // Steps 0.1·2/(√v + 0.4): 0.2/2 = 0.1 at first.
    let (second, third) = (0.2 / (2.0 * 0.8704f64.sqrt() + 0.4), 0.2 / (2.0 * 0.953344f64.sqrt() + 0.4));
    let places = [-0.1, -0.1 - second, -0.1 - second - third];
    assert_walk(r#"{ "rmsprop": { "rho": 0.36, "epsilon": 0.4 } }"#, 0.1, 2.0, places);
    // g = 1: m̂ = v̂ = 1 at every t, so that each step is η/(1 + ε), whatever the betas.
    let adam = r#"{ "adam": { "beta1": 0.7, "beta2": 0.2, "epsilon": 0.25 } }"#;
    assert_walk(adam, 0.5, 1.0, [-0.4, -0.8, -1.2]);
}
