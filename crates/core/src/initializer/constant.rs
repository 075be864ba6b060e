use super::{Draw, Fan, Independent};
use crate::registry::Range;

crate::item! {
    /// All weights are the same number, so that all units of a layer stay equal.
    ///
    /// - Formula: `W = c`
    /// - Source: Rumelhart, Hinton, Williams, *Learning representations by back-propagating errors* (1986), on the need
    ///   to break symmetry
    Constant = "constant" {
        /// c, every weight.
        value: f64 = 0.1, Range::FINITE;
    }
}

impl Independent for Constant {
    fn draw(&self, _fan: Fan) -> Draw {
        Draw::Constant(self.value)
    }
}
