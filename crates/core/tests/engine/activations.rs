//! The contract of every activation.

use crate::draws::normals;
use crate::items::every;
use crate::numeric::slope;
use chainrule_core::activation::{Activation, ActivationKernel, MOST_LEARNT};
use chainrule_core::real::Element;

fn activations() -> Vec<Activation> {
    every(&Activation::entries())
}

/// −30 to 30, dense, without the round numbers where kinks are likely.
fn points() -> impl Iterator<Item = f64> {
    (0..6000).map(|i| -29.9947 + 0.01 * f64::from(i))
}

fn near(kinks: &[f64], z: f64, distance: f64) -> bool {
    kinks.iter().any(|kink| (z - kink).abs() < distance)
}

/// φ' is within 1e-7 of the differences of φ, with a floor of 1e-4. The differences have an error of about 1e-12, and
/// proportionally more if φ is large.
#[test]
fn the_derivative_is_the_slope() {
    const H: f64 = 1e-3;
    for activation in activations() {
        let kernel = activation.kernel::<f64>();
        for z in points().filter(|&z| !near(kernel.kinks(), z, 3.0 * H)) {
            let slope = slope(H, |step| kernel.value(z + step));
            let a = kernel.value(z);
            let derivative = kernel.derivative(z, a);
            let error = (slope - derivative).abs() / derivative.abs().max(1e-4 * a.abs().max(1.0));
            assert!(error <= 1e-7, "{activation:?} at {z}: {derivative} instead of {slope}");
        }
    }
}

/// If the derivative is not meaningful, it is 0; otherwise it is not 0 everywhere.
#[test]
fn only_uninformative_derivatives_are_all_zero() {
    for activation in activations() {
        let kernel = activation.kernel::<f64>();
        let all_zero = points().all(|z| kernel.derivative(z, kernel.value(z)) == 0.0);
        assert_eq!(all_zero, !kernel.is_informative(), "{activation:?}");
    }
}

/// The largest jump of φ, φ' or φ'' at z. If φ is smooth there, the result is about 1e-5 times the next derivative.
fn jump(kernel: &dyn ActivationKernel<f64>, z: f64) -> f64 {
    const H: f64 = 1e-5;
    let slope = |z: f64| kernel.derivative(z, kernel.value(z));
    let side = |h: f64| [kernel.value(z + h), slope(z + h), (slope(z + 2.0 * h) - slope(z + h)) / h];
    let (below, above) = (side(-H), side(H));
    below.iter().zip(above).fold(0.0, |max, (below, above)| max.max((below - above).abs()))
}

/// There is a jump at each documented kink, unless a parameter makes both sides equal, and none elsewhere.
#[test]
fn kinks_are_where_they_are_said_to_be() {
    for entry in Activation::entries() {
        let activation = Activation::from_name(entry.name).unwrap();
        let kernel = activation.kernel::<f64>();
        for &kink in kernel.kinks() {
            assert!(jump(kernel, kink) > 1e-2, "{activation:?} at {kink}: no kink");
        }
        for z in (-1000..=1000).map(|i| f64::from(i) / 100.0).filter(|&z| !near(kernel.kinks(), z, 1e-3)) {
            assert!(jump(kernel, z) < 1e-3, "{activation:?} at {z}: a kink of {}", jump(kernel, z));
        }
    }
}

fn finite_and_honest<F: Element>(activation: &Activation) {
    let kernel = activation.kernel::<F>();
    for size in [0.0, 1e-30, 1e-8, 1.0, 20.0, 89.0, 100.0, 711.0, 1e4] {
        for z in [F::from_f64(size), F::from_f64(-size)] {
            let a = kernel.value(z);
            assert!(a.is_finite() && kernel.derivative(z, a).is_finite(), "{activation:?} at {z}");
        }
    }
    let nan = F::from_f64(f64::NAN);
    let is_nan = |x: F| x.to_f64().is_nan();
    assert!(is_nan(kernel.value(nan)), "{activation:?} makes a number of NaN");
    let (mut z, mut a) = (vec![nan; 37], vec![F::ZERO; 37]);
    kernel.forward(None, &mut z, &mut a);
    assert!(a.iter().all(|&a| is_nan(a)), "{activation:?}");
    for z in [f64::INFINITY, f64::NEG_INFINITY].map(F::from_f64) {
        kernel.derivative(z, kernel.value(z));
    }
}

#[test]
fn numbers_stay_finite_and_nan_stays_nan() {
    for activation in activations() {
        finite_and_honest::<f32>(&activation);
        finite_and_honest::<f64>(&activation);
    }
}

