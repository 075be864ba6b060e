//! The gradient of the slow engine with an error in it, to be caught.

use super::{Gradient, Objective, backpropagation};
use crate::fault::Fault;
use crate::network::Network;
use crate::real::Element;
use crate::reference::{self, CostFunction};
use crate::train;

/// Two gradients that differ by less than this share of the largest entry of a tensor are the same but for rounding.
const ROUNDING: f64 = 1e-12;

/// The gradient as a fault has it; that of the fast engine where there is none.
pub fn backpropagation_with<F: Element>(
    fault: &Fault,
    network: &mut Network<F>,
    objective: &Objective<'_, F>,
) -> Gradient<F> {
    if fault.is_none() {
        return backpropagation(network, objective);
    }
    let reference::Gradient { parameters, inputs } = slow(fault, network, objective);
    let rounded = |values: Vec<f64>| values.into_iter().map(F::from_f64).collect();
    Gradient { parameters: rounded(parameters), inputs: rounded(inputs) }
}

/// Whether a fault changes the gradient by more than rounding.
pub fn changes_gradient<F: Element>(
    fault: &Fault,
    network: &Network<F>,
    objective: &Objective<'_, F>,
) -> bool {
    let gradient = |fault: &Fault| slow(fault, &mut network.clone(), objective);
    let (right, wrong) = (gradient(&Fault::default()), gradient(fault));
    let layers = network.layers.iter().flat_map(|layer| [&layer.weights, &layer.biases, &layer.learnt]);
    let mut tensors =
        layers.map(|range| (&right.parameters[range.clone()], &wrong.parameters[range.clone()]));
    tensors.any(|(right, wrong)| differ(right, wrong)) || differ(&right.inputs, &wrong.inputs)
}

/// Whether a fault spoils what is made of the gradient: the update, or the parameters themselves.
pub fn changes_update<F: Element>(fault: &Fault, network: &Network<F>, objective: &Objective<'_, F>) -> bool {
    let mut copy = network.clone();
    slow(fault, &mut copy, objective);
    let kernel = fault.kernel();
    kernel.keeps_gradient() || kernel.update_sign() != 1.0 || copy.parameters != network.parameters
}

fn slow<F: Element>(
    fault: &Fault,
    network: &mut Network<F>,
    objective: &Objective<'_, F>,
) -> reference::Gradient {
    let pass = objective.pass(network);
    let scale = objective.scale(network).to_f64();
    let cost = CostFunction { loss: &objective.loss, scale, penalty: &objective.penalty };
    train::faulty_backpropagation(network, &pass, (objective.features, objective.targets), cost, fault)
}

fn differ(right: &[f64], wrong: &[f64]) -> bool {
    let largest = right.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    let is_near = |(right, wrong): (&f64, &f64)| (right - wrong).abs() <= ROUNDING * largest;
    !right.iter().zip(wrong).all(is_near)
}
