//! The reference engine: the same mathematics, slow and obvious. One sample at a time, plain loops in double precision,
//! elementary functions from the crate `libm`. The fast engine is tested against it.

use crate::activation::Activation;
use crate::network::Network;
use crate::output::Output;
use crate::real::Real;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// A double-precision number whose elementary functions are those of the crate `libm`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Libm(pub f64);

macro_rules! arithmetic {
    ($($trait:ident $method:ident $operator:tt, $assign_trait:ident $assign_method:ident;)*) => {
        $(
            impl $trait for Libm {
                type Output = Self;
                fn $method(self, other: Self) -> Self {
                    Self(self.0 $operator other.0)
                }
            }
            arithmetic!(@assign $assign_trait $assign_method $operator);
        )*
    };
    (@assign none none $operator:tt) => {};
    (@assign $assign_trait:ident $assign_method:ident $operator:tt) => {
        impl $assign_trait for Libm {
            fn $assign_method(&mut self, other: Self) {
                self.0 = self.0 $operator other.0;
            }
        }
    };
}

arithmetic! {
    Add add +, AddAssign add_assign;
    Sub sub -, SubAssign sub_assign;
    Mul mul *, MulAssign mul_assign;
    Div div /, none none;
}

impl Neg for Libm {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Real for Libm {
    const ZERO: Self = Self(0.0);
    const ONE: Self = Self(1.0);
    const TINY: Self = Self(f64::MIN_POSITIVE);

    fn from_f64(value: f64) -> Self {
        Self(value)
    }
    fn to_f64(self) -> f64 {
        self.0
    }
    fn mul_add(self, factor: Self, term: Self) -> Self {
        Self(self.0 * factor.0 + term.0)
    }
    fn abs(self) -> Self {
        Self(libm::fabs(self.0))
    }
    fn sqrt(self) -> Self {
        Self(libm::sqrt(self.0))
    }
    fn exp(self) -> Self {
        Self(libm::exp(self.0))
    }
    fn exp_m1(self) -> Self {
        Self(libm::expm1(self.0))
    }
    fn ln(self) -> Self {
        Self(libm::log(self.0))
    }
    fn ln_1p(self) -> Self {
        Self(libm::log1p(self.0))
    }
    fn tanh(self) -> Self {
        Self(libm::tanh(self.0))
    }
    fn sigmoid(self) -> Self {
        Self(1.0 / (1.0 + libm::exp(-self.0)))
    }
    fn erf(self) -> Self {
        Self(libm::erf(self.0))
    }
    fn is_finite(self) -> bool {
        self.0.is_finite()
    }
}

/// A layer of the reference engine.
#[derive(Debug, Clone)]
pub struct Layer {
    /// `weights[i][j]` leads from input i to unit j.
    pub weights: Vec<Vec<f64>>,
    /// One for each unit; zeros where the network has none.
    pub biases: Vec<f64>,
    /// The learnt parameters of the layer's activation, mostly none.
    pub learnt: Vec<f64>,
}

/// A network of the reference engine.
#[derive(Debug, Clone)]
pub struct ReferenceNetwork {
    /// The layers, from the first hidden layer to the output layer.
    pub layers: Vec<Layer>,
    activation: Activation,
    output: Output,
}

/// The forward pass of one sample.
#[derive(Debug, Clone)]
pub struct Trace {
    /// zˡ, layer by layer.
    pub pre_activations: Vec<Vec<f64>>,
    /// aˡ, layer by layer; the last one is ŷ.
    pub activations: Vec<Vec<f64>>,
}

impl From<&Network<f64>> for ReferenceNetwork {
    fn from(network: &Network<f64>) -> Self {
        let layers = (0..network.layers.len()).map(|index| {
            let weights = network.weights(index).rows().into_iter().map(|row| row.to_vec()).collect();
            let mut biases = network.biases(index).to_vec();
            biases.resize(network.layers[index].n_out, 0.0);
            let learnt = network.parameters[network.layers[index].learnt.clone()].to_vec();
            Layer { weights, biases, learnt }
        });
        Self { layers: layers.collect(), activation: network.activation, output: network.output }
    }
}

impl ReferenceNetwork {
    /// `zⱼ = Σᵢ aᵢ·wᵢⱼ + bⱼ`, `aⱼ = φ(zⱼ)`, layer after layer.
    pub fn forward(&self, input: &[f64]) -> Trace {
        let mut trace = Trace { pre_activations: Vec::new(), activations: Vec::new() };
        let mut previous = input.to_vec();
        for (index, layer) in self.layers.iter().enumerate() {
            let mut z = layer.biases.clone();
            for (a, row) in previous.iter().zip(&layer.weights) {
                for (z, w) in z.iter_mut().zip(row) {
                    *z += a * w;
                }
            }
            let is_output = index + 1 == self.layers.len();
            let phi = self.activation_of(index);
            let activate = |z: &f64| phi.kernel::<Libm>().value(Libm(*z)).0;
            previous = if is_output { self.outputs(&z) } else { z.iter().map(activate).collect() };
            trace.pre_activations.push(z);
            trace.activations.push(previous.clone());
        }
        trace
    }

