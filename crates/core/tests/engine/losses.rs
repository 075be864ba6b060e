//! The contract of every loss, with every output that it goes with.

use crate::draws::{normals, stream};
use crate::items::every;
use crate::numeric::slope;
use chainrule_core::loss::{Loss, Rows};
use chainrule_core::output::Output;
use chainrule_core::real::Element;
use std::f64::consts::{LN_2, LN_10};

/// Every loss with every output that it accepts.
pub(crate) fn pairings() -> Vec<(Loss, Output)> {
    let outputs: Vec<Output> = every(&Output::entries());
    let losses: Vec<Loss> = every(&Loss::entries());
    let all = losses.into_iter().flat_map(|loss| outputs.iter().map(move |&output| (loss, output)));
    all.filter(|(loss, output)| loss.check_output(output).is_ok()).collect()
}

/// Targets that an output can be asked for: rows that sum to 1 for distributions, 0 or 1 for probabilities.
pub(crate) fn targets(output: &Output, n_out: usize, rows: usize, seed: u64) -> Vec<f64> {
    let kernel = output.kernel::<f64>();
    let mut stream = stream(seed);
    let mut targets = vec![0.0; n_out * rows];
    for row in targets.chunks_mut(n_out) {
        if kernel.is_distribution() {
            row[stream.below(n_out as u64) as usize] = 1.0;
        } else if kernel.is_probability() {
            row.iter_mut().for_each(|y| *y = stream.below(2) as f64);
        } else {
            row.iter_mut().for_each(|y| *y = stream.normal());
        }
    }
    targets
}

/// Losses of samples and delta.
fn evaluate<F: Element>(
    (loss, output): &(Loss, Output),
    n_out: usize,
    logits: &[F],
    targets: &[F],
) -> (Vec<F>, Vec<F>) {
    let (mut outputs, mut delta) = (vec![F::ZERO; logits.len()], vec![F::ZERO; logits.len()]);
    let mut losses = vec![F::ZERO; logits.len() / n_out];
    output.kernel().forward(n_out, logits, &mut outputs);
    let rows = Rows { n_out, logits, outputs: &outputs, targets };
    loss.kernel().sample_losses(rows, &mut losses);
    loss.kernel().delta(output, rows, &mut delta);
    (losses, delta)
}

fn pairing(loss: &str, output: &str) -> (Loss, Output) {
    (Loss::from_name(loss).unwrap(), Output::from_name(output).unwrap())
}

/// delta within 1e-7 of the slope of the summed losses in each logit, with a floor of 1e-3.
#[test]
fn delta_is_the_slope_of_the_loss() {
    for pairing in pairings() {
        for (n_out, rows) in [(1, 6), (2, 4), (3, 4), (10, 2)] {
            let logits = normals(n_out * rows, 5);
            let targets = targets(&pairing.1, n_out, rows, 6);
            let (_, delta) = evaluate(&pairing, n_out, &logits, &targets);
            for j in 0..logits.len() {
                let expected = slope(1e-3, |step| {
                    let mut moved = logits.clone();
                    moved[j] += step;
                    evaluate(&pairing, n_out, &moved, &targets).0.iter().sum()
                });
                let error = (delta[j] - expected).abs() / expected.abs().max(1e-3);
                assert!(error < 1e-7, "{pairing:?}: {} instead of {expected}", delta[j]);
            }
        }
    }
}

/// The same for targets that are no corner: a distribution that sums to 1 but names no class.
#[test]
fn delta_is_the_slope_for_soft_targets() {
    for pairing in pairings().into_iter().filter(|(_, output)| output.kernel::<f64>().is_distribution()) {
        let (logits, targets) = (normals(3, 7), [0.2, 0.5, 0.3]);
        let (_, delta) = evaluate(&pairing, 3, &logits, &targets);
        for j in 0..3 {
            let expected = slope(1e-3, |step| {
                let mut moved = logits.clone();
                moved[j] += step;
                evaluate(&pairing, 3, &moved, &targets).0[0]
            });
            assert!((delta[j] - expected).abs() < 1e-10, "{pairing:?}");
        }
    }
}

fn finite_at_a_thousand<F: Element>(pairing: &(Loss, Output)) {
    for n_out in [1usize, 2, 3] {
        for signs in 0..1 << n_out {
            let sign = |j: usize| if signs >> j & 1 == 1 { 1000.0 } else { -1000.0 };
            let logits: Vec<F> = (0..n_out).map(|j| F::from_f64(sign(j))).collect();
            for seed in 0..4 {
                let targets: Vec<F> =
                    targets(&pairing.1, n_out, 1, seed).into_iter().map(F::from_f64).collect();
                let (losses, delta) = evaluate(pairing, n_out, &logits, &targets);
                assert!(losses[0].is_finite() && losses[0] >= F::ZERO, "{pairing:?} {logits:?} {targets:?}");
                assert!(delta.iter().all(|d| d.is_finite()), "{pairing:?} {logits:?} {targets:?}");
            }
        }
    }
}

#[test]
fn losses_are_finite_and_not_negative_at_a_thousand() {
    for pairing in pairings() {
        finite_at_a_thousand::<f32>(&pairing);
        finite_at_a_thousand::<f64>(&pairing);
    }
}

#[test]
fn nan_stays_nan() {
    for pairing in pairings() {
        for position in 0..3 {
            let mut logits = [0.5, 2.0, -1.0];
            logits[position] = f64::NAN;
            let (losses, delta) = evaluate(&pairing, 3, &logits, &[0.0, 1.0, 0.0]);
            assert!(losses[0].is_nan() && delta.iter().any(|d| d.is_nan()), "{pairing:?}");
        }
    }
}

