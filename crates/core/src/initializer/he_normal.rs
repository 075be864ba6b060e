use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// Normal weights that keep the variance of activations through rectified linear units, which halve it.
    ///
    /// - Formula: `W ~ N(0, gain² · 2 / fan_in)`
    /// - Source: He, Zhang, Ren, Sun, *Delving deep into rectifiers* (2015), equation 10
    HeNormal = "he_normal" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Independent for HeNormal {
    fn draw(&self, fan: Fan) -> Draw {
        Draw::Normal { standard_deviation: self.gain * (2.0 / fan.fan_in as f64).sqrt() }
    }
}
