//! The gradient of the reference engine with an error for the check to find.

use super::objective::backpropagation;
use super::{Gradient, Objective};
use crate::cancel::{Cancel, Cancelled};
use crate::fault::{self, Fault};
use crate::network::Network;
use crate::real::Element;
use crate::reference::{self, ScaledCost};

/// If two gradients differ by less than this fraction of a tensor's largest entry, the difference is only rounding.
const ROUNDING: f64 = 1e-12;

/// The gradient with a fault; the gradient of the fast engine if there is no fault.
///
/// # Errors
/// If it is cancelled.
pub fn backpropagation_with<F: Element>(
    fault: &Fault,
    network: &mut Network<F>,
    objective: &Objective<'_, F>,
    cancel: &Cancel<'_>,
) -> Result<Gradient<F>, Cancelled> {
    if fault.is_none() {
        return backpropagation(network, objective, cancel);
    }
    let reference::Gradient { parameters, inputs } = slow(fault, network, objective, cancel)?;
    let rounded = |values: Vec<f64>| values.into_iter().map(F::from_f64).collect();
    Ok(Gradient { parameters: rounded(parameters), inputs: rounded(inputs) })
}

/// The effects of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// Whether it changes the gradient by more than rounding.
    pub gradient: bool,
    /// Whether it spoils the parameters, or the update made from the gradient.
    pub update: bool,
}

impl Effect {
    /// The effect of a fault on a step from `network`.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn of<F: Element>(
        fault: &Fault,
        network: &Network<F>,
        objective: &Objective<'_, F>,
        cancel: &Cancel<'_>,
    ) -> Result<Self, Cancelled> {
        let right = slow(&Fault::default(), &mut network.clone(), objective, cancel)?;
        let mut changed = network.clone();
        let wrong = slow(fault, &mut changed, objective, cancel)?;
        let layers = network.layers.iter().flat_map(|layer| [&layer.weights, &layer.biases, &layer.learnt]);
        let mut tensors =
            layers.map(|range| (&right.parameters[range.clone()], &wrong.parameters[range.clone()]));
        let kernel = fault.kernel();
        Ok(Self {
            gradient: tensors.any(|(right, wrong)| differ(right, wrong))
                || differ(&right.inputs, &wrong.inputs),
            update: kernel.keeps_gradient()
                || kernel.update_sign() != 1.0
                || changed.parameters != network.parameters,
        })
    }
}

fn slow<F: Element>(
    fault: &Fault,
    network: &mut Network<F>,
    objective: &Objective<'_, F>,
    cancel: &Cancel<'_>,
) -> Result<reference::Gradient, Cancelled> {
    let pass = objective.pass(network, cancel)?;
    let scale = objective.scale(network).to_f64();
    let cost = ScaledCost { loss: &objective.cost.loss, scale, penalty: &objective.cost.penalty };
    let batch = (objective.features, objective.targets);
    fault::backpropagation(network, &pass, batch, cost, fault, cancel)
}

fn differ(right: &[f64], wrong: &[f64]) -> bool {
    let largest = right.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    let is_near = |(right, wrong): (&f64, &f64)| (right - wrong).abs() <= ROUNDING * largest;
    !right.iter().zip(wrong).all(is_near)
}