    /// φ of a layer (counted from 0), with the parameters that it has learnt.
    fn activation_of(&self, layer: usize) -> Activation {
        let learnt: Vec<Libm> = self.layers[layer].learnt.iter().map(|&value| Libm(value)).collect();
        self.activation.kernel::<Libm>().with_learnt(&learnt)
    }

    fn outputs(&self, logits: &[f64]) -> Vec<f64> {
        match self.output {
            Output::Identity(_) => logits.to_vec(),
            Output::Sigmoid(_) => logits.iter().map(|&z| Libm(z).sigmoid().0).collect(),
            Output::Softmax(_) => {
                let max = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let powers: Vec<f64> = logits.iter().map(|&z| libm::exp(z - max)).collect();
                let sum: f64 = powers.iter().sum();
                powers.iter().map(|power| power / sum).collect()
            }
        }
    }

    /// `∂ŷᵢ/∂zⱼ`, the full Jacobian of the output.
    fn output_jacobian(&self, outputs: &[f64]) -> Vec<Vec<f64>> {
        let entry = |i: usize, j: usize| {
            let same = if i == j { 1.0 } else { 0.0 };
            match self.output {
                Output::Identity(_) => same,
                Output::Sigmoid(_) => same * outputs[i] * (1.0 - outputs[i]),
                Output::Softmax(_) => outputs[i] * (same - outputs[j]),
            }
        };
        (0..outputs.len()).map(|i| (0..outputs.len()).map(|j| entry(i, j)).collect()).collect()
    }

    /// The gradient of one sample's loss, given `∂L/∂ŷ` as a function of ŷ: for each layer, `∂L/∂W` and `∂L/∂b`.
    pub fn gradient(&self, input: &[f64], loss_gradient: impl Fn(&[f64]) -> Vec<f64>) -> Vec<Layer> {
        let trace = self.forward(input);
        let outputs = &trace.activations[self.layers.len() - 1];
        let by_output = loss_gradient(outputs);
        let jacobian = self.output_jacobian(outputs);
        let through_jacobian = |j: usize| (0..outputs.len()).map(|i| by_output[i] * jacobian[i][j]).sum();
        let mut delta: Vec<f64> = (0..outputs.len()).map(through_jacobian).collect();
        let (mut gradients, mut learnt) = (Vec::new(), Vec::new());
        for index in (0..self.layers.len()).rev() {
            let below = if index == 0 { input } else { &trace.activations[index - 1] };
            let weights = below.iter().map(|a| delta.iter().map(|d| a * d).collect()).collect();
            gradients.push(Layer { weights, biases: delta.clone(), learnt });
            (delta, learnt) = if index > 0 { self.below(index, &trace, &delta) } else { Default::default() };
        }
        gradients.reverse();
        gradients
    }

    /// For the units below layer `index`, with `eᵢ = Σⱼ wᵢⱼ·δⱼ`: `δᵢ = φ'(zᵢ)·eᵢ`, and `Σᵢ eᵢ·∂φ/∂θ(zᵢ)` of each learnt
    /// parameter θ.
    fn below(&self, index: usize, trace: &Trace, delta: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let phi = self.activation_of(index - 1);
        let kernel = phi.kernel::<Libm>();
        let mut learnt = vec![0.0; self.layers[index - 1].learnt.len()];
        let mut below = Vec::new();
        for (i, row) in self.layers[index].weights.iter().enumerate() {
            let upstream: f64 = row.iter().zip(delta).map(|(w, d)| w * d).sum();
            let [z, a] = [&trace.pre_activations, &trace.activations].map(|of| Libm(of[index - 1][i]));
            below.push(kernel.derivative(z, a).0 * upstream);
            let derivatives = kernel.learnt_derivatives(z, a);
            learnt.iter_mut().zip(derivatives).for_each(|(sum, derivative)| *sum += upstream * derivative.0);
        }
        (below, learnt)
    }
}
