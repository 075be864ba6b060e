use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// Normal weights that keep the variance of activations and gradients from layer to layer, for activations that are
    /// linear around 0.
    ///
    /// - Formula: `W ~ N(0, gain² · 2 / (fan_in + fan_out))`
    /// - Source: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010),
    ///   equation 12
    XavierNormal = "xavier_normal" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Independent for XavierNormal {
    fn draw(&self, fan: Fan) -> Draw {
        Draw::Normal { standard_deviation: self.gain * (2.0 / (fan.fan_in + fan.fan_out) as f64).sqrt() }
    }
}
