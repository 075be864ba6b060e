//! Initialisers: where the weights begin. Biases begin at 0.

mod he_normal;
mod normal;
mod xavier_normal;
mod zeros;

use crate::seed::Stream;

crate::family! {
    /// The distribution of the initial weights.
    #[derive(Copy)]
    Initializer = "initialization", kernel = dyn Initialize, default HeNormal {
        Zeros(zeros),
        Normal(normal),
        XavierNormal(xavier_normal),
        HeNormal(he_normal),
    }
}

/// The shape of a layer's weights, `[fan_in, fan_out]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fan {
    /// Inputs of a unit.
    pub fan_in: usize,
    /// Units of the layer.
    pub fan_out: usize,
}

/// Draws the weights of a layer.
pub trait Initialize {
    /// Fills `weights`, `[fan_in, fan_out]` row-major, from the layer's own stream.
    fn fill(&self, fan: Fan, stream: &mut Stream, weights: &mut [f64]);

    /// The standard deviation of a weight.
    fn standard_deviation(&self, fan: Fan) -> f64;
}

/// Independent normal draws of mean 0.
fn fill_normal(standard_deviation: f64, stream: &mut Stream, weights: &mut [f64]) {
    weights.iter_mut().for_each(|weight| *weight = standard_deviation * stream.normal());
}
