//! The contract of every output.

use crate::draws::normals;
use crate::items::every;
use crate::numeric::slope;
use chainrule_core::output::Output;
use chainrule_core::real::Element;

fn outputs() -> Vec<Output> {
    every(&Output::entries())
}

fn apply<F: Element>(output: &Output, n_out: usize, logits: &[F]) -> Vec<F> {
    let mut outputs = vec![F::ZERO; logits.len()];
    output.kernel().forward(n_out, logits, &mut outputs);
    outputs
}

/// `backward` is within 1e-7 of the slope of g·ŷ in each logit, with a floor of 1e-3.
#[test]
fn backward_is_the_transposed_jacobian() {
    for output in outputs() {
        for (n_out, rows) in [(1, 5), (2, 3), (3, 4), (10, 2)] {
            let (logits, upstream) = (normals(n_out * rows, 1), normals(n_out * rows, 2));
            let mut gradient = upstream.clone();
            output.kernel().backward(n_out, &apply(&output, n_out, &logits), &mut gradient);
            for j in 0..logits.len() {
                let expected = slope(1e-3, |step| {
                    let mut moved = logits.clone();
                    moved[j] += step;
                    apply(&output, n_out, &moved).iter().zip(&upstream).map(|(y, g)| y * g).sum()
                });
                let error = (gradient[j] - expected).abs() / expected.abs().max(1e-3);
                assert!(error < 1e-7, "{output:?} with {n_out}: {} instead of {expected}", gradient[j]);
            }
        }
    }
}

fn probabilities<F: Element>(output: &Output, tolerance: f64) {
    let kernel = output.kernel::<F>();
    for n_out in [1, 2, 3, 10] {
        for size in [1.0, 30.0, 1000.0] {
            let logits: Vec<F> = normals(n_out * 20, 3).into_iter().map(|z| F::from_f64(size * z)).collect();
            let outputs = apply(output, n_out, &logits);
            assert!(outputs.iter().all(|y| y.is_finite()), "{output:?} at {size}");
            let probabilities = kernel.is_distribution() || kernel.is_probability();
            assert!(!probabilities || outputs.iter().all(|&y| y >= F::ZERO && y <= F::ONE), "{output:?}");
            for row in outputs.chunks(n_out).filter(|_| kernel.is_distribution()) {
                let sum: f64 = row.iter().map(|y| y.to_f64()).sum();
                assert!((sum - 1.0).abs() < tolerance, "{output:?}: a row sums to {sum}");
            }
        }
    }
}

#[test]
fn probabilities_are_probabilities() {
    for output in outputs() {
        probabilities::<f32>(&output, 1e-6);
        probabilities::<f64>(&output, 1e-14);
    }
}

/// e^(±1000) overflows or underflows in every precision, but the outputs are exact: 1 and 0, and ½ for equal logits.
#[test]
fn softmax_is_stable_at_a_thousand() {
    let softmax = Output::from_name("softmax").unwrap();
    assert_eq!(apply(&softmax, 2, &[1000.0, -1000.0, -1000.0, -1000.0]), [1.0, 0.0, 0.5, 0.5]);
    assert_eq!(apply(&softmax, 2, &[1000.0f32, 1000.0, -1000.0, 1000.0]), [0.5, 0.5, 0.0, 1.0]);
}

/// e^0.3 = 1.34985881, e^0.6 = 1.82211880, their sum 3.17197761: 0.42555748 and 0.57444252.
#[test]
fn softmax_by_hand() {
    let outputs = apply(&Output::from_name("softmax").unwrap(), 2, &[0.3f64, 0.6]);
    assert!(
        (outputs[0] - 0.425_557_48).abs() < 1e-8 && (outputs[1] - 0.574_442_52).abs() < 1e-8,
        "{outputs:?}"
    );
}

#[test]
fn nan_stays_nan() {
    for output in outputs() {
        for position in 0..3 {
            let mut logits = [0.5, 2.0, -1.0];
            logits[position] = f64::NAN;
            assert!(apply(&output, 3, &logits)[position].is_nan(), "{output:?}");
        }
    }
}
