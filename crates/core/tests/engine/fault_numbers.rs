//! Wrong gradients of networks that are small enough for hand calculations.

use crate::numeric::worst;
use crate::uncancelled::gradient;
use crate::watch::{activation, loss, output};
use chainrule_core::fault::Fault;
use chainrule_core::loss::Loss;
use chainrule_core::network::Network;
use chainrule_core::penalty::Penalty;
use chainrule_core::reference::{Batch, ScaledCost};
use serde_json::json;

/// A network and a batch; initially linear, with half the squared error and without biases.
struct Small {
    network: Network<f64>,
    loss: Loss,
    penalty: Penalty,
    features: Vec<f64>,
    targets: Vec<f64>,
    masks: Vec<Vec<f64>>,
}

fn small(widths: &[usize], parameters: &[f64], features: &[f64], targets: &[f64]) -> Small {
    let mut network = Network::new(widths, false, activation("identity"), output("identity"));
    network.parameters.copy_from_slice(parameters);
    Small {
        network,
        loss: loss("half_squared_error"),
        penalty: Penalty::default(),
        features: features.to_vec(),
        targets: targets.to_vec(),
        masks: Vec::new(),
    }
}

impl Small {
    fn activation(mut self, name: &str) -> Self {
        self.network.activation = activation(name);
        self
    }

    fn loss(mut self, loss_name: &str, output_name: &str) -> Self {
        (self.loss, self.network.output) = (loss(loss_name), output(output_name));
        self
    }

    fn masks(mut self, masks: &[f64]) -> Self {
        self.masks = masks.iter().map(|&mask| vec![mask]).collect();
        self
    }

    /// A layer of one unit with a bias, and half of the squared weight as penalty.
    fn penalised(mut self, bias: f64) -> Self {
        self.network = Network::new(&[1, 1], true, activation("identity"), output("identity"));
        self.network.parameters.copy_from_slice(&[1.0, bias]);
        self.penalty = serde_json::from_value(json!({ "l2": { "strength": 0.5 } })).unwrap();
        self
    }

    /// ∂J/∂θ with `fault`, and the parameters afterwards. The mean over the batch.
    fn wrong(&self, fault: &str) -> (Vec<f64>, Vec<f64>) {
        let mut network = self.network.clone();
        let batch = Batch { features: &self.features, targets: &self.targets, masks: &self.masks };
        let samples = self.features.len() / network.n_in();
        let cost = ScaledCost { loss: &self.loss, scale: 1.0 / samples as f64, penalty: &self.penalty };
        let fault = Fault::from_name(fault).unwrap_or_else(|| panic!("{fault}"));
        let gradient = gradient(&mut network, batch, cost, fault.kernel());
        (gradient.parameters, network.parameters)
    }

    /// Every entry is within 1e-12 of the larger number or 1.
    #[track_caller]
    fn gives(&self, fault: &str, expected: &[f64]) {
        let (got, parameters) = self.wrong(fault);
        assert!(worst(&got, expected, 1.0) < 1e-12, "{fault}: {got:?} instead of {expected:?}");
        assert_eq!(parameters, self.network.parameters, "{fault} changes parameters");
    }
}

/// For numbers printed to some digits: half a unit in the last digit.
#[track_caller]
fn assert_printed(got: &[f64], printed: &[f64], unit: f64) {
    for (got, printed) in got.iter().zip(printed) {
        assert!((got - printed).abs() <= 0.5 * unit, "{got} instead of {printed}");
    }
}

/// A network 3-3-3-1 of sigmoid units, including the output, without biases, x = (0.5, −1, 2), target 0.3. Its gradient
/// was computed separately, by finite differences in Python. An often printed expression for one entry of ∂J/∂W¹ has no
/// free index and is the sum of all nine.
#[test]
fn a_formula_without_a_free_index_is_the_sum_of_all_entries() {
    let weights = [
        0.1, -0.2, 0.3, 0.4, 0.5, -0.6, -0.7, 0.8, 0.9, 0.2, -0.4, 0.6, 0.1, 0.3, -0.5, -0.8, 0.7, 0.9, 0.5,
        -0.3, 0.8,
    ];
    let net = small(&[3, 3, 3, 1], &weights, &[0.5, -1.0, 2.0], &[0.3]).activation("sigmoid");
    let net = net.loss("half_squared_error", "sigmoid");
    let (right, _) = net.wrong("none");
    assert_printed(&right[..2], &[7.51471543e-4, -7.38827338e-4], 1e-12);
    assert_printed(&right[2..3], &[7.90957978e-5], 1e-13);
    assert_printed(&right[6..7], &[3.00588617e-3], 1e-11);
    let (wrong, _) = net.wrong("summed_first_layer");
    assert_printed(&wrong[..9], &[2.752200088e-4; 9], 1e-13);
    assert_eq!(wrong[9..], right[9..]);
}

