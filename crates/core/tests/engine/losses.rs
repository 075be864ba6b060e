//! The contract of every loss, with every output that it supports.

use crate::draws::{normals, stream};
use crate::items::every;
use crate::numeric::{bits64, slope, worst};
use chainrule_core::loss::{Loss, Rows};
use chainrule_core::output::Output;
use chainrule_core::real::Element;
use serde_json::{Value, json};
use std::f64::consts::{LN_2, LN_10};

/// Every loss with every output that it supports.
pub(crate) fn pairings() -> Vec<(Loss, Output)> {
    let outputs: Vec<Output> = every(&Output::entries());
    let losses: Vec<Loss> = every(&Loss::entries());
    let all = losses.into_iter().flat_map(|loss| outputs.iter().map(move |&output| (loss, output)));
    all.filter(|(loss, output)| loss.check_output(output).is_ok()).collect()
}

/// Valid targets for an output: rows that sum to 1 for distributions, 0 or 1 for probabilities.
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

/// Soft targets: distributions over several classes, and probabilities between 0 and 1.
pub(crate) fn soft_targets(output: &Output, n_out: usize, rows: usize, seed: u64) -> Vec<f64> {
    let kernel = output.kernel::<f64>();
    if !kernel.is_distribution() && !kernel.is_probability() {
        return targets(output, n_out, rows, seed);
    }
    let mut stream = stream(seed);
    let mut targets: Vec<f64> = (0..n_out * rows).map(|_| 0.05 + 0.9 * stream.uniform()).collect();
    for row in targets.chunks_mut(n_out).filter(|_| kernel.is_distribution()) {
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|y| *y /= sum);
    }
    targets
}

/// Whether the outputs of a sample keep a distance from the kinks of a loss.
pub(crate) fn is_smooth(loss: &Loss, outputs: &[f64], targets: &[f64], distance: f64) -> bool {
    let kinks = loss.kernel::<f64>().kinks();
    let mut errors = outputs.iter().zip(targets).map(|(output, target)| (output - target).abs());
    errors.all(|error| kinks.iter().all(|kink| (error - kink).abs() >= distance))
}

/// Whether all outputs of a sample are far enough from 0 and 1. Otherwise a loss of probabilities, computed from the
/// outputs, loses digits in `1 − ŷ`: its gradient has a relative error of the precision's rounding over `1 − ŷ`.
pub(crate) fn is_well_conditioned((loss, output): (&Loss, &Output), outputs: &[f64]) -> bool {
    let kernel = loss.kernel::<f64>();
    let is_exact = !kernel.needs_classes() || kernel.is_fused(output);
    is_exact || outputs.iter().all(|y| (0.01..=0.99).contains(y))
}

fn apply<F: Element>(output: &Output, n_out: usize, logits: &[F]) -> Vec<F> {
    let mut outputs = vec![F::ZERO; logits.len()];
    output.kernel().forward(n_out, logits, &mut outputs);
    outputs
}

/// The losses of the samples, and delta.
pub(crate) fn evaluate<F: Element>(
    (loss, output): &(Loss, Output),
    n_out: usize,
    logits: &[F],
    targets: &[F],
) -> (Vec<F>, Vec<F>) {
    let outputs = apply(output, n_out, logits);
    let unset = F::from_f64(f64::NAN);
    let (mut losses, mut delta) = (vec![unset; logits.len() / n_out], vec![unset; logits.len()]);
    let rows = Rows { n_out, logits, outputs: &outputs, targets };
    loss.kernel().sample_losses(output, rows, &mut losses);
    loss.kernel().delta(output, rows, &mut delta);
    (losses, delta)
}

fn pairing(loss: &str, output: &str) -> (Loss, Output) {
    (Loss::from_name(loss).unwrap(), Output::from_name(output).unwrap())
}

/// A loss with a parameter value, and an output.
fn pairing_with(loss: Value, output: &str) -> (Loss, Output) {
    (serde_json::from_value(loss).unwrap(), Output::from_name(output).unwrap())
}

