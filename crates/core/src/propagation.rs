//! Theory's prediction of the size of signals and gradients in each layer before the first step. It uses only the
//! initializer and the activation.
//!
//! Variance propagation (Glorot and Bengio 2010, section 4.2; He et al. 2015, section 2.2). It assumes that the weights
//! are independent of each other and of the layer's inputs, with mean 0 and variance v. Each pre-activation, over
//! samples and units, is assumed normal: `zˡ ~ N(b, qˡ)` with b the biases' common value. Then, with `q̂⁰ = E[x²]` of
//! the training features,
//!
//! - forward: `qˡ = n_inˡ·vˡ·q̂ˡ⁻¹` and `q̂ˡ = E[φ(zˡ)²]`;
//! - backward: `E[(δˡ)²] = n_outˡ⁺¹·vˡ⁺¹·E[φ'(zˡ)²]·E[(δˡ⁺¹)²]`, the gain of a layer;
//! - gradients: `‖∂J/∂Wˡ‖² ∝ n_inˡ·q̂ˡ⁻¹ · n_outˡ·E[(δˡ)²]`, if averaging over samples cancels the same fraction in
//!   every layer.
//!
//! The expectations are integrals over a normal distribution. δ of the last layer depends on the targets and is unknown
//! to the theory. Sizes in the backward pass are therefore multiples of the last layer's.

use crate::activation::Activation;
use crate::initializer::{Fan, Initializer};
use crate::real::Real;

/// The predictions for each layer, from the first to the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The standard deviation of the activations of each hidden layer, over samples and units.
    pub activation_standard_deviation: Vec<f64>,
    /// The root mean square of δ of each layer, as a multiple of the last layer's.
    pub delta_rms: Vec<f64>,
    /// The norm of ∂J/∂W of each layer, as a multiple of the last layer's.
    pub gradient_norm: Vec<f64>,
}

/// The predictions for a network of these widths, from the inputs to the outputs, whose training features have the mean
/// square `input`. `None` if the mean of the weights is not 0.
pub fn expect(
    widths: &[usize],
    initializer: &Initializer,
    activation: &Activation,
    bias: f64,
    input: f64,
) -> Option<Expected> {
    let fans: Vec<Fan> = widths.windows(2).map(|pair| Fan { fan_in: pair[0], fan_out: pair[1] }).collect();
    let kernel = initializer.kernel();
    if fans.iter().any(|fan| kernel.mean(*fan) != 0.0) {
        return None;
    }
    let variance = |fan: &Fan| kernel.standard_deviation(*fan) * kernel.standard_deviation(*fan);
    // The mean square of each layer's inputs, and the moments of its activation.
    let (mut incoming, mut moments) = (vec![input], Vec::new());
    for fan in &fans {
        let q = fan.fan_in as f64 * variance(fan) * incoming[incoming.len() - 1];
        let of_layer = Moments::new(activation, bias, q.sqrt());
        incoming.push(of_layer.square);
        moments.push(of_layer);
    }
    let last = fans.len() - 1;
    let mut delta_squares = vec![1.0; fans.len()];
    for index in (0..last).rev() {
        let above = &fans[index + 1];
        let gain = above.fan_out as f64 * variance(above) * moments[index].slope_square;
        delta_squares[index] = gain * delta_squares[index + 1];
    }
    let gradient_square = |index: usize| {
        fans[index].fan_in as f64 * incoming[index] * fans[index].fan_out as f64 * delta_squares[index]
    };
    Some(Expected {
        activation_standard_deviation: moments[..last].iter().map(Moments::standard_deviation).collect(),
        delta_rms: delta_squares.iter().map(|square| square.sqrt()).collect(),
        gradient_norm: (0..fans.len())
            .map(|index| (gradient_square(index) / gradient_square(last)).sqrt())
            .collect(),
    })
}

/// Expectations over `z ~ N(mean, deviation²)`.
#[derive(Debug, Clone, Copy)]
struct Moments {
    /// E[φ]
    mean: f64,
    /// E[φ²]
    square: f64,
    /// E[φ'²]
    slope_square: f64,
}

/// The integrals are sums over the points ξ = (k + ½)/128 with |ξ| ≤ 12, each weighted by the standard normal density.
/// The error is far below 1e-12 for smooth functions, and below 1/256 of the density if φ' jumps between two points. A
/// kink at the mean, such as the kink of `relu` without biases, is halfway between two points and causes no error.
const POINTS_PER_UNIT: i32 = 128;
const FURTHEST: i32 = 12;

impl Moments {
    fn new(activation: &Activation, mean: f64, deviation: f64) -> Self {
        let kernel = activation.kernel::<f64>();
        let mut sums = [0.0; 4];
        for k in -FURTHEST * POINTS_PER_UNIT..FURTHEST * POINTS_PER_UNIT {
            let xi = (f64::from(k) + 0.5) / f64::from(POINTS_PER_UNIT);
            let density = Real::exp(-0.5 * xi * xi);
            let z = mean + deviation * xi;
            let a = kernel.value(z);
            let slope = kernel.derivative(z, a);
            for (sum, term) in sums.iter_mut().zip([1.0, a, a * a, slope * slope]) {
                *sum += density * term;
            }
        }
        let [all, value, square, slope_square] = sums;
        Self { mean: value / all, square: square / all, slope_square: slope_square / all }
    }

