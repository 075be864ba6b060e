//! Properties of every network, for any numbers.

use crate::draws::normals;
use crate::numeric::{max_abs, worst};
use crate::uncancelled::{backward, forward};
use crate::watch::{activation, loss, output};
use chainrule_core::network::{Network, Pass};
use chainrule_core::optimizer::Optimizer;
use ndarray::Array2;

fn random_network(widths: &[usize], bias: bool, name: &str) -> Network<f64> {
    let mut network = Network::new(widths, bias, activation(name), output("identity"));
    let draws = normals(network.parameters.len(), 17);
    network.parameters.copy_from_slice(&draws);
    network
}

/// Outputs and gradient of half the squared error on a batch.
fn passes(network: &Network<f64>, x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut pass = Pass::new(network, x.len() / network.n_in());
    let mut gradient = vec![0.0; network.parameters.len()];
    forward(network, x, &mut pass);
    backward(network, (x, y), &loss("half_squared_error"), 1.0, &mut pass, &mut gradient);
    (pass.last().activation.clone(), gradient)
}

/// Without a non-linearity, a deep network is the product of its matrices: x·W¹·W²·W³.
#[test]
fn linear_layers_are_one_matrix() {
    let network = random_network(&[4, 6, 5, 3], false, "identity");
    let product = network.weights(0).dot(&network.weights(1)).dot(&network.weights(2));
    let x = Array2::from_shape_vec((7, 4), normals(28, 3)).unwrap();
    let (outputs, _) = passes(&network, x.as_slice().unwrap(), &[0.0; 21]);
    let expected = x.dot(&product);
    assert!(worst(&outputs, expected.as_slice().unwrap(), 1.0) < 1e-13);
}

/// Two layers with bias vectors, compared with the same layers without biases. There, the inputs have a column of ones
/// and the matrices have the biases as a last row. Outputs, gradients and updates are the same. The input gradient of
/// the column of ones is not used.
#[test]
fn a_column_of_ones_is_a_bias() {
    let (widths, samples) = ([3, 4, 2], 5);
    let with_bias = random_network(&widths, true, "tanh");
    let (x, y) = (normals(samples * 3, 5), normals(samples * 2, 6));
    let (outputs, gradient) = passes(&with_bias, &x, &y);
    let with_ones = |rows: &[f64], width: usize| -> Vec<f64> {
        rows.chunks(width).flat_map(|row| row.iter().copied().chain([1.0])).collect()
    };
    // The first layer without biases, on features with a column of ones: W row-major and then b is W with b as last
    // row.
    let layer = |index: usize| {
        let shape = &with_bias.layers[index];
        let mut single =
            Network::new(&[shape.n_in + 1, shape.n_out], false, activation("identity"), output("identity"));
        single.parameters.copy_from_slice(&with_bias.parameters[shape.weights.start..shape.biases.end]);
        single
    };
    let (first, second) = (layer(0), layer(1));
    let inputs = with_ones(&x, 3);
    let (z, _) = passes(&first, &inputs, &[0.0; 20]);
    let hidden: Vec<f64> = z.iter().map(|&z| libm::tanh(z)).collect();
    let hidden_ones = with_ones(&hidden, 4);
    let (out, above) = passes(&second, &hidden_ones, &y);
    assert!(worst(&out, &outputs, 1.0) < 1e-14);
    // δ of the hidden units: (ŷ − y)·Wᵀ without the row of the biases, times 1 − a².
    let weights = with_bias.weights(1);
    let delta: Vec<f64> = (0..samples * 4)
        .map(|i| {
            let (row, unit) = (i / 4, i % 4);
            let sum: f64 = (0..2).map(|k| (out[row * 2 + k] - y[row * 2 + k]) * weights[[unit, k]]).sum();
            sum * (1.0 - hidden[i] * hidden[i])
        })
        .collect();
    let mut below = vec![0.0; 4 * 4];
    for (row, d) in inputs.chunks(4).zip(delta.chunks(4)) {
        (0..16).for_each(|i| below[i] += row[i / 4] * d[i % 4]);
    }
    let expected = [below, above].concat();
    assert!(worst(&gradient, &expected, max_abs(&expected)) < 1e-13);
    for name in ["sgd", "momentum", "adam"] {
        let step = |parameters: &[f64], gradient: &[f64]| {
            let mut moved = parameters.to_vec();
            let optimizer = Optimizer::from_name(name).unwrap();
            let mut state = optimizer.kernel().start(moved.len()).gradient().unwrap();
            (0..3).for_each(|_| state.step(&mut moved, gradient, 0.1));
            moved
        };
        let apart = [step(&first.parameters, &expected[..16]), step(&second.parameters, &expected[16..])];
        assert!(worst(&step(&with_bias.parameters, &gradient), &apart.concat(), 1.0) < 1e-12, "{name}");
    }
}
