//! Activations: hand calculations, limits, and known properties.

use chainrule_core::activation::{Activation, ActivationKernel};
use chainrule_core::real::Element;

const INF: f64 = f64::INFINITY;
/// −λ·α of SELU: 1.0507009873554805 · 1.6732632423543772
const SELU_FLOOR: f64 = -1.758_099_340_847_376_6;

fn named(name: &str) -> Activation {
    Activation::from_name(name).unwrap()
}

fn at<F: Element>(kernel: &dyn ActivationKernel<F>, z: f64) -> (f64, f64) {
    let z = F::from_f64(z);
    let a = kernel.value(z);
    (a.to_f64(), kernel.derivative(z, a).to_f64())
}

fn value(name: &str, z: f64) -> f64 {
    at(named(name).kernel::<f64>(), z).0
}

/// φ and φ' at z.
#[test]
fn values_worked_out_by_hand() {
    let rows = [
        ("identity", -2.0, -2.0, 1.0),
        // σ(ln 3) = 1/(1 + 1/3) = 3/4, and 3/4 · 1/4 = 3/16
        ("sigmoid", libm::log(3.0), 0.75, 0.1875),
        ("sigmoid", 0.0, 0.5, 0.25),
        // tanh(ln 2) = (2 − ½)/(2 + ½) = 3/5, and 1 − 9/25 = 16/25
        ("tanh", libm::log(2.0), 0.6, 0.64),
        ("tanh", 0.0, 0.0, 1.0),
        ("relu", -2.0, 0.0, 0.0),
        ("relu", 0.0, 0.0, 0.0),
        ("relu", 3.0, 3.0, 1.0),
        ("leaky_relu", -2.0, -0.02, 0.01),
        ("leaky_relu", 0.0, 0.0, 0.01),
        ("leaky_relu", 3.0, 3.0, 1.0),
        // The initial slope is ¼.
        ("prelu", -2.0, -0.5, 0.25),
        ("prelu", 0.0, 0.0, 0.25),
        ("prelu", 3.0, 3.0, 1.0),
        // ½ − 1 and ½
        ("elu", -libm::log(2.0), -0.5, 0.5),
        // e⁻² = 0.1353352832366127
        ("elu", -2.0, -0.864_664_716_763_387_3, 0.135_335_283_236_612_7),
        ("elu", 0.0, 0.0, 1.0),
        ("elu", 3.0, 3.0, 1.0),
        ("selu", -libm::log(2.0), 0.5 * SELU_FLOOR, -0.5 * SELU_FLOOR),
        ("selu", 0.0, 0.0, -SELU_FLOOR),
        // 3 · 1.0507009873554805
        ("selu", 3.0, 3.152_102_962_066_441, 1.050_700_987_355_480_5),
        // Φ(1) = 0.8413447460685429, the density at 1 is e^(−½)/√(2π) = 0.2419707245191433
        ("gelu", 1.0, 0.841_344_746_068_542_9, 0.841_344_746_068_542_9 + 0.241_970_724_519_143_3),
        ("gelu", -1.0, -0.158_655_253_931_457_1, 0.158_655_253_931_457_1 - 0.241_970_724_519_143_3),
        ("gelu", 0.0, 0.0, 0.5),
        // Φ(−2) = 0.02275013194817921, the density at 2 is 0.05399096651318805
        (
            "gelu",
            -2.0,
            -2.0 * 0.022_750_131_948_179_21,
            0.022_750_131_948_179_21 - 2.0 * 0.053_990_966_513_188_05,
        ),
        // u = 0.7978845608028654 · 1.044715 = 0.8335619689391655, tanh u = t = 0.6823839812165534; the derivative is
        // ½(1 + t) + ½(1 − t²)·u' with u' = 0.7978845608028654 · 1.134145 = 0.9049167852117657
        (
            "gelu_tanh",
            1.0,
            0.5 * (1.0 + 0.682_383_981_216_553_4),
            0.5 * (1.0 + 0.682_383_981_216_553_4)
                + 0.5 * (1.0 - 0.682_383_981_216_553_4 * 0.682_383_981_216_553_4) * 0.904_916_785_211_765_7,
        ),
        ("gelu_tanh", 0.0, 0.0, 0.5),
        // ¾ ln 3, and ¾·(1 + ¼ ln 3)
        ("silu", libm::log(3.0), 0.75 * libm::log(3.0), 0.75 * (1.0 + 0.25 * libm::log(3.0))),
        ("silu", 0.0, 0.0, 0.5),
        ("softplus", 0.0, std::f64::consts::LN_2, 0.5),
        // ln(1 + 3) = 2 ln 2
        ("softplus", libm::log(3.0), 2.0 * std::f64::consts::LN_2, 0.75),
        // −2/3 and 1/9; −½ / (3/2) = −1/3 and 4/9; ¾ and 1/16
        ("softsign", -2.0, -2.0 / 3.0, 1.0 / 9.0),
        ("softsign", -0.5, -1.0 / 3.0, 4.0 / 9.0),
        ("softsign", 0.0, 0.0, 1.0),
        ("softsign", 3.0, 0.75, 0.0625),
        ("step", -0.5, 0.0, 0.0),
        ("step", 0.0, 0.0, 0.0),
        ("step", 3.0, 1.0, 0.0),
    ];
    for (name, z, a, slope) in rows {
        let got = at(named(name).kernel::<f64>(), z);
        assert!((got.0 - a).abs() < 1e-15 && (got.1 - slope).abs() < 1e-15, "{name} at {z}: {got:?}");
    }
}

