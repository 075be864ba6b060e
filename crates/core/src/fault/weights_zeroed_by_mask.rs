use crate::network::Network;
use crate::reference::{BackwardSteps, Trace, activation_derivative};

crate::item! {
    /// The mask of inactive units is right, but is applied to the wrong array. If a unit has slope 0 for any sample,
    /// the backward pass sets its incoming weights to 0.
    ///
    /// - Formula: `δⱼ = 0 where φ'(zⱼ) = 0` is joined by `wᵢⱼ = 0 for all i where φ'(zⱼ) = 0`
    /// - No effect: without hidden layers; activations whose slope is nowhere 0, all but `relu` and `step`; `relu`
    ///   while every unit is active
    /// - Gradient check: the gradient is right. The check finds that the backward pass has changed parameters, which it
    ///   compares with a copy bit for bit
    /// - Source: the same tutorial's layer, whose mask is applied to `self.W` in place
    WeightsZeroedByMask = "weights_zeroed_by_mask" {}
}

impl BackwardSteps for WeightsZeroedByMask {
    fn change_parameters(&self, network: &mut Network<f64>, traces: &[Trace]) {
        for index in 0..network.layers.len() - 1 {
            let (phi, layer) = (network.activation_of(index), network.layers[index].clone());
            let has_no_slope = |unit: usize| {
                traces.iter().any(|trace| activation_derivative(&phi, trace, index, unit) == 0.0)
            };
            for unit in (0..layer.n_out).filter(|&unit| has_no_slope(unit)) {
                let column = network.parameters[layer.weights.clone()].iter_mut().skip(unit);
                column.step_by(layer.n_out).for_each(|weight| *weight = 0.0);
            }
        }
    }
}