/// The loss of one sample in both precisions.
fn loss_of(names: (&str, &str), logits: &[f64], targets: &[f64]) -> [f64; 2] {
    let pairing = pairing(names.0, names.1);
    let single = |values: &[f64]| values.iter().map(|&x| x as f32).collect::<Vec<_>>();
    let in_single = evaluate(&pairing, logits.len(), &single(logits), &single(targets)).0[0];
    [evaluate(&pairing, logits.len(), logits, targets).0[0], f64::from(in_single)]
}

#[track_caller]
fn assert_loss(names: (&str, &str), logits: &[f64], targets: &[f64], expected: f64) {
    let [double, single] = loss_of(names, logits, targets);
    assert!((double - expected).abs() < 5e-9, "{names:?}: {double} instead of {expected}");
    assert!((single - expected).abs() < 1e-6, "{names:?}: {single} instead of {expected}");
}

const ERROR: (&str, &str) = ("half_squared_error", "identity");
const CROSS: (&str, &str) = ("cross_entropy", "softmax");
const BINARY: (&str, &str) = ("binary_cross_entropy", "sigmoid");

#[test]
fn losses_by_hand() {
    // ½ ((0.8 − 1)² + (0.2 − 0)²) = ½ (0.04 + 0.04)
    assert_loss(ERROR, &[0.8, 0.2], &[1.0, 0.0], 0.04);
    // σ(0) = ½ for both: ½ (¼ + ¼)
    assert_loss(("half_squared_error", "sigmoid"), &[0.0, 0.0], &[1.0, 0.0], 0.25);
    // softmax(0.3, 0.6) = (0.42555748, 0.57444252): −ln 0.42555748 = ln(1 + e^0.3) = ln 2.34985881
    assert_loss(CROSS, &[0.3, 0.6], &[1.0, 0.0], 0.854_355_244);
    // 0.854355244 − 0.3, since the logits differ by 0.3
    assert_loss(CROSS, &[0.3, 0.6], &[0.0, 1.0], 0.554_355_244);
    // Logits ln 0.9 and ln 0.1 are the distribution (0.9, 0.1): −ln 0.9
    assert_loss(CROSS, &[libm::log(0.9), libm::log(0.1)], &[1.0, 0.0], 0.105_360_516);
    // Three equal logits: ln 3
    assert_loss(CROSS, &[7.0, 7.0, 7.0], &[0.0, 1.0, 0.0], 1.098_612_289);
    // σ(0) = ½: ln 2 for either class, and twice that for two outputs
    assert_loss(BINARY, &[0.0], &[1.0], LN_2);
    assert_loss(BINARY, &[0.0, 0.0], &[1.0, 0.0], 2.0 * LN_2);
    // σ(ln 9) = 0.9: −ln 0.9 for class 1, −ln 0.1 for class 0
    assert_loss(BINARY, &[libm::log(9.0)], &[1.0], 0.105_360_516);
    assert_loss(BINARY, &[libm::log(9.0)], &[0.0], LN_10);
}

/// Where e^(±1000) is lost, ln(1 + e^−1000) = 0 and the loss is the distance between the logits, or 0.
#[test]
fn losses_at_a_thousand_are_exact() {
    assert_eq!(loss_of(BINARY, &[-1000.0], &[1.0]), [1000.0; 2]);
    assert_eq!(loss_of(BINARY, &[1000.0], &[0.0]), [1000.0; 2]);
    assert_eq!(loss_of(BINARY, &[1000.0, -1000.0], &[1.0, 0.0]), [0.0; 2]);
    assert_eq!(loss_of(CROSS, &[1000.0, -1000.0], &[0.0, 1.0]), [2000.0; 2]);
    assert_eq!(loss_of(CROSS, &[1000.0, -1000.0], &[1.0, 0.0]), [0.0; 2]);
    // ½ · 1000²
    assert_eq!(loss_of(ERROR, &[-1000.0], &[0.0]), [500_000.0; 2]);
    // ½ (1 − 0)²
    assert_eq!(loss_of(("half_squared_error", "sigmoid"), &[1000.0], &[0.0]), [0.5; 2]);
}

/// softmax(0.3, 0.6) − (1, 0) = (0.42555748 − 1, 0.57444252), and σ(0) − 1 = −½.
#[test]
fn deltas_by_hand() {
    let (_, delta) = evaluate(&pairing(CROSS.0, CROSS.1), 2, &[0.3f64, 0.6], &[1.0, 0.0]);
    assert!((delta[0] + 0.574_442_52).abs() < 1e-8 && (delta[1] - 0.574_442_52).abs() < 1e-8);
    assert_eq!(evaluate(&pairing(BINARY.0, BINARY.1), 1, &[0.0f64], &[1.0]).1, [-0.5]);
    // (ŷ − y) ŷ (1 − ŷ) = (½ − 1) · ¼
    assert_eq!(evaluate(&pairing("half_squared_error", "sigmoid"), 1, &[0.0], &[1.0]).1, [-0.125]);
}

#[test]
fn wrong_outputs_are_refused_with_the_right_ones() {
    let (loss, output) = pairing("cross_entropy", "sigmoid");
    let error = loss.check_output(&output).unwrap_err().to_string();
    assert_eq!(error, "loss `cross_entropy` does not go with output `sigmoid`; it goes with `softmax`");
    assert!(
        pairings().iter().all(|(loss, _)| loss.check_output(&loss.kernel::<f64>().default_output()).is_ok())
    );
}
