//! Initialisers: where the weights begin. Biases begin at 0.

mod constant;
mod he_normal;
mod he_uniform;
mod lecun_normal;
mod lecun_uniform;
mod normal;
mod orthogonal;
mod uniform;
mod xavier_normal;
mod xavier_uniform;
mod zeros;

use crate::cancel::{Cancel, Cancelled, DRAW};
use crate::seed::Stream;

crate::family! {
    /// The distribution of the initial weights.
    #[derive(Copy)]
    Initializer = "initialization", kernel = dyn Initialize, default HeNormal {
        Zeros(zeros),
        Constant(constant),
        Uniform(uniform),
        Normal(normal),
        XavierUniform(xavier_uniform),
        XavierNormal(xavier_normal),
        HeUniform(he_uniform),
        HeNormal(he_normal),
        LecunUniform(lecun_uniform),
        LecunNormal(lecun_normal),
        Orthogonal(orthogonal),
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
    ///
    /// # Errors
    /// If it is cancelled.
    fn fill(
        &self,
        fan: Fan,
        stream: &mut Stream,
        weights: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled>;

    /// The mean of a weight.
    fn mean(&self, _fan: Fan) -> f64 {
        0.0
    }

    /// The standard deviation of a weight.
    fn standard_deviation(&self, fan: Fan) -> f64;
}

/// Independent draws are made in blocks of so many, so that they can be cancelled between them.
const BLOCK: usize = 1 << 12;

/// Independent draws.
fn fill_with(
    weights: &mut [f64],
    cancel: &Cancel<'_>,
    mut draw: impl FnMut() -> f64,
) -> Result<(), Cancelled> {
    for block in weights.chunks_mut(BLOCK) {
        block.iter_mut().for_each(|weight| *weight = draw());
        cancel.after(block.len() as u64 * DRAW)?;
    }
    Ok(())
}

/// Independent normal draws of mean 0.
fn fill_normal(
    standard_deviation: f64,
    stream: &mut Stream,
    weights: &mut [f64],
    cancel: &Cancel<'_>,
) -> Result<(), Cancelled> {
    fill_with(weights, cancel, || standard_deviation * stream.normal())
}

/// Independent uniform draws in [−limit, limit].
fn fill_uniform(
    limit: f64,
    stream: &mut Stream,
    weights: &mut [f64],
    cancel: &Cancel<'_>,
) -> Result<(), Cancelled> {
    fill_with(weights, cancel, || limit * (2.0 * stream.uniform() - 1.0))
}
