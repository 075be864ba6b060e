//! The engine in single precision, compared with double precision.

use crate::numeric::{max_abs, worst};
use crate::random_nets::{Case, cases};
use crate::uncancelled::{backward, forward, initialize};
use chainrule_core::network::{Network, Pass};

fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&x| x as f32).collect()
}

fn double(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&x| f64::from(x)).collect()
}

/// The case with every number rounded to single precision, and its gradient computed there.
fn in_single(case: &mut Case) -> Vec<f64> {
    let round = |values: &mut Vec<f64>| *values = double(&single(values));
    round(&mut case.network.parameters);
    round(&mut case.features);
    round(&mut case.targets);
    let Network { layers, parameters, activation, output, dropout } = case.network.clone();
    let network = Network { layers, parameters: single(&parameters), activation, output, dropout };
    let (features, targets) = (single(&case.features), single(&case.targets));
    let (mut pass, mut gradient) = (Pass::new(&network, case.samples()), vec![0.0; parameters.len()]);
    forward(&network, &features, &mut pass);
    backward(&network, (&features, &targets), &case.loss, case.scale as f32, &mut pass, &mut gradient);
    double(&gradient)
}

/// Every entry is within 5e-5 of the layer's largest one, or of 1e-2 if all are small: a few hundred roundings of 6e-8
/// each. For losses with a kink, 5e-2 replaces 1e-2, because their ∂L/∂ŷ does not shrink with the error. Numbers of size
/// 1, each rounded, then cancel in the softmax's Jacobian.
#[test]
fn single_precision_agrees_with_double() {
    let mut worst_so_far = 0.0f64;
    for mut case in cases(1e-3) {
        let single = in_single(&mut case);
        let (_, double) = case.fast();
        let floor = if case.loss.kernel::<f64>().kinks().is_empty() { 1e-2 } else { 5e-2 };
        for layer in &case.network.layers {
            let range = layer.weights.start..layer.biases.end.max(layer.weights.end);
            let scale = max_abs(&double[range.clone()]).max(floor);
            let error = worst(&single[range.clone()], &double[range], scale);
            assert!(error <= 5e-5, "{}: {error}", case.name());
            worst_so_far = worst_so_far.max(error);
        }
    }
    println!("worst: {worst_so_far:e}");
}

/// Both precisions start with the same draws, rounded.
#[test]
fn weights_begin_alike() {
    for case in cases(0.0).iter().take(20) {
        let mut double = case.network.clone();
        let Network { layers, activation, output, dropout, .. } = double.clone();
        let mut single = Network {
            layers,
            parameters: vec![0.0f32; double.parameters.len()],
            activation,
            output,
            dropout,
        };
        let initializer = chainrule_core::initializer::Initializer::default();
        double.parameters.fill(0.0);
        initialize(&mut double, &initializer, 5);
        initialize(&mut single, &initializer, 5);
        assert!(
            single
                .parameters
                .iter()
                .zip(&double.parameters)
                .all(|(s, d)| s.to_bits() == (*d as f32).to_bits())
        );
        assert!(max_abs(&double.parameters) > 0.0);
    }
}
