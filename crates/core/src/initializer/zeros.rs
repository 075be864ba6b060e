use super::{Draw, Fan, Independent};

crate::item! {
    /// All weights are 0. Then all units of a layer stay equal. It demonstrates this effect.
    ///
    /// - Formula: `W = 0`
    /// - Source: Rumelhart, Hinton, Williams, *Learning representations by back-propagating errors* (1986), on the need
    ///   to break symmetry
    Zeros = "zeros" {}
}

impl Independent for Zeros {
    fn draw(&self, _fan: Fan) -> Draw {
        Draw::Constant(0.0)
    }
}