/// The worst error of delta in a batch, and the number of compared entries. Delta is compared with the slope of the
/// summed losses in each logit; errors are relative with a floor of 1e-3. Samples within 0.01 of a kink are left out,
/// so that a step of 2e-3 cannot cross one.
fn worst_of_slopes(pairing: &(Loss, Output), n_out: usize, logits: &[f64], targets: &[f64]) -> (f64, usize) {
    let (_, delta) = evaluate(pairing, n_out, logits, targets);
    let outputs = apply(&pairing.1, n_out, logits);
    let (mut worst, mut compared) = (0.0f64, 0);
    for j in 0..logits.len() {
        let sample = j / n_out * n_out..(j / n_out + 1) * n_out;
        if !is_smooth(&pairing.0, &outputs[sample.clone()], &targets[sample], 0.01) {
            continue;
        }
        let expected = slope(1e-3, |step| {
            let mut moved = logits.to_vec();
            moved[j] += step;
            evaluate(pairing, n_out, &moved, targets).0.iter().sum()
        });
        let error = (delta[j] - expected).abs() / expected.abs().max(1e-3);
        assert!(error < 1e-7, "{pairing:?}: {} instead of {expected}", delta[j]);
        (worst, compared) = (worst.max(error), compared + 1);
    }
    (worst, compared)
}

/// For hard and soft targets.
#[test]
fn delta_is_the_slope_of_the_loss() {
    let mut worst = 0.0f64;
    for pairing in pairings() {
        for make in [targets, soft_targets] {
            let mut compared = 0;
            for (n_out, rows) in [(1, 6), (2, 4), (3, 4), (10, 6)] {
                let targets = make(&pairing.1, n_out, rows, 6);
                let (error, entries) = worst_of_slopes(&pairing, n_out, &normals(n_out * rows, 5), &targets);
                (worst, compared) = (worst.max(error), compared + entries);
            }
            assert!(compared >= 10, "{pairing:?}: {compared} entries are too few to say anything");
        }
    }
    println!("worst: {worst:e}");
}

/// Documented kinks are real: the derivative or its slope jumps there, relative to the derivative's size.
#[test]
fn kinks_are_where_they_are_said_to_be() {
    for loss in every::<Loss>(&Loss::entries()) {
        let at = |error: f64| evaluate(&(loss, identity()), 1, &[error], &[0.0]).1[0];
        for kink in loss.kernel::<f64>().kinks() {
            let h = if kink == 0.0 { 1e-4 } else { 1e-4 * kink };
            let (below, here, above) = (at(kink - h), at(kink), at(kink + h));
            let (jump, bend) = ((above - below) / above, (above - 2.0 * here + below) / above);
            assert!(jump > 1.0 || bend.abs() > 5e-5, "{loss:?} at {kink}: {jump} {bend}");
        }
    }
}

fn identity() -> Output {
    Output::from_name("identity").unwrap()
}

/// The only two losses with kinks: the absolute error at 0, and Huber at its parameter.
#[test]
fn kinks_by_name() {
    let kinks = |spec: Value| serde_json::from_value::<Loss>(spec).unwrap().kernel::<f64>().kinks();
    assert_eq!(kinks(json!("absolute_error")), [0.0]);
    assert_eq!(kinks(json!({ "huber": { "delta": 0.25 } })), [0.25]);
    for smooth in ["half_squared_error", "squared_error", "cross_entropy", "binary_cross_entropy"] {
        assert!(kinks(json!(smooth)).is_empty());
    }
}

/// Single precision is within 1e-6 of double on the same rounded numbers, relative to the larger number or 1.
#[test]
fn single_precision_agrees_with_double() {
    let mut worst_so_far = 0.0f64;
    for pairing in pairings() {
        for (n_out, rows) in [(1, 7), (3, 5), (10, 30)] {
            let logits: Vec<f32> = normals(n_out * rows, 8).into_iter().map(|z| z as f32).collect();
            let targets = soft_targets(&pairing.1, n_out, rows, 9);
            let targets: Vec<f32> = targets.into_iter().map(|y| y as f32).collect();
            let double = |values: &[f32]| values.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
            let (losses, delta) = evaluate(&pairing, n_out, &logits, &targets);
            let expected = evaluate(&pairing, n_out, &double(&logits), &double(&targets));
            let errors =
                (worst(&double(&losses), &expected.0, 1.0), worst(&double(&delta), &expected.1, 1.0));
            assert!(errors.0 < 1e-6 && errors.1 < 1e-6, "{pairing:?}: {errors:?}");
            worst_so_far = worst_so_far.max(errors.0).max(errors.1);
        }
    }
    println!("worst: {worst_so_far:e}");
}

