//! Changes to the gradient of a batch between the backward pass and the optimizer.

use super::Limit;
use crate::network::Network;
use crate::real::Element;
use crate::simd::{sum_of_squares, vectorized};

/// Clips the gradient: first each entry to `[−value, value]`, then the whole gradient to a norm of at most `norm`.
/// Returns the norm before clipping; `None` without limits.
pub(super) fn clip<F: Element>(value: Limit, norm: Limit, gradient: &mut [F]) -> Option<f64> {
    if (value, norm) == (Limit::None, Limit::None) {
        return None;
    }
    let before = sum_of_squares(gradient).sqrt();
    let mut size = before;
    if let Limit::At(most) = value {
        clip_entries(F::from_f64(most), gradient);
        size = sum_of_squares(gradient).sqrt();
    }
    if let Limit::At(most) = norm
        && size > most
    {
        scale(F::from_f64(most / size), gradient);
    }
    Some(before)
}

fn clip_entries<F: Element>(most: F, gradient: &mut [F]) {
    vectorized(
        #[inline(always)]
        || {
            for entry in gradient.iter_mut() {
                let below = if *entry > most { most } else { *entry };
                *entry = if below < -most { -most } else { below };
            }
        },
    );
}

/// `W ← (1 − η·λ)·W` for the weights of all layers: decoupled weight decay.
pub(super) fn decay<F: Element>(network: &mut Network<F>, learning_rate: f64, weight_decay: f64) {
    let kept = F::from_f64(1.0 - learning_rate * weight_decay);
    for layer in &network.layers {
        scale(kept, &mut network.parameters[layer.weights.clone()]);
    }
}

fn scale<F: Element>(factor: F, values: &mut [F]) {
    vectorized(
        #[inline(always)]
        || values.iter_mut().for_each(|value| *value *= factor),
    );
}
