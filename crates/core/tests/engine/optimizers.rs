//! The contract of every optimizer.

use crate::draws::normals;
use crate::items::every;
use chainrule_core::optimizer::{GradientState, Optimizer, Rule};
use chainrule_core::real::Element;

/// Those that move along the gradient.
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

/// ½ Σ cᵢ xᵢ² with c = 1, 2, 5 falls from its start at 1, 1, 1, which is 4, below 1e-4 within 1000 steps.
fn descends<F: Element>(optimizer: &Optimizer) {
    let curvatures = [1.0, 2.0, 5.0].map(F::from_f64);
    let (mut x, mut state) = ([F::ONE; 3], state_of(optimizer, 3));
    for _ in 0..1000 {
        let gradient = [0, 1, 2].map(|i| curvatures[i] * x[i]);
        state.step(&mut x, &gradient, F::from_f64(0.02));
    }
    let value: f64 = (0..3).map(|i| 0.5 * curvatures[i].to_f64() * x[i].to_f64().powi(2)).sum();
    assert!(value < 1e-4, "{optimizer:?} ends at {value}");
}

#[test]
fn a_quadratic_is_minimised() {
    for optimizer in Optimizer::entries().iter().map(|entry| Optimizer::from_name(entry.name).unwrap()) {
        if !uses_gradient(&optimizer) {
            continue;
        }
        descends::<f32>(&optimizer);
        descends::<f64>(&optimizer);
    }
}

/// v = 0·v − η·g is −η·g exactly, and θ + (−η·g) is θ − η·g exactly.
#[test]
fn momentum_without_memory_is_gradient_descent() {
    let momentum: Optimizer = serde_json::from_str(r#"{ "momentum": { "mu": 0.0 } }"#).unwrap();
    let sgd = Optimizer::from_name("sgd").unwrap();
    let start = normals(37, 2);
    assert_eq!(path::<f64>(&momentum, &start, &gradients()), path::<f64>(&sgd, &start, &gradients()));
    assert_eq!(path::<f32>(&momentum, &start, &gradients()), path::<f32>(&sgd, &start, &gradients()));
}

/// With g = 1 at every step: m̂ = v̂ = 1 at every t, so that each step of Adam is η/(1 + ε), whatever the betas.
/// With momentum ½ and η = 0.1 the velocities are 0.1, 0.15, 0.175, and θ = −0.1, −0.25, −0.425.
#[test]
fn constant_gradients_by_hand() {
    let walk = |spec: &str, rate: f64| {
        let optimizer: Optimizer = serde_json::from_str(spec).unwrap();
        let (mut x, mut state) = ([0.0], state_of(&optimizer, 1));
        [1, 2, 3].map(|_| {
            state.step(&mut x, &[1.0], rate);
            x[0]
        })
    };
    let near =
        |got: [f64; 3], expected: [f64; 3]| got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
    assert!(near(walk(r#"{ "momentum": { "mu": 0.5 } }"#, 0.1), [-0.1, -0.25, -0.425]));
    let adam = walk(r#"{ "adam": { "beta1": 0.7, "beta2": 0.2, "epsilon": 0.25 } }"#, 0.5);
    assert!(near(adam, [-0.4, -0.8, -1.2]), "{adam:?}");
}