/// A row has the same loss alone and in a batch longer than the number of values computed at a time, bit for bit.
#[test]
fn samples_do_not_see_each_other() {
    for pairing in pairings() {
        for (n_out, rows) in [(1, 300), (3, 100), (150, 3)] {
            let (logits, targets) = (normals(n_out * rows, 10), soft_targets(&pairing.1, n_out, rows, 11));
            let (losses, delta) = evaluate(&pairing, n_out, &logits, &targets);
            let alone = logits.chunks(n_out).zip(targets.chunks(n_out));
            let alone = alone.map(|(logits, targets)| evaluate(&pairing, n_out, logits, targets));
            let (of_losses, of_delta): (Vec<_>, Vec<_>) = alone.unzip();
            assert_eq!(bits64(&losses), bits64(&of_losses.concat()), "{pairing:?}");
            assert_eq!(bits64(&delta), bits64(&of_delta.concat()), "{pairing:?}");
        }
    }
}

/// A loss is computed from the logits only with its own output, and never with `fused = false`.
#[test]
fn entropies_are_fused_with_their_own_output_unless_told_not_to() {
    let fused: Vec<_> = pairings()
        .into_iter()
        .filter(|(loss, output)| loss.kernel::<f64>().is_fused(output))
        .map(|(loss, output)| (loss.name(), json!(loss)[loss.name()]["fused"].clone(), output.name()))
        .collect();
    // Twice each: with the default, and with an explicit flag.
    let (cross, binary) =
        (("cross_entropy", json!(true), "softmax"), ("binary_cross_entropy", json!(true), "sigmoid"));
    assert_eq!(fused, [cross.clone(), cross, binary.clone(), binary]);
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
fn loss_of(pairing: &(Loss, Output), logits: &[f64], targets: &[f64]) -> [f64; 2] {
    let single = |values: &[f64]| values.iter().map(|&x| x as f32).collect::<Vec<_>>();
    let in_single = evaluate(pairing, logits.len(), &single(logits), &single(targets)).0[0];
    [evaluate(pairing, logits.len(), logits, targets).0[0], f64::from(in_single)]
}

#[track_caller]
fn assert_loss(pairing: &(Loss, Output), logits: &[f64], targets: &[f64], expected: f64) {
    let [double, single] = loss_of(pairing, logits, targets);
    assert!((double - expected).abs() < 5e-9, "{pairing:?}: {double} instead of {expected}");
    assert!((single - expected).abs() < 1e-6, "{pairing:?}: {single} instead of {expected}");
}

#[track_caller]
fn assert_delta(pairing: &(Loss, Output), logits: &[f64], targets: &[f64], expected: &[f64]) {
    let (_, delta) = evaluate(pairing, logits.len(), logits, targets);
    assert_eq!(delta.len(), expected.len());
    let close = delta.iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-8);
    assert!(close, "{pairing:?}: {delta:?} instead of {expected:?}");
}

fn error() -> (Loss, Output) {
    pairing("half_squared_error", "identity")
}

fn cross() -> (Loss, Output) {
    pairing("cross_entropy", "softmax")
}

fn binary() -> (Loss, Output) {
    pairing("binary_cross_entropy", "sigmoid")
}

/// The entropies with the other outputs, or not fused.
fn apart() -> [(Loss, Output); 2] {
    [
        pairing_with(json!({ "cross_entropy": { "fused": false } }), "softmax"),
        pairing_with(json!({ "binary_cross_entropy": { "fused": false } }), "sigmoid"),
    ]
}

