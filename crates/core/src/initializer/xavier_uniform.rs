use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// Uniform weights that keep the variance of activations and gradients from layer to layer, for activations that are
    /// linear around 0.
    ///
    /// - Formula: `W ~ gain · U(−l, l)` with `l = √(6 / (fan_in + fan_out))`, of variance `gain² · 2 / (fan_in + fan_out)`
    /// - Source: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010),
    ///   equation 16
    XavierUniform = "xavier_uniform" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Independent for XavierUniform {
    fn draw(&self, fan: Fan) -> Draw {
        Draw::Uniform {
            limit: self.gain * (6.0 / (fan.fan_in + fan.fan_out) as f64).sqrt(),
            standard_deviation: self.gain * (2.0 / (fan.fan_in + fan.fan_out) as f64).sqrt(),
        }
    }
}