/// φ and φ' at −∞ and at ∞.
const LIMITS: [(&str, [(f64, f64); 2]); 13] = [
    ("identity", [(-INF, 1.0), (INF, 1.0)]),
    ("sigmoid", [(0.0, 0.0), (1.0, 0.0)]),
    ("tanh", [(-1.0, 0.0), (1.0, 0.0)]),
    ("relu", [(0.0, 0.0), (INF, 1.0)]),
    ("leaky_relu", [(-INF, 0.01), (INF, 1.0)]),
    ("elu", [(-1.0, 0.0), (INF, 1.0)]),
    ("selu", [(SELU_FLOOR, 0.0), (INF, 1.050_700_987_355_480_5)]),
    ("gelu", [(0.0, 0.0), (INF, 1.0)]),
    ("gelu_tanh", [(0.0, 0.0), (INF, 1.0)]),
    ("silu", [(0.0, 0.0), (INF, 1.0)]),
    ("softplus", [(0.0, 0.0), (INF, 1.0)]),
    ("softsign", [(-1.0, 0.0), (1.0, 0.0)]),
    ("step", [(0.0, 0.0), (1.0, 0.0)]),
];

fn has_limits<F: Element>(name: &str, limits: [(f64, f64); 2], precision: f64) {
    let activation = named(name);
    for (sign, limit) in [-1.0, 1.0].into_iter().zip(limits) {
        let close = |a: f64, b: f64| a == b || (a - b).abs() <= precision;
        let got = at(activation.kernel::<F>(), sign * INF);
        assert!(close(got.0, limit.0) && close(got.1, limit.1), "{name} at {sign}∞: {got:?}");
        // At 10¹⁰ every exponential has reached its limit, and softsign is within 10⁻¹⁰.
        let got = at(activation.kernel::<F>(), sign * 1e10);
        let limit = if limit.0.is_infinite() { (sign * 1e10 * limit.1, limit.1) } else { limit };
        let close = |a: f64, b: f64| (a - b).abs() <= 1.1e-10_f64.max(precision) * b.abs().max(1.0);
        assert!(close(got.0, limit.0) && close(got.1, limit.1), "{name} at {sign}e10: {got:?}");
    }
}

#[test]
fn limits() {
    for (name, limits) in LIMITS {
        has_limits::<f64>(name, limits, 1e-15);
        has_limits::<f32>(name, limits, 1e-7);
    }
}

#[test]
fn tanh_is_a_sigmoid_scaled() {
    for a in (-2000..=2000).map(|i| 0.01 * f64::from(i)) {
        let by_sigmoid = 2.0 * value("sigmoid", 2.0 * a) - 1.0;
        assert!((value("tanh", a) - by_sigmoid).abs() < 4e-16, "{a}");
    }
}

/// relu(−z) = 0 and leaky_relu(−z) = −δ·z, exactly.
#[test]
fn rectifiers_are_linear_on_each_side() {
    for z in [1e-300, 1e-3, 1.0, 7.5, 1e300] {
        assert_eq!((value("relu", z), value("relu", -z)), (z, 0.0));
        assert_eq!((value("leaky_relu", z), value("leaky_relu", -z)), (z, -0.01 * z));
    }
}