#[test]
fn errors_by_hand() {
    let (logits, targets) = ([0.8, 0.2], [1.0, 0.0]);
    // ½ ((0.8 − 1)² + (0.2 − 0)²) = ½ (0.04 + 0.04)
    assert_loss(&error(), &logits, &targets, 0.04);
    // Without the half, and |−0.2| + |0.2|
    assert_loss(&pairing("squared_error", "identity"), &logits, &targets, 0.08);
    assert_loss(&pairing("absolute_error", "identity"), &logits, &targets, 0.4);
    // σ(0) = ½ for both: ½ (¼ + ¼), ¼ + ¼, ½ + ½
    assert_loss(&pairing("half_squared_error", "sigmoid"), &[0.0, 0.0], &targets, 0.25);
    assert_loss(&pairing("squared_error", "sigmoid"), &[0.0, 0.0], &targets, 0.5);
    assert_loss(&pairing("absolute_error", "sigmoid"), &[0.0, 0.0], &targets, 1.0);
    // Errors −0.5, 3 and 1: ½·0.25 within δ = 1, 1·(3 − ½) beyond, ½ at the border, where both forms agree
    let huber = pairing("huber", "identity");
    assert_loss(&huber, &[0.5, 3.0, 1.0], &[1.0, 0.0, 0.0], 0.125 + 2.5 + 0.5);
    // δ = 0.25, errors −0.5 and 0.2: 0.25·(0.5 − 0.125) + ½·0.04
    let narrow = pairing_with(json!({ "huber": { "delta": 0.25 } }), "identity");
    assert_loss(&narrow, &[0.5, 0.2], &[1.0, 0.0], 0.093_75 + 0.02);
}

#[test]
fn entropies_by_hand() {
    let [cross_apart, binary_apart] = apart();
    for cross in [cross(), cross_apart] {
        // softmax(0.3, 0.6) = (0.42555748, 0.57444252): −ln 0.42555748 = ln(1 + e^0.3) = ln 2.34985881
        assert_loss(&cross, &[0.3, 0.6], &[1.0, 0.0], 0.854_355_244);
        // 0.854355244 − 0.3, since the logits differ by 0.3
        assert_loss(&cross, &[0.3, 0.6], &[0.0, 1.0], 0.554_355_244);
        // Logits ln 0.9 and ln 0.1 are the distribution (0.9, 0.1): −ln 0.9
        assert_loss(&cross, &[libm::log(0.9), libm::log(0.1)], &[1.0, 0.0], 0.105_360_516);
        // Three equal logits: ln 3
        assert_loss(&cross, &[7.0, 7.0, 7.0], &[0.0, 1.0, 0.0], 1.098_612_289);
    }
    for binary in [binary(), binary_apart] {
        // σ(0) = ½: ln 2 for either class, and twice as much for two outputs
        assert_loss(&binary, &[0.0], &[1.0], LN_2);
        assert_loss(&binary, &[0.0, 0.0], &[1.0, 0.0], 2.0 * LN_2);
        // σ(ln 9) = 0.9: −ln 0.9 for class 1, −ln 0.1 for class 0
        assert_loss(&binary, &[libm::log(9.0)], &[1.0], 0.105_360_516);
        assert_loss(&binary, &[libm::log(9.0)], &[0.0], LN_10);
    }
    // σ(ln 9) = 0.9, and σ(0) = ½ of the other class costs nothing: −ln 0.9
    assert_loss(&pairing("cross_entropy", "sigmoid"), &[libm::log(9.0), 0.0], &[1.0, 0.0], 0.105_360_516);
    // (0.9, 0.1) again: −ln 0.9 of the first, −ln(1 − 0.1) of the second
    let (logits, both) = ([libm::log(0.9), libm::log(0.1)], 0.210_721_031);
    assert_loss(&pairing("binary_cross_entropy", "softmax"), &logits, &[1.0, 0.0], both);
}

