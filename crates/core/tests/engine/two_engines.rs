//! The fast engine, compared with the reference engine.

use crate::items::every;
use crate::numeric::{bits64, max_abs, worst};
use crate::random_nets::{Case, cases};
use crate::uncancelled::{backward, draw_masks, forward, gradient};
use chainrule_core::fault::Fault;
use chainrule_core::network::{Layer, Pass};
use chainrule_core::penalty::Penalty;
use chainrule_core::reference::{Batch, ReferenceNetwork, ScaledCost};

const TOLERANCE: f64 = 1e-12;

/// Outputs and gradient of the reference engine.
fn slow(case: &Case, penalty: &Penalty, masks: &[Vec<f64>]) -> (Vec<f64>, Vec<f64>) {
    let reference = ReferenceNetwork::from(&case.network);
    let outputs = case.each().flat_map(|(x, _)| reference.forward(x).outputs().to_vec()).collect();
    let batch = Batch { features: &case.features, targets: &case.targets, masks };
    let cost = ScaledCost { loss: &case.loss, scale: case.scale, penalty };
    let mut network = case.network.clone();
    let gradient = gradient(&mut network, batch, cost, Fault::default().kernel());
    assert_eq!(bits64(&network.parameters), bits64(&case.network.parameters), "the parameters stay");
    (outputs, gradient.parameters)
}

/// The largest difference in a layer, relative to the larger number or the layer's largest entry.
fn worst_of_layers(case: &Case, gradient: &[f64], expected: &[f64]) -> f64 {
    let of_layer = |layer: &Layer| {
        let ranges = [&layer.weights, &layer.biases, &layer.learnt];
        let scale = max_abs(&expected[layer.weights.clone()]).max(max_abs(&expected[layer.biases.clone()]));
        let errors = ranges.map(|range| worst(&gradient[range.clone()], &expected[range.clone()], scale));
        errors.into_iter().fold(0.0, |a, b| if b <= a { a } else { b })
    };
    case.network.layers.iter().map(of_layer).fold(0.0, |a, b| if b <= a { a } else { b })
}

/// |a − b| ≤ 1e-12 · max(|a|, |b|, the layer's largest entry), samples within 1e-9 of a kink left out.
#[test]
fn gradients_and_outputs_agree() {
    let cases = cases(1e-9);
    // At least nine in ten of: thirteen activations × 36 pairings, including points of the parameters' domains, × 4
    // architectures × 3. Cases without a sample far enough from kinks are left out.
    assert!(cases.len() >= 5050, "{} cases", cases.len());
    let mut worst_so_far = (0.0, 0.0);
    for case in &cases {
        let ((outputs, gradient), (slow_outputs, slow_gradient)) =
            (case.fast(), slow(case, &Penalty::default(), &[]));
        let errors = (worst(&outputs, &slow_outputs, 1.0), worst_of_layers(case, &gradient, &slow_gradient));
        assert!(errors.0 <= TOLERANCE && errors.1 <= TOLERANCE, "{}: {errors:?}", case.name());
        worst_so_far = (errors.0.max(worst_so_far.0), errors.1.max(worst_so_far.1));
    }
    println!("{} cases, worst of outputs and gradients: {worst_so_far:?}", cases.len());
}

/// The same with dropout, and with the penalty on the weights. A case is left out if dropout moves a probability so
/// close to 0 or 1 that the reference engine, which uses the outputs, loses digits.
#[test]
fn gradients_with_dropout_and_penalty_agree() {
    let penalties: Vec<Penalty> = every(&Penalty::entries());
    let is_deep = |case: &Case| case.network.layers.len() > 1;
    let (mut compared, mut worst_so_far) = (0, 0.0f64);
    for (index, mut case) in cases(1e-9).into_iter().filter(is_deep).enumerate() {
        case.network.dropout = 0.4;
        let penalty = penalties[index % penalties.len()];
        let mut pass = Pass::for_training(&case.network, case.samples());
        draw_masks(&mut pass, &case.network, case.samples(), index as u64, 0);
        let mut fast = vec![f64::NAN; case.network.parameters.len()];
        forward(&case.network, &case.features, &mut pass);
        let outputs = &pass.last().activation[..case.targets.len()];
        let needs_classes = case.loss.kernel::<f64>().needs_classes();
        if needs_classes && !outputs.iter().all(|y| (0.01..=0.99).contains(y)) {
            continue;
        }
        backward(
            &case.network,
            (&case.features, &case.targets),
            &case.loss,
            case.scale,
            &mut pass,
            &mut fast,
        );
        for layer in &case.network.layers {
            let weights = layer.weights.clone();
            penalty.kernel().add_gradient(&case.network.parameters[weights.clone()], &mut fast[weights]);
        }
        let hidden = case.network.layers.len() - 1;
        let masks: Vec<_> = pass.layers[..hidden].iter().map(|layer| layer.mask.clone()).collect();
        let error = worst_of_layers(&case, &fast, &slow(&case, &penalty, &masks).1);
        assert!(error <= TOLERANCE, "{} {penalty:?}: {error}", case.name());
        (compared, worst_so_far) = (compared + 1, worst_so_far.max(error));
    }
    assert!(compared > 1000, "{compared} cases");
    println!("{compared} cases, worst: {worst_so_far:e}");
}

/// A batch's gradient is the sum of its samples' gradients.
#[test]
fn samples_add_up() {
    let mut worst_so_far = 0.0f64;
    for case in cases(0.0) {
        let (_, batch) = case.fast();
        let mut sum = vec![0.0; batch.len()];
        for (x, y) in case.each() {
            let (_, gradient) = case.gradient_of(x, y);
            sum.iter_mut().zip(gradient).for_each(|(sum, term)| *sum += term);
        }
        let error = worst(&batch, &sum, max_abs(&batch));
        assert!(error <= TOLERANCE, "{}: {error}", case.name());
        worst_so_far = worst_so_far.max(error);
    }
    println!("worst: {worst_so_far:e}");
}