/// z = (0.3, −0.7, 1.1), y = (0, 1, 0): the weights of one input of 1 are the logits, their gradient is δ.
#[test]
fn two_errors_of_an_entropy_cancel() {
    let softmax =
        |loss: &str| small(&[1, 3], &[0.3, -0.7, 1.1], &[1.0], &[0.0, 1.0, 0.0]).loss(loss, "softmax");
    let (difference, true_gradient) = ([0.27829, -0.89762, 0.61934], [0.10380, -1.10366, 0.99986]);
    let binary = softmax("binary_cross_entropy");
    assert_printed(&binary.wrong("none").0, &true_gradient, 1e-5);
    assert_printed(&binary.wrong("difference_as_delta").0, &difference, 1e-5);
    let exact = binary.wrong("difference_as_delta").0;
    binary.gives("diagonal_softmax_jacobian", &exact);
    binary.gives("binary_derivative_and_diagonal_jacobian", &exact);
    let cross = softmax("cross_entropy");
    cross.gives("none", &exact);
    cross.gives("binary_derivative_and_diagonal_jacobian", &exact);
    // −(1 − ŷ) for the class of the target, and 0 elsewhere: −yⱼ/ŷⱼ · ŷⱼ·(1 − ŷⱼ).
    cross.gives("diagonal_softmax_jacobian", &[0.0, exact[1], 0.0]);
}

/// x = 3, w = 0.1, y = 1, L = (y − ŷ)²: ŷ = 0.3, ∂L/∂w = 2·(0.3 − 1)·3 = −4.2.
#[test]
fn squared_errors_by_hand() {
    let line = small(&[1, 1], &[0.1], &[3.0], &[1.0]).loss("squared_error", "identity");
    line.gives("none", &[-4.2]);
    line.gives("missing_factor_two", &[-2.1]);
    line.gives("wrong_sign", &[4.2]);
    line.gives("difference_as_delta", &[-2.1]);
    // Their error is not in the gradient of a batch.
    line.gives("gradients_not_cleared", &[-4.2]);
    line.gives("wrong_update_sign", &[-4.2]);
}

/// 1-1-1, w¹ = 2, w² = 3, x = 1, target ŷ − 1 so that δ² = 1: z = 2, a = φ(2), ∂J/∂w² = a, ∂J/∂w¹ = 3·φ'(2).
#[test]
fn derivatives_of_activations_by_hand() {
    let net = |name: &str, a: f64| small(&[1, 1, 1], &[2.0, 3.0], &[1.0], &[3.0 * a - 1.0]).activation(name);
    // sigmoid(2) and tanh(2), and their values at those and at 3a: `python3 -c "from math import *; …"`.
    let a = 0.880_797_077_977_882_3;
    let sigmoid = net("sigmoid", a);
    sigmoid.gives("none", &[3.0 * a * (1.0 - a), a]);
    sigmoid.gives("no_activation_derivative", &[3.0, a]);
    sigmoid.gives("output_formula_at_input", &[3.0 * 2.0 * (1.0 - 2.0), a]);
    let at_a = 0.706_987_368_000_104_6;
    sigmoid.gives("derivative_at_output", &[3.0 * at_a * (1.0 - at_a), a]);
    let at_output = 0.933_540_476_818_325_4;
    sigmoid.gives("off_by_one_layer", &[3.0 * at_output * (1.0 - at_output), a]);
    sigmoid.gives("missing_learnt_gradient", &[3.0 * a * (1.0 - a), a]);
    let a = 0.964_027_580_075_816_9;
    let tanh = net("tanh", a);
    tanh.gives("none", &[3.0 * (1.0 - a * a), a]);
    tanh.gives("output_formula_at_input", &[3.0 * (1.0 - 4.0), a]);
}

/// 1-1-1, w¹ = −2, w² = 3, x = 1, y = −1: z = −2, a = 0, ŷ = 0, δ² = 1. The gradient through the inactive unit is 0, or
/// 3 if its mask never fires. Its weight becomes 0 if the mask is applied to the weights. With w¹ = 2, all faults have
/// no effect.
#[test]
fn masks_of_inactive_units_by_hand() {
    let inactive = small(&[1, 1, 1], &[-2.0, 3.0], &[1.0], &[-1.0]).activation("relu");
    inactive.gives("none", &[0.0, 0.0]);
    inactive.gives("relu_mask_after_clipping", &[3.0, 0.0]);
    inactive.gives("no_activation_derivative", &[3.0, 0.0]);
    inactive.gives("derivative_at_output", &[0.0, 0.0]);
    assert_eq!(inactive.wrong("weights_zeroed_by_mask"), (vec![0.0, 0.0], vec![0.0, 3.0]));
    let active = small(&[1, 1, 1], &[2.0, 3.0], &[1.0], &[5.0]).activation("relu");
    for fault in ["none", "relu_mask_after_clipping", "no_activation_derivative", "weights_zeroed_by_mask"] {
        active.gives(fault, &[3.0, 2.0]);
    }
}

