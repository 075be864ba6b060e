use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// Normal weights that give a unit's weighted sum the variance of its inputs.
    ///
    /// - Formula: `W ~ N(0, gain² / fan_in)`
    /// - Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp* (1998), section 4.6
    LecunNormal = "lecun_normal" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Independent for LecunNormal {
    fn draw(&self, fan: Fan) -> Draw {
        Draw::Normal { standard_deviation: self.gain / (fan.fan_in as f64).sqrt() }
    }
}
