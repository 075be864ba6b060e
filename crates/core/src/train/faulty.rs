//! The gradient of a batch with an error in it.

use crate::network::{Network, Pass};
use crate::real::Element;
use crate::reference::{self, Batch, CostFunction};
use crate::settings::TrainSettings;

/// Puts the gradient of the cost, penalty included, as `settings.fault` has it, in the place of the one of the step
/// before: from the reference engine in double precision, with the masks of `pass`. May change the parameters, if that is
/// the error.
pub(super) fn gradient<F: Element>(
    network: &mut Network<F>,
    pass: &Pass<F>,
    (input, targets): (&[F], &[F]),
    (settings, scale): (&TrainSettings, f64),
    gradient: &mut [F],
) {
    let (features, targets) = (double(input), double(targets));
    let masks: Vec<_> = pass.layers.iter().map(|layer| double(&layer.mask)).collect();
    let masks = if network.dropout > 0.0 { &masks[..masks.len() - 1] } else { &[] };
    let batch = Batch { features: &features, targets: &targets, masks };
    let cost = CostFunction { loss: &settings.loss, scale, penalty: &settings.penalty };
    let fault = settings.fault.kernel();
    let mut exact = in_double(network);
    let got = reference::gradient(&mut exact, batch, cost, fault);
    network.parameters.iter_mut().zip(exact.parameters).for_each(|(to, from)| *to = F::from_f64(from));
    for (entry, got) in gradient.iter_mut().zip(got.parameters) {
        let kept = if fault.keeps_gradient() { *entry } else { F::ZERO };
        *entry = kept + F::from_f64(fault.update_sign() * got);
    }
}

fn double<F: Element>(values: &[F]) -> Vec<f64> {
    values.iter().map(|value| value.to_f64()).collect()
}

fn in_double<F: Element>(network: &Network<F>) -> Network<f64> {
    Network {
        layers: network.layers.clone(),
        parameters: double(&network.parameters),
        activation: network.activation,
        output: network.output,
        dropout: network.dropout,
    }
}
