//! Functions of one number and their derivatives at given points, for plots of an activation or a loss.

use crate::activation::Activation;
use crate::loss::{Loss, Rows};
use crate::output::Output;

/// A function sampled over an interval, in double precision.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionCurve {
    /// The points.
    pub x: Vec<f64>,
    /// The value at each point.
    pub value: Vec<f64>,
    /// The derivative at each point.
    pub derivative: Vec<f64>,
}

/// `points` equally spaced numbers from `from` to `to`, both included.
pub fn interval(from: f64, to: f64, points: usize) -> Vec<f64> {
    let last = points.saturating_sub(1).max(1) as f64;
    let at = |index: usize| {
        let share = index as f64 / last;
        from * (1.0 - share) + to * share
    };
    (0..points).map(at).collect()
}

/// `φ(z)` and `φ'(z)`, with learnt parameters at their initial values.
pub fn activation_curve(activation: &Activation, z: Vec<f64>) -> FunctionCurve {
    let kernel = activation.kernel::<f64>();
    let value: Vec<f64> = z.iter().map(|&z| kernel.value(z)).collect();
    let derivative = z.iter().zip(&value).map(|(&z, &a)| kernel.derivative(z, a)).collect();
    FunctionCurve { x: z, value, derivative }
}

/// The loss of two outputs `(p, 1 − p)` for the target `(1, 0)`: `L(p) = ℓ(p, 1) + ℓ(1 − p, 0)` and `dL/dp = ℓ'(p, 1) −
/// ℓ'(1 − p, 0)`. The function that makes the outputs is left out.
///
/// The binary cross-entropy of 1 − p and 0 is computed as the equal binary cross-entropy of p and 1, because 1 − (1 −
/// p) loses the digits of a small p.
pub fn loss_curve(loss: &Loss, p: Vec<f64>) -> FunctionCurve {
    let identity = Output::Identity(Default::default());
    let is_mirrored = matches!(loss, Loss::BinaryCrossEntropy(_));
    let (mut value, mut derivative) = (vec![0.0; p.len()], Vec::with_capacity(p.len()));
    for (&p, value) in p.iter().zip(&mut value) {
        let (other, target) = if is_mirrored { (p, 1.0) } else { (1.0 - p, 0.0) };
        let (outputs, targets) = ([p, other], [1.0, target]);
        let rows = Rows { n_out: 2, logits: &outputs, outputs: &outputs, targets: &targets };
        let mut gradient = [0.0; 2];
        loss.kernel().sample_losses(&identity, rows, std::slice::from_mut(value));
        loss.kernel().delta(&identity, rows, &mut gradient);
        derivative.push(if is_mirrored { gradient[0] + gradient[1] } else { gradient[0] - gradient[1] });
    }
    FunctionCurve { x: p, value, derivative }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_has_both_ends() {
        assert_eq!(interval(-1.0, 1.0, 5), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(interval(0.01, 1.0, 2), [0.01, 1.0]);
    }

    /// tanh: 1 − a²; at 0.5 the value is 0.46211716 (a table of functions).
    #[test]
    fn an_activation_stands_beside_its_derivative() {
        let curve = activation_curve(&Activation::from_name("tanh").unwrap(), vec![0.0, 0.5]);
        assert!((curve.value[1] - 0.462_117_16).abs() < 5e-9);
        assert_eq!((curve.value[0], curve.derivative[0]), (0.0, 1.0));
        assert!((curve.derivative[1] - (1.0 - 0.462_117_16 * 0.462_117_16)).abs() < 1e-8);
    }

    /// (p − 1)² + (1 − p)² = 2·(1 − p)² with slope −4·(1 − p); −ln p with slope −1/p; and −ln p again for −ln(1 − (1 −
    /// p)) if both outputs count.
    #[test]
    fn losses_follow_the_probability_of_the_right_class() {
        let of = |name: &str| loss_curve(&Loss::from_name(name).unwrap(), vec![0.1, 0.9]);
        let near = |got: &[f64], expected: [f64; 2]| {
            got.iter()
                .zip(expected)
                .for_each(|(got, expected)| assert!((got - expected).abs() < 1e-12, "{got} {expected}"));
        };
        let squared = of("squared_error");
        near(&squared.value, [1.62, 0.02]);
        near(&squared.derivative, [-3.6, -0.4]);
        let entropy = of("cross_entropy");
        near(&entropy.value, [libm::log(10.0), libm::log(10.0 / 9.0)]);
        near(&entropy.derivative, [-10.0, -10.0 / 9.0]);
        near(
            &of("binary_cross_entropy").value,
            entropy.value.iter().map(|x| 2.0 * x).collect::<Vec<_>>().try_into().unwrap(),
        );
    }

    /// −2 ln 10⁻³⁰ with slope −2·10³⁰, and 2·10⁻¹⁶ if p is 1 − 1.11·10⁻¹⁶, the number just below 1.
    #[test]
    fn curves_have_all_digits_at_both_ends() {
        let loss = Loss::from_name("binary_cross_entropy").unwrap();
        let below_one = 1.0 - f64::EPSILON / 2.0;
        let curve = loss_curve(&loss, vec![1e-30, below_one]);
        assert!((curve.value[0] / (60.0 * std::f64::consts::LN_10) - 1.0).abs() < 1e-15);
        assert!((curve.derivative[0] / -2e30 - 1.0).abs() < 1e-15);
        assert!((curve.value[1] / f64::EPSILON - 1.0).abs() < 1e-15);
    }
}
