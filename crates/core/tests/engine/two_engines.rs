//! The fast engine against the slow and obvious one.

use crate::numeric::{max_abs, worst};
use crate::random_nets::{Case, cases};
use chainrule_core::loss::Loss;
use chainrule_core::reference::{Layer, ReferenceNetwork};

const TOLERANCE: f64 = 1e-12;

/// ∂L/∂ŷ, written out a second time.
fn loss_gradient(loss: &Loss, outputs: &[f64], targets: &[f64]) -> Vec<f64> {
    let by_output = |(p, y): (&f64, &f64)| match loss {
        // L = ½ Σ (p − y)²
        Loss::HalfSquaredError(_) => p - y,
        // L = Σ (p − y)²
        Loss::SquaredError(_) => (p - y) + (p - y),
        // L = Σ |p − y|
        Loss::AbsoluteError(_) => (p - y) / libm::fabs(p - y),
        // L = Σ ½ (p − y)² up to δ, Σ δ (|p − y| − ½ δ) from there
        Loss::Huber(huber) if libm::fabs(p - y) <= huber.delta => p - y,
        Loss::Huber(huber) => huber.delta * (p - y) / libm::fabs(p - y),
        // L = −Σ y ln p
        Loss::CrossEntropy(_) => -y / p,
        // L = −Σ (y ln p + (1 − y) ln(1 − p))
        Loss::BinaryCrossEntropy(_) => -y / p + (1.0 - y) / (1.0 - p),
    };
    outputs.iter().zip(targets).map(by_output).collect()
}

/// The sum over the samples of the slow engine's gradients, times the scale of the reduction.
fn slow(case: &Case) -> (Vec<f64>, Vec<Layer>) {
    let reference = ReferenceNetwork::from(&case.network);
    let mut outputs = Vec::new();
    let mut sum: Vec<Layer> = Vec::new();
    for (x, y) in case.each() {
        outputs.extend(reference.forward(x).activations.last().unwrap());
        let gradient = reference.gradient(x, |outputs| loss_gradient(&case.loss, outputs, y));
        if sum.is_empty() { sum = gradient } else { add(&mut sum, &gradient) }
    }
    let all = sum.iter_mut().flat_map(|layer| {
        layer.weights.iter_mut().flatten().chain(&mut layer.biases).chain(&mut layer.learnt)
    });
    all.for_each(|entry| *entry *= case.scale);
    (outputs, sum)
}

fn add(sum: &mut [Layer], terms: &[Layer]) {
    for (sum, term) in sum.iter_mut().zip(terms) {
        let weights = sum.weights.iter_mut().flatten().zip(term.weights.iter().flatten());
        let others = sum.biases.iter_mut().zip(&term.biases).chain(sum.learnt.iter_mut().zip(&term.learnt));
        weights.chain(others).for_each(|(sum, term)| *sum += term);
    }
}

/// The largest difference in a layer, as a multiple of the larger number or the layer's largest entry.
fn worst_of_layers(case: &Case, gradient: &[f64], expected: &[Layer]) -> f64 {
    let of_layer = |(layer, expected): (&chainrule_core::network::Layer, &Layer)| {
        let weights: Vec<f64> = expected.weights.iter().flatten().copied().collect();
        let scale = max_abs(&weights).max(max_abs(&expected.biases));
        let biases = &gradient[layer.biases.clone()];
        let of_weights = worst(&gradient[layer.weights.clone()], &weights, scale);
        let of_biases = if biases.is_empty() { 0.0 } else { worst(biases, &expected.biases, scale) };
        let of_learnt = worst(&gradient[layer.learnt.clone()], &expected.learnt, scale);
        [of_biases, of_learnt].into_iter().fold(of_weights, |a, b| if b <= a { a } else { b })
    };
    case.network.layers.iter().zip(expected).map(of_layer).fold(0.0, |a, b| if b <= a { a } else { b })
}

/// |a − b| ≤ 1e-12 · max(|a|, |b|, the layer's largest entry), samples within 1e-9 of a kink left out.
#[test]
fn gradients_and_outputs_agree() {
    let cases = cases(1e-9);
    // At least nine in ten of: thirteen activations × 36 pairings, parameters at points of their domains included, × 4
    // architectures × 3. Cases without a sample that keeps its distance are left out.
    assert!(cases.len() >= 5050, "{} cases", cases.len());
    let mut worst_so_far = (0.0, 0.0);
    for case in &cases {
        let ((outputs, gradient), (slow_outputs, slow_gradient)) = (case.fast(), slow(case));
        let errors = (worst(&outputs, &slow_outputs, 1.0), worst_of_layers(case, &gradient, &slow_gradient));
        assert!(errors.0 <= TOLERANCE && errors.1 <= TOLERANCE, "{}: {errors:?}", case.name());
        worst_so_far = (errors.0.max(worst_so_far.0), errors.1.max(worst_so_far.1));
    }
    println!("{} cases, worst of outputs and gradients: {worst_so_far:?}", cases.len());
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
