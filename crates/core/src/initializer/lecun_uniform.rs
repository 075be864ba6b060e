use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// Uniform weights that give a unit's weighted sum the variance of its inputs.
    ///
    /// - Formula: `W ~ gain · U(−l, l)` with `l = √(3 / fan_in)`, of variance `gain² / fan_in`
    /// - Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp* (1998), section 4.6
    LecunUniform = "lecun_uniform" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Independent for LecunUniform {
    fn draw(&self, fan: Fan) -> Draw {
        Draw::Uniform {
            limit: self.gain * (3.0 / fan.fan_in as f64).sqrt(),
            standard_deviation: self.gain / (fan.fan_in as f64).sqrt(),
        }
    }
}
