//! Random networks and batches for the tests of gradients.

use crate::draws::normals;
use crate::items::moderate;
use crate::losses::{is_smooth, is_well_conditioned, pairings, soft_targets, targets};
use crate::uncancelled::{backward, forward};
use chainrule_core::activation::Activation;
use chainrule_core::cost::Reduction;
use chainrule_core::loss::Loss;
use chainrule_core::network::{Network, Pass};
use chainrule_core::output::Output;
use chainrule_core::reference::ReferenceNetwork;

const N_IN: usize = 4;
const N_OUT: usize = 3;
const SAMPLES: usize = 7;
const CANDIDATES: usize = 60;
const ARCHITECTURES: [&[usize]; 4] = [&[], &[5], &[7, 4], &[3, 3, 3, 3]];

/// A network and a batch, with no sample too close to a kink.
pub(crate) struct Case {
    pub(crate) network: Network<f64>,
    pub(crate) loss: Loss,
    pub(crate) scale: f64,
    pub(crate) features: Vec<f64>,
    pub(crate) targets: Vec<f64>,
}

impl Case {
    pub(crate) fn samples(&self) -> usize {
        self.features.len() / N_IN
    }

    /// Features and targets of each sample.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&[f64], &[f64])> {
        self.features.chunks(N_IN).zip(self.targets.chunks(N_OUT))
    }

    /// Outputs and gradient of the fast engine.
    pub(crate) fn fast(&self) -> (Vec<f64>, Vec<f64>) {
        self.gradient_of(&self.features, &self.targets)
    }

    /// The same for other samples.
    pub(crate) fn gradient_of(&self, features: &[f64], targets: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let network = &self.network;
        let (mut pass, mut gradient) =
            (Pass::new(network, SAMPLES), vec![f64::NAN; network.parameters.len()]);
        forward(network, features, &mut pass);
        backward(network, (features, targets), &self.loss, self.scale, &mut pass, &mut gradient);
        (pass.last().activation[..targets.len()].to_vec(), gradient)
    }

    pub(crate) fn name(&self) -> String {
        let widths: Vec<_> = self.network.layers.iter().map(|layer| layer.n_out).collect();
        let Network { activation, output, .. } = &self.network;
        format!("{activation:?} {output:?} {:?} {widths:?} × {}", self.loss, self.scale)
    }
}

/// Every activation × every loss with every output × reduction × architectures × with and without biases, every second
/// one with soft targets. Samples that are closer to a kink than `distance` in any hidden unit or output are left out,
/// and so are badly conditioned ones.
pub(crate) fn cases(distance: f64) -> Vec<Case> {
    let mut cases = Vec::new();
    for activation in moderate::<Activation>(&Activation::entries()) {
        for (loss, output) in pairings() {
            for architecture in ARCHITECTURES {
                for (bias, reduction) in
                    [(true, Reduction::Mean), (false, Reduction::Mean), (true, Reduction::Sum)]
                {
                    let seed =
                        seed_of(&format!("{activation:?} {output:?} {loss:?} {architecture:?} {bias}"));
                    let network = network(architecture, bias, activation, output, seed);
                    let (features, targets) = smooth_samples(&network, &loss, distance, seed);
                    let samples = features.len() / N_IN;
                    let scale = if reduction == Reduction::Mean { 1.0 / samples as f64 } else { 1.0 };
                    cases.push(Case { network, loss, scale, features, targets });
                }
            }
        }
    }
    cases.retain(|case| case.samples() > 0);
    cases
}

/// A seed that depends only on the case: a new item must not change the numbers of the others.
fn seed_of(case: &str) -> u64 {
    case.bytes().fold(0u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))) % 1_000_000
}

/// Normal weights and biases, small enough that no unit saturates; smaller weights if the activation is steep.
fn network(
    architecture: &[usize],
    bias: bool,
    activation: Activation,
    output: Output,
    seed: u64,
) -> Network<f64> {
    let widths: Vec<_> = [N_IN].iter().chain(architecture).chain(&[N_OUT]).copied().collect();
    let mut network = Network::new(&widths, bias, activation, output);
    let draws = normals(network.parameters.len(), 1000 + seed);
    network.parameters.iter_mut().zip(draws).for_each(|(parameter, draw)| *parameter = 0.7 * draw);
    let steepness = steepness(&activation);
    for layer in &network.layers {
        network.parameters[layer.weights.clone()].iter_mut().for_each(|weight| *weight /= steepness);
    }
    network
}

/// The largest |φ'| between −3 and 3, but at least 1.
pub(crate) fn steepness(activation: &Activation) -> f64 {
    let kernel = activation.kernel::<f64>();
    let slopes =
        (-300..=300).map(|i| 0.01 * f64::from(i)).map(|z| kernel.derivative(z, kernel.value(z)).abs());
    slopes.fold(1.0, f64::max)
}

/// Features and targets of up to seven of sixty samples that keep a distance from kinks and poles.
fn smooth_samples(network: &Network<f64>, loss: &Loss, distance: f64, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let reference = ReferenceNetwork::from(network);
    let kinks = network.activation.kernel::<f64>().kinks();
    let features = normals(CANDIDATES * N_IN, 5000 + seed);
    let make = if seed.is_multiple_of(2) { soft_targets } else { targets };
    let targets = make(&network.output, N_OUT, CANDIDATES, seed);
    let smooth = |(sample, targets): &(&[f64], &[f64])| {
        let trace = reference.forward(sample);
        let (outputs, hidden) = (&trace.activations[network.layers.len() - 1], &trace.pre_activations);
        let mut hidden = hidden.iter().take(network.layers.len() - 1).flatten();
        hidden.all(|z| kinks.iter().all(|kink| (z - kink).abs() >= distance))
            && is_smooth(loss, outputs, targets, distance)
            && is_well_conditioned((loss, &network.output), outputs)
    };
    let samples = features.chunks(N_IN).zip(targets.chunks(N_OUT)).filter(smooth).take(SAMPLES);
    let (features, targets): (Vec<_>, Vec<_>) = samples.unzip();
    (features.concat(), targets.concat())
}
