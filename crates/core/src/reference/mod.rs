//! The reference engine: the same mathematics, slow and obvious. It processes one sample at a time with plain loops in
//! double precision and the elementary functions of the crate `libm`. The fast engine is tested against it. Each step
//! of its backward pass that people get wrong is a method of [`BackwardSteps`], which the [faults](mod@crate::fault)
//! override.

mod formulas;
mod gradient;
mod libm;
mod steps;

pub use self::libm::Libm;
pub use formulas::{loss_derivative, penalty_derivative};
pub use gradient::{Batch, Gradient, ScaledCost, gradient};
pub use steps::{BackwardSteps, activation_derivative};

use crate::activation::Activation;
use crate::loss::Loss;
use crate::network::Network;
use crate::output::Output;
use crate::real::Real;
use formulas::at_least;

/// A layer of the reference engine, or the gradient of one.
#[derive(Debug, Clone)]
pub struct Layer {
    /// `weights[i][j]` connects input i to unit j.
    pub weights: Vec<Vec<f64>>,
    /// One for each unit; zeros if the network has no biases.
    pub biases: Vec<f64>,
    /// The learnt parameters of the layer's activation, usually none.
    pub learnt: Vec<f64>,
}

impl Layer {
    /// `zⱼ = Σᵢ aᵢ·wᵢⱼ + bⱼ`
    fn pre_activations(&self, input: &[f64]) -> Vec<f64> {
        let mut z = self.biases.clone();
        for (a, row) in input.iter().zip(&self.weights) {
            for (z, w) in z.iter_mut().zip(row) {
                *z += a * w;
            }
        }
        z
    }
}

/// An output of the network and its difference from 1. If ŷ is close to 1, the separate `1 − ŷ` keeps all digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutputUnit {
    /// ŷ
    pub value: f64,
    /// 1 − ŷ
    pub complement: f64,
}

impl OutputUnit {
    /// A probability from the odds against it: `ŷ = 1/(1 + o)` and `1 − ŷ = 1/(1 + 1/o)`. Neither is 0, so a loss can
    /// divide by them and multiply by them again.
    fn from_odds_against(odds: f64) -> Self {
        Self { value: at_least(1.0 / (1.0 + odds)), complement: at_least(1.0 / (1.0 + 1.0 / odds)) }
    }
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
    /// x, the sample.
    pub input: Vec<f64>,
    /// zˡ, layer by layer.
    pub pre_activations: Vec<Vec<f64>>,
    /// aˡ, layer by layer; the last one is ŷ.
    pub activations: Vec<Vec<f64>>,
    /// mˡ, layer by layer: 0 or 1/(1 − p) with dropout, 1 without.
    pub masks: Vec<Vec<f64>>,
}

impl Trace {
    /// The input of a layer (counted from 0): x, or aˡ⁻¹ ∗ mˡ⁻¹.
    pub fn input_of(&self, layer: usize) -> Vec<f64> {
        if layer == 0 {
            return self.input.clone();
        }
        self.activations[layer - 1].iter().zip(&self.masks[layer - 1]).map(|(a, m)| a * m).collect()
    }

    /// ŷ
    pub fn outputs(&self) -> &[f64] {
        self.activations.last().map_or(&[], Vec::as_slice)
    }
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
    /// `z = a·W + b`, `a = φ(z)`, layer by layer, without dropout.
    pub fn forward(&self, input: &[f64]) -> Trace {
        self.forward_masked(input, &[])
    }

    /// The same with dropout: `masks[l]` is applied between hidden layer l (counted from 0) and the next. A layer
    /// without a mask drops nothing.
    pub fn forward_masked(&self, input: &[f64], masks: &[&[f64]]) -> Trace {
        let (pre_activations, activations, drawn) = (Vec::new(), Vec::new(), Vec::new());
        let mut trace = Trace { input: input.to_vec(), pre_activations, activations, masks: drawn };
        for (index, layer) in self.layers.iter().enumerate() {
            let z = layer.pre_activations(&trace.input_of(index));
            let is_output = index + 1 == self.layers.len();
            let phi = self.activation_of(index);
            let activate = |z: &f64| phi.kernel::<Libm>().value(Libm(*z)).0;
            let a = if is_output { self.outputs(&z) } else { z.iter().map(activate).collect() };
            trace.masks.push(masks.get(index).map_or_else(|| vec![1.0; z.len()], |mask| mask.to_vec()));
            trace.pre_activations.push(z);
            trace.activations.push(a);
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
                let powers: Vec<f64> = logits.iter().map(|&z| ::libm::exp(z - max)).collect();
                let sum: f64 = powers.iter().sum();
                powers.iter().map(|power| power / sum).collect()
            }
        }
    }

    /// The outputs as the gradient of a loss needs them. If the loss is fused with the output, they are computed from
    /// the odds against ŷᵢ: `e^(−zᵢ)` for a sigmoid, and `Σ e^(zⱼ − zᵢ)` over j ≠ i for a softmax.
    fn output_units(&self, trace: &Trace, loss: &Loss) -> Vec<OutputUnit> {
        if !loss.kernel::<f64>().is_fused(&self.output) {
            return trace.outputs().iter().map(|&y| OutputUnit { value: y, complement: 1.0 - y }).collect();
        }
        let logits = trace.pre_activations.last().map_or(&[][..], Vec::as_slice);
        let others = |i: usize| logits.iter().enumerate().filter(move |(j, _)| *j != i);
        let odds_against = |i: usize| match self.output {
            Output::Softmax(_) => others(i).map(|(_, z)| ::libm::exp(z - logits[i])).sum(),
            Output::Sigmoid(_) | Output::Identity(_) => ::libm::exp(-logits[i]),
        };
        (0..logits.len()).map(|i| OutputUnit::from_odds_against(odds_against(i))).collect()
    }

    /// `∂ŷᵢ/∂zⱼ`, an entry of the full Jacobian of the output.
    fn output_jacobian(&self, units: &[OutputUnit], i: usize, j: usize) -> f64 {
        let of_itself = units[i].value * units[i].complement;
        match self.output {
            Output::Identity(_) if i == j => 1.0,
            Output::Sigmoid(_) | Output::Softmax(_) if i == j => of_itself,
            Output::Identity(_) | Output::Sigmoid(_) => 0.0,
            Output::Softmax(_) => -units[i].value * units[j].value,
        }
    }
}