fn slices_equal_entries<F: Element>(kernel: &dyn ActivationKernel<F>, name: &str) {
    const WIDTH: usize = 7;
    let numbers =
        |seed| normals(WIDTH * 31, seed).into_iter().map(|x| F::from_f64(3.0 * x)).collect::<Vec<_>>();
    let bias = &numbers(1)[..WIDTH];
    for bias in [None, Some(bias)] {
        let given = numbers(2);
        let (mut z, mut a) = (given.clone(), vec![F::ZERO; given.len()]);
        kernel.forward(bias, &mut z, &mut a);
        let upstream = numbers(3);
        let mut delta = upstream.clone();
        kernel.backward(&z, &a, &mut delta, &mut [F::ZERO; MOST_LEARNT]);
        for i in 0..z.len() {
            let expected_z = bias.map_or(given[i], |bias| given[i] + bias[i % WIDTH]);
            let expected_a = kernel.value(expected_z);
            let expected_delta = upstream[i] * kernel.derivative(expected_z, expected_a);
            assert_eq!(
                [z[i], a[i], delta[i]].map(F::to_le_bytes8),
                [expected_z, expected_a, expected_delta].map(F::to_le_bytes8),
                "{name} at entry {i}"
            );
        }
    }
}

/// The results are equal bit for bit for all vector instructions.
#[test]
fn whole_matrices_equal_single_numbers() {
    for activation in activations() {
        slices_equal_entries(activation.kernel::<f32>(), activation.name());
        slices_equal_entries(activation.kernel::<f64>(), activation.name());
    }
}

/// f32 is within 1e-5 of f64, with a floor of a tenth of a, or of 0.1: 1 − a and 1 − a² lose digits if a is close to 1.
#[test]
fn single_precision_agrees_with_double() {
    for activation in activations() {
        let (single, double) = (activation.kernel::<f32>(), activation.kernel::<f64>());
        for z in points().map(|z| z as f32) {
            let (a, exact) = (single.value(z), double.value(f64::from(z)));
            let derivatives = (single.derivative(z, a), double.derivative(f64::from(z), exact));
            for (got, expected) in [(a, exact), derivatives] {
                let floor = 0.1 * exact.abs().max(1.0);
                let error = (f64::from(got) - expected).abs() / expected.abs().max(floor);
                assert!(error < 1e-5, "{activation:?} at {z}: {got} instead of {expected}");
            }
        }
    }
}

/// `{ item = { parameters } }` with one of the learnt parameters moved by `step`.
fn with_learnt(activation: &Activation, k: usize, step: f64) -> Activation {
    let kernel = activation.kernel::<f64>();
    let mut values = kernel.learnt();
    values[k] += step;
    kernel.with_learnt(&values)
}

/// ∂φ/∂θ is within 1e-7 of the differences of φ in θ, with a floor of 1e-3; learnt parameters may become negative.
#[test]
fn learnt_derivatives_are_slopes() {
    let mut learnt = 0;
    for activation in activations() {
        for k in 0..activation.kernel::<f64>().learnt().len() {
            for offset in [0.0, 0.4, -1.5] {
                let moved = with_learnt(&activation, k, offset);
                let kernel = moved.kernel::<f64>();
                for z in points().filter(|z| z.abs() < 4.0) {
                    let slope = slope(1e-4, |step| with_learnt(&moved, k, step).kernel::<f64>().value(z));
                    let derivative = kernel.learnt_derivatives(z, kernel.value(z))[k];
                    let error = (slope - derivative).abs() / derivative.abs().max(1e-3);
                    assert!(
                        error <= 1e-7,
                        "{moved:?}, parameter {k} at {z}: {derivative} instead of {slope}"
                    );
                }
                learnt += 1;
            }
        }
    }
    assert!(learnt > 0);
}

/// The derivative in z is right for all values that the learnt parameters may reach.
#[test]
fn learnt_parameters_may_go_anywhere() {
    for activation in activations() {
        for k in 0..activation.kernel::<f64>().learnt().len() {
            let moved = with_learnt(&activation, k, -1.7);
            let kernel = moved.kernel::<f64>();
            for z in points().filter(|&z| z.abs() < 4.0 && !near(kernel.kinks(), z, 3e-3)) {
                let slope = slope(1e-3, |step| kernel.value(z + step));
                let error = (slope - kernel.derivative(z, kernel.value(z))).abs() / slope.abs().max(1e-3);
                assert!(error <= 1e-7, "{moved:?} at {z}");
            }
        }
    }
}

/// `c/(1 + e^(−βz))` at c = 2, β = 3, z = ½: 2/(1 + e^−1.5) = 2/1.22313016 = 1.63514895; its derivative
/// β·a·(1 − a/c) = 3·1.63514895·0.18242552 = 0.89487871.
#[test]
fn sigmoid_with_height_and_steepness_by_hand() {
    for name in ["sigmoid", "learnt_sigmoid"] {
        let sigmoid: Activation =
            serde_json::from_value(serde_json::json!({ name: { "c": 2.0, "beta": 3.0 } })).unwrap();
        let kernel = sigmoid.kernel::<f64>();
        let a = kernel.value(0.5);
        assert!((a - 1.635_148_95).abs() < 1e-8, "{a}");
        assert!((kernel.derivative(0.5, a) - 0.894_878_71).abs() < 1e-8, "{}", kernel.derivative(0.5, a));
    }
}