/// Linear, x = 1, W¹ = (1, 1), so a = (1, 1), and ŷ − y = (1, 10, …): the gradient of W¹ is `W²·δ`, for a square and
/// for a longer matrix. Transposed: 1·1 + 3·10 and 2·1 + 4·10, and the rows of (1 2 | 3 4 | 5 6) in place of the
/// columns of (1 2 3 | 4 5 6). With overwritten sums, only the last column.
#[test]
fn sums_on_the_way_back_by_hand() {
    let square = small(&[1, 2, 2], &[1.0, 1.0, 1.0, 2.0, 3.0, 4.0], &[1.0], &[3.0, -4.0]);
    let above = [1.0, 10.0, 1.0, 10.0];
    square.gives("none", &[&[21.0, 43.0], &above[..]].concat());
    square.gives("transposed_weights", &[&[31.0, 42.0], &above[..]].concat());
    square.gives("overwritten_sum", &[&[20.0, 40.0], &above[..]].concat());
    let long = small(
        &[1, 2, 3],
        &[1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        &[1.0],
        &[5.0 - 1.0, 7.0 - 10.0, 9.0 - 100.0],
    );
    let above = [1.0, 10.0, 100.0, 1.0, 10.0, 100.0];
    long.gives("none", &[&[321.0, 654.0], &above[..]].concat());
    long.gives("transposed_weights", &[&[531.0, 642.0], &above[..]].concat());
    long.gives("overwritten_sum", &[&[300.0, 600.0], &above[..]].concat());
}

/// ŷ = w·x with w = 1, x = 1 and 2, y = 0: ∂L/∂w = x² = 1 and 4, with mean 2.5. The same through a second weight of 1;
/// with the activation of the previous sample, its gradient is (1·1 + 1·2)/2.
#[test]
fn batches_by_hand() {
    let line = small(&[1, 1], &[1.0], &[1.0, 2.0], &[0.0, 0.0]);
    line.gives("none", &[2.5]);
    line.gives("missing_batch_mean", &[5.0]);
    line.gives("batch_mean_twice", &[1.25]);
    line.gives("last_sample_only", &[2.0]);
    let two = small(&[1, 1, 1], &[1.0, 1.0], &[1.0, 2.0], &[0.0, 0.0]);
    two.gives("none", &[2.5, 2.5]);
    two.gives("stale_activations", &[2.5, 1.5]);
}

/// ŷ = 1·1 + 2 = 3, y = 0, penalty ½·0.5·w²: ∂J/∂w = 3·1 + 0.5·1, ∂J/∂b = 3; the same for two equal samples.
#[test]
fn penalties_and_biases_by_hand() {
    let line = small(&[1, 1], &[1.0], &[1.0, 1.0], &[0.0, 0.0]).penalised(2.0);
    line.gives("none", &[3.5, 3.0]);
    line.gives("penalty_left_out", &[3.0, 3.0]);
    line.gives("penalty_on_biases", &[3.5, 4.0]);
    line.gives("penalty_in_batch_mean", &[3.25, 3.0]);
    line.gives("missing_bias_gradient", &[3.5, 0.0]);
}

/// 1-1-1 with weights 1, x = 1, p = ½. If the unit stays, its mask is 2: ŷ = 2, y = 0, ∂J/∂w² = 2·2 and ∂J/∂w¹ = 2·2.
/// If it is dropped, ŷ = 0, y = −1, and the gradients are 0.
#[test]
fn dropout_by_hand() {
    let stays = small(&[1, 1, 1], &[1.0, 1.0], &[1.0], &[0.0]).masks(&[2.0]);
    stays.gives("none", &[4.0, 4.0]);
    stays.gives("dropout_mask_not_reused", &[2.0, 4.0]);
    stays.gives("dropout_scale_missing", &[2.0, 4.0]);
    let dropped = small(&[1, 1, 1], &[1.0, 1.0], &[1.0], &[-1.0]).masks(&[0.0]);
    dropped.gives("none", &[0.0, 0.0]);
    dropped.gives("dropout_mask_not_reused", &[1.0, 0.0]);
    dropped.gives("dropout_scale_missing", &[0.0, 0.0]);
}

/// A learnt slope of ¼: w¹ = −2, w² = 3, x = 1, δ² = 1: a = −½, ∂J/∂w¹ = 3·¼, ∂J/∂slope = 3·(−2). Parameters in order: w¹,
/// slope, w².
#[test]
fn learnt_parameters_by_hand() {
    let mut net = small(&[1, 1, 1], &[-2.0, 3.0], &[1.0], &[-2.5]);
    net.network = Network::new(&[1, 1, 1], false, activation("prelu"), output("identity"));
    net.network.parameters.copy_from_slice(&[-2.0, 0.25, 3.0]);
    net.gives("none", &[0.75, -6.0, -0.5]);
    net.gives("missing_learnt_gradient", &[0.75, 0.0, -0.5]);
}
