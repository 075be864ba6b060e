use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// Uniform weights of the same width for every layer.
    ///
    /// - Formula: `W ~ U(−l, l)`, of variance `l²/3`
    /// - Source: Rumelhart, Hinton, Williams, *Learning internal representations by error propagation* (1986), whose
    ///   networks begin with small random weights
    Uniform = "uniform" {
        /// l, the largest magnitude of a weight.
        limit: f64 = 0.1, Range::POSITIVE;
    }
}

impl Independent for Uniform {
    fn draw(&self, _fan: Fan) -> Draw {
        Draw::Uniform { limit: self.limit, standard_deviation: self.limit / 3.0f64.sqrt() }
    }
}
