//! The gradient of a batch, computed with an error.

use super::Fault;
use crate::cancel::{Cancel, Cancelled};
use crate::network::{Network, Pass};
use crate::real::Element;
use crate::reference::{self, Batch, Gradient, ScaledCost};

/// The gradient of the cost with the error of `fault`, computed by the reference engine in double precision with the
/// masks of `pass`. Some faults change the parameters.
///
/// # Errors
/// If it is cancelled. The parameters are then unchanged.
pub(crate) fn backpropagation<F: Element>(
    network: &mut Network<F>,
    pass: &Pass<F>,
    (input, targets): (&[F], &[F]),
    cost: ScaledCost<'_>,
    fault: &Fault,
    cancel: &Cancel<'_>,
) -> Result<Gradient, Cancelled> {
    let (features, targets) = (double(input), double(targets));
    let masks: Vec<_> = pass.layers.iter().map(|layer| double(&layer.mask)).collect();
    let masks = if network.dropout > 0.0 { &masks[..masks.len() - 1] } else { &[] };
    let batch = Batch { features: &features, targets: &targets, masks };
    let mut exact = network.to_double();
    let gradient = reference::gradient(&mut exact, batch, cost, fault.kernel(), cancel)?;
    network.parameters.iter_mut().zip(exact.parameters).for_each(|(to, from)| *to = F::from_f64(from));
    Ok(gradient)
}

/// Replaces the gradient of the previous step, or adds to it if that is the error of `fault`.
pub(crate) fn replace<F: Element>(gradient: &mut [F], by: &Gradient, fault: &Fault) {
    let kernel = fault.kernel();
    for (entry, by) in gradient.iter_mut().zip(&by.parameters) {
        let kept = if kernel.keeps_gradient() { *entry } else { F::ZERO };
        *entry = kept + F::from_f64(kernel.update_sign() * by);
    }
}

fn double<F: Element>(values: &[F]) -> Vec<f64> {
    values.iter().map(|value| value.to_f64()).collect()
}