/// e^(±1000) underflows or overflows, ln(1 + e^−1000) = 0, and the loss is the distance between the logits, or 0.
#[test]
fn losses_at_a_thousand_are_exact() {
    assert_eq!(loss_of(&binary(), &[-1000.0], &[1.0]), [1000.0; 2]);
    assert_eq!(loss_of(&binary(), &[1000.0], &[0.0]), [1000.0; 2]);
    assert_eq!(loss_of(&binary(), &[1000.0, -1000.0], &[1.0, 0.0]), [0.0; 2]);
    assert_eq!(loss_of(&cross(), &[1000.0, -1000.0], &[0.0, 1.0]), [2000.0; 2]);
    assert_eq!(loss_of(&cross(), &[1000.0, -1000.0], &[1.0, 0.0]), [0.0; 2]);
    // ½ · 1000², 1000², 1000, 1·(1000 − ½)
    assert_eq!(loss_of(&error(), &[-1000.0], &[0.0]), [500_000.0; 2]);
    assert_eq!(loss_of(&pairing("squared_error", "identity"), &[-1000.0], &[0.0]), [1_000_000.0; 2]);
    assert_eq!(loss_of(&pairing("absolute_error", "identity"), &[-1000.0], &[0.0]), [1000.0; 2]);
    assert_eq!(loss_of(&pairing("huber", "identity"), &[-1000.0], &[0.0]), [999.5; 2]);
    // ½ (1 − 0)²
    assert_eq!(loss_of(&pairing("half_squared_error", "sigmoid"), &[1000.0], &[0.0]), [0.5; 2]);
}

/// If not fused with the output, certain mistakes cost −ln of the smallest normal number, 2⁻¹⁰²² or 2⁻¹²⁶: 1022 ln 2 =
/// 708.396 and 126 ln 2 = 87.3365. Their gradient is 0, but the fused one is ŷ − y.
#[test]
fn certain_mistakes_teach_nothing_where_the_loss_stands_apart() {
    let [cross_apart, binary_apart] = apart();
    let certain = [1022.0 * LN_2, 126.0 * LN_2];
    let mistakes: [(_, &[f64], &[f64], f64); 4] = [
        (cross_apart, &[1000.0, -1000.0], &[0.0, 1.0], 1.0),
        (binary_apart, &[-1000.0], &[1.0], 1.0),
        (pairing("cross_entropy", "sigmoid"), &[1000.0, -1000.0], &[0.0, 1.0], 1.0),
        // Both outputs are wrong.
        (pairing("binary_cross_entropy", "softmax"), &[1000.0, -1000.0], &[0.0, 1.0], 2.0),
    ];
    for (pairing, logits, targets, outputs) in mistakes {
        let losses = loss_of(&pairing, logits, targets);
        let errors = [0, 1].map(|i| (losses[i] / (outputs * certain[i]) - 1.0).abs());
        assert!(errors[0] < 1e-15 && errors[1] < 1e-6, "{pairing:?}: {losses:?}");
        let (_, delta) = evaluate(&pairing, logits.len(), logits, targets);
        assert!(delta.iter().all(|&d| d == 0.0), "{pairing:?}: {delta:?}");
    }
    assert_eq!(evaluate(&cross(), 2, &[1000.0, -1000.0], &[0.0, 1.0]).1, [1.0, -1.0]);
    assert_eq!(evaluate(&binary(), 1, &[-1000.0], &[1.0]).1, [-1.0]);
}

#[test]
fn deltas_by_hand() {
    let [cross_apart, binary_apart] = apart();
    // softmax(0.3, 0.6) − (1, 0) = (0.42555748 − 1, 0.57444252), and σ(0) − 1 = −½, fused or not
    for cross in [cross(), cross_apart] {
        assert_delta(&cross, &[0.3, 0.6], &[1.0, 0.0], &[-0.574_442_52, 0.574_442_52]);
    }
    for binary in [binary(), binary_apart] {
        assert_delta(&binary, &[0.0], &[1.0], &[-0.5]);
    }
    // −y/ŷ · ŷ(1 − ŷ) = −(1 − ½) for the class, 0 for the other
    assert_delta(&pairing("cross_entropy", "sigmoid"), &[0.0, 1.0], &[1.0, 0.0], &[-0.5, 0.0]);
    // (ŷ − y) ŷ (1 − ŷ) = (½ − 1) · ¼, twice that, and sign(½ − 1) · ¼
    assert_delta(&pairing("half_squared_error", "sigmoid"), &[0.0], &[1.0], &[-0.125]);
    assert_delta(&pairing("squared_error", "sigmoid"), &[0.0], &[1.0], &[-0.25]);
    assert_delta(&pairing("absolute_error", "sigmoid"), &[0.0], &[1.0], &[-0.25]);
    // Errors 0.25, −3 and 0: their signs; themselves, limited to ±1
    let (logits, targets) = ([0.25, -3.0, 2.0], [0.0, 0.0, 2.0]);
    assert_delta(&pairing("absolute_error", "identity"), &logits, &targets, &[1.0, -1.0, 0.0]);
    assert_delta(&pairing("huber", "identity"), &logits, &targets, &[0.25, -1.0, 0.0]);
    assert_delta(&pairing("squared_error", "identity"), &logits, &targets, &[0.5, -6.0, 0.0]);
}