    fn standard_deviation(&self) -> f64 {
        (self.square - self.mean * self.mean).max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(activation: &str, mean: f64, deviation: f64) -> [f64; 3] {
        let phi = Activation::from_name(activation).unwrap();
        let Moments { mean, square, slope_square } = Moments::new(&phi, mean, deviation);
        [mean, square, slope_square]
    }

    #[track_caller]
    fn assert_close(found: [f64; 3], expected: [f64; 3], tolerance: f64) {
        let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= tolerance * b.abs().max(1e-3));
        assert!(close, "{found:?} {expected:?}");
    }

    /// `identity`: the moments of the distribution itself. `relu` for N(0, s²): mean s/√(2π), square s²/2, half of the
    /// slopes 1. `sigmoid` for N(0, s²): the mean is ½. `gelu`: by parts, E[z·Φ(z)] = s²·E[Φ'(z)] = s²/√(2π(1 + s²)).
    #[test]
    fn moments_by_hand() {
        let of_pi = (2.0 * std::f64::consts::PI).sqrt();
        assert_close(moments("identity", 0.5, 2.0), [0.5, 4.25, 1.0], 1e-12);
        assert_close(moments("relu", 0.0, 3.0), [3.0 / of_pi, 4.5, 0.5], 1e-5);
        assert!((moments("sigmoid", 0.0, 1.7)[0] - 0.5).abs() < 1e-14);
        let gelu = moments("gelu", 0.0, 1.5)[0];
        assert!((gelu - 2.25 / (of_pi * 3.25f64.sqrt())).abs() < 1e-12, "{gelu}");
        // tanh² of a narrow distribution: s² − 2s⁴ + …, slopes 1 − 2s² + ….
        let [mean, square, slopes] = moments("tanh", 0.0, 1e-3);
        assert!(mean.abs() < 1e-15 && (square - 1e-6).abs() < 1e-11 && (slopes - (1.0 - 2e-6)).abs() < 1e-10);
    }

    /// `relu` halves He's variance 2/fan_in, so the size stays the same across layers of equal width, forward and
    /// backward (He et al. 2015, section 2.2). All δ are equal up to the shape of the last layer.
    #[test]
    fn he_keeps_the_size_through_relu() {
        let relu = Activation::from_name("relu").unwrap();
        let he = Initializer::from_name("he_normal").unwrap();
        let expected = expect(&[50; 7], &he, &relu, 0.0, 1.0).unwrap();
        // √(E[a²] − E[a]²) with E[z²] = 2, E[a²] = 1, E[a] = √2/√(2π).
        let deviation = (1.0 - 1.0 / std::f64::consts::PI).sqrt();
        assert!(expected.activation_standard_deviation.iter().all(|s| (s - deviation).abs() < 1e-5));
        assert!(expected.delta_rms.iter().all(|d| (d - 1.0).abs() < 1e-12), "{expected:?}");
        assert!(expected.gradient_norm.iter().all(|g| (g - 1.0).abs() < 1e-12), "{expected:?}");
    }

    /// A chain of linear layers: each multiplies the mean square by n_in·v, and back by n_out·v.
    #[test]
    fn a_linear_chain_by_hand() {
        let identity = Activation::from_name("identity").unwrap();
        let normal: Initializer =
            serde_json::from_str("{\"normal\": {\"standard_deviation\": 0.5}}").unwrap();
        let Expected { activation_standard_deviation, delta_rms, gradient_norm } =
            expect(&[2, 3, 4, 5], &normal, &identity, 0.0, 8.0).unwrap();
        // q¹ = 2·¼·8 = 4, q² = 3·¼·4 = 3; δ²: 5·¼ and 4·¼·5·¼.
        let close = |found: &[f64], squares: &[f64]| {
            found.iter().zip(squares).all(|(a, b)| (a * a - b).abs() < 1e-12) && found.len() == squares.len()
        };
        assert!(close(&activation_standard_deviation, &[4.0, 3.0]), "{activation_standard_deviation:?}");
        assert!(close(&delta_rms, &[1.25, 1.25, 1.0]), "{delta_rms:?}");
        // n_in·q̂·n_out·δ²: 2·8·3·1.25 = 60, 3·4·4·1.25 = 60, 4·3·5 = 60.
        assert!(close(&gradient_norm, &[1.0, 1.0, 1.0]), "{gradient_norm:?}");
    }

    #[test]
    fn weights_of_another_mean_are_not_predicted() {
        let tanh = Activation::from_name("tanh").unwrap();
        let constant = Initializer::from_name("constant").unwrap();
        assert_eq!(expect(&[2, 3, 1], &constant, &tanh, 0.0, 1.0), None);
    }
}
