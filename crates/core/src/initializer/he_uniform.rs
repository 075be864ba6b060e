use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// Uniform weights that keep the variance of activations through rectified linear units, which halve it.
    ///
    /// - Formula: `W ~ gain · U(−l, l)` with `l = √(6 / fan_in)`, of variance `gain² · 2 / fan_in`
    /// - Source: He, Zhang, Ren, Sun, *Delving deep into rectifiers* (2015), the variance of equation 10
    HeUniform = "he_uniform" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Independent for HeUniform {
    fn draw(&self, fan: Fan) -> Draw {
        Draw::Uniform {
            limit: self.gain * (6.0 / fan.fan_in as f64).sqrt(),
            standard_deviation: self.gain * (2.0 / fan.fan_in as f64).sqrt(),
        }
    }
}
