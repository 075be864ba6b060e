use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// Normal weights of the same width for every layer.
    ///
    /// - Formula: `W ~ N(0, s²)`
    /// - Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp* (1998), section 4.6
    Normal = "normal" {
        /// s, the standard deviation of a weight.
        standard_deviation: f64 = 0.1, Range::POSITIVE;
    }
}

impl Independent for Normal {
    fn draw(&self, _fan: Fan) -> Draw {
        Draw::Normal { standard_deviation: self.standard_deviation }
    }
}
