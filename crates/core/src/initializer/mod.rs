//! Initializers: the distribution of initial weights, and of biases if they are drawn.
//!
//! To add one: a file with its type ([`item!`](crate::item)) and the distribution of a weight ([`Independent`]), and its lines
//! in the registry below. Weights that depend on each other implement [`Initialize`].

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

    /// Whether each weight is drawn independently of the others, so that biases can be drawn in the same way.
    fn draws_each_alone(&self) -> bool {
        true
    }

    /// The mean of a weight.
    fn mean(&self, fan: Fan) -> f64;

    /// The standard deviation of a weight.
    fn standard_deviation(&self, fan: Fan) -> f64;

    /// How many numbers in double precision each weight of a layer takes while it is drawn.
    fn numbers_per_weight(&self) -> f64 {
        1.0
    }
}

/// Weights that are drawn independently of each other.
pub trait Independent {
    /// The distribution of each weight of a layer.
    fn draw(&self, fan: Fan) -> Draw;
}

/// The distribution of a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Draw {
    /// Always this number.
    Constant(f64),
    /// Normal with mean 0.
    Normal {
        /// The standard deviation.
        standard_deviation: f64,
    },
    /// Uniform in [−limit, limit].
    Uniform {
        /// The largest magnitude.
        limit: f64,
        /// limit/√3, rounded once.
        standard_deviation: f64,
    },
}

impl<I: Independent> Initialize for I {
    fn fill(
        &self,
        fan: Fan,
        stream: &mut Stream,
        weights: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        match self.draw(fan) {
            Draw::Constant(value) => weights.fill(value),
            Draw::Normal { standard_deviation } => {
                fill_with(weights, cancel, || standard_deviation * stream.normal())?;
            }
            Draw::Uniform { limit, .. } => {
                fill_with(weights, cancel, || limit * (2.0 * stream.uniform() - 1.0))?;
            }
        }
        Ok(())
    }

    fn mean(&self, fan: Fan) -> f64 {
        match self.draw(fan) {
            Draw::Constant(value) => value,
            Draw::Normal { .. } | Draw::Uniform { .. } => 0.0,
        }
    }

    fn standard_deviation(&self, fan: Fan) -> f64 {
        match self.draw(fan) {
            Draw::Constant(_) => 0.0,
            Draw::Normal { standard_deviation } | Draw::Uniform { standard_deviation, .. } => {
                standard_deviation
            }
        }
    }
}

/// Independent draws are made in blocks of this length, so that they can be cancelled between blocks.
const BLOCK: usize = 1 << 12;

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