/// Points where the plain formulas eᶻ − 1, 1 + tanh u and ln(1 + eᶻ) would lose their digits.
#[test]
fn small_inputs_keep_their_digits() {
    for z in [-1e-9, -1e-12] {
        assert!((value("elu", z) / (z + 0.5 * z * z) - 1.0).abs() < 1e-15);
        assert!((value("selu", z) / (-SELU_FLOOR * (z + 0.5 * z * z)) - 1.0).abs() < 1e-15);
    }
    // φ(−40) = −40·e⁻⁴⁰ and ln(1 + e⁻⁴⁰) = e⁻⁴⁰ = 4.248354255291589e-18, to the digits of a double.
    assert!((value("silu", -40.0) / (-40.0 * 4.248_354_255_291_589e-18) - 1.0).abs() < 1e-15);
    assert!((value("softplus", -40.0) / 4.248_354_255_291_589e-18 - 1.0).abs() < 1e-15);
}

/// ∫ f over [low, high] by Simpson's rule with 20 000 intervals.
fn integral(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let n = 20_000;
    let h = (high - low) / f64::from(n);
    let weight = |i| if i == 0 || i == n { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
    (0..=n).map(|i| weight(i) * f(low + h * f64::from(i))).sum::<f64>() * h / 3.0
}

/// The defining property of SELU: standard normal inputs give outputs with mean 0 and variance 1.
#[test]
fn selu_keeps_mean_and_variance() {
    let density = |z: f64| libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
    // The two sides of the kink are integrated separately; beyond ±12 the density is below 1e-31.
    let expected = |f: &dyn Fn(f64) -> f64| {
        integral(-12.0, 0.0, |z| f(z) * density(z)) + integral(0.0, 12.0, |z| f(z) * density(z))
    };
    let (total, mean) = (expected(&|_| 1.0), expected(&|z| value("selu", z)));
    let variance = expected(&|z| value("selu", z) * value("selu", z));
    let errors = [total - 1.0, mean, variance - 1.0];
    assert!(errors.iter().all(|error| error.abs() < 1e-12), "{errors:?}");
}

/// The solution of the two equations in closed form (Klambauer et al. 2017), with the crate `libm`.
#[test]
fn selu_has_the_constants_of_its_paper() {
    use std::f64::consts::{E, PI};
    let root_e = E.sqrt();
    let (near, far) = (libm::erfc(0.5f64.sqrt()), libm::erfc(2.0f64.sqrt()));
    let alpha = -(2.0 / PI).sqrt() / (near * root_e - 1.0);
    let sum = 2.0 * far * E * E + PI * near * near * E - 2.0 * (2.0 + PI) * near * root_e + PI + 2.0;
    let lambda = (1.0 - near * root_e) * (2.0 * PI).sqrt() / sum.sqrt();
    let (lambda_here, alpha_here) = (value("selu", 1.0), -value("selu", -INF) / value("selu", 1.0));
    assert!((lambda_here - lambda).abs() < 1e-14 && (alpha_here - alpha).abs() < 1e-14, "{lambda} {alpha}");
}

/// The smallest value between −5 and 5, and its z.
fn least(name: &str) -> (f64, f64) {
    let points = (-500_000..=500_000).map(|i| 1e-5 * f64::from(i)).map(|z| (value(name, z), z));
    points.fold((INF, 0.0), |least, point| if point.0 < least.0 { point } else { least })
}

/// The documented ranges of the three.
#[test]
fn gated_units_are_least_where_they_are_said_to_be() {
    for (name, a, z) in
        [("gelu", -0.16997, -0.75179), ("gelu_tanh", -0.17004, -0.75246), ("silu", -0.27846, -1.27846)]
    {
        let (least, place) = least(name);
        assert!((least - a).abs() < 1e-5 && (place - z).abs() < 2e-5, "{name}: {least} at {place}");
    }
}

/// They differ by less than 0.0005, as documented, and by more than 0.0004: they are different functions.
#[test]
fn the_two_gelus_are_close() {
    let points = (-5000..=5000).map(|i| 1e-3 * f64::from(i));
    let apart = points.map(|z| (value("gelu", z) - value("gelu_tanh", z)).abs()).fold(0.0, f64::max);
    assert!(0.0004 < apart && apart < 0.0005, "{apart}");
}