/// z = (0.3, −0.7, 1.1): e^z = (1.34985881, 0.49658530, 3.00416602), their sum 4.85061013, so
/// ŷ = (0.27828639, 0.10237584, 0.61933776). With y = (0, 1, 0) the derivatives in ŷ are
/// (1/(1 − ŷ₁), −1/ŷ₂, 1/(1 − ŷ₃)) = (1.38559, −9.76793, 2.62700), their mean under ŷ is
/// 0.38559 − 1 + 1.62700 = 1.01259, and ŷᵢ times the excess over the mean is (0.10380, −1.10366, 0.99986).
#[test]
fn binary_cross_entropy_over_a_softmax_is_not_the_gradient_that_is_printed_beside_it() {
    let (logits, targets) = ([0.3, -0.7, 1.1], [0.0, 1.0, 0.0]);
    let printed = [0.278_29, -0.897_62, 0.619_34];
    let close = |got: &[f64], digits: &[f64]| got.iter().zip(digits).all(|(got, y)| (got - y).abs() < 5e-6);
    let delta = |pairing: &(Loss, Output)| evaluate(pairing, 3, &logits, &targets).1;
    assert!(close(&delta(&cross()), &printed));
    let true_gradient = delta(&pairing("binary_cross_entropy", "softmax"));
    assert!(close(&true_gradient, &[0.103_80, -1.103_66, 0.999_86]), "{true_gradient:?}");

    // The softmax's outputs treated like sigmoid outputs: only the Jacobian's diagonal. Two errors cancel.
    let (softmax, [_, (loss, sigmoid)]) = (cross().1, apart());
    let outputs = apply(&softmax, 3, &logits);
    let rows = Rows { n_out: 3, logits: &logits, outputs: &outputs, targets: &targets };
    let mut through_diagonal = [0.0; 3];
    loss.kernel().delta(&sigmoid, rows, &mut through_diagonal);
    let difference: Vec<f64> = outputs.iter().zip(&targets).map(|(output, y)| output - y).collect();
    assert!(close(&difference, &printed) && worst(&through_diagonal, &difference, 1.0) < 1e-15);
}

#[test]
fn wrong_outputs_are_refused_with_the_right_ones() {
    let (loss, output) = pairing("cross_entropy", "identity");
    let error = loss.check_output(&output).unwrap_err().to_string();
    assert_eq!(
        error,
        "loss `cross_entropy` does not support output `identity`; it supports `softmax`, `sigmoid`"
    );
    assert!(
        pairings().iter().all(|(loss, _)| loss.check_output(&loss.kernel::<f64>().default_output()).is_ok())
    );
}

/// Errors support every output, with plain logits as default. Entropies need classes, and have their own output as
/// default.
#[test]
fn default_outputs_and_needs_by_name() {
    let of = |name: &str| {
        let loss = Loss::from_name(name).unwrap();
        (loss.kernel::<f64>().default_output().name(), loss.kernel::<f64>().needs_classes())
    };
    for error in ["half_squared_error", "squared_error", "absolute_error", "huber"] {
        assert_eq!(of(error), ("identity", false));
    }
    assert_eq!(of("cross_entropy"), ("softmax", true));
    assert_eq!(of("binary_cross_entropy"), ("sigmoid", true));
}

/// The documentation lists the same outputs as the engine.
#[test]
fn documented_outputs_are_the_outputs() {
    for entry in Loss::entries() {
        let outputs = Loss::from_name(entry.name).unwrap().kernel::<f64>().outputs();
        let list = outputs.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        assert!(entry.doc.contains(&format!(" - Outputs: {list}").as_str()), "{}: {list}", entry.name);
    }
}
