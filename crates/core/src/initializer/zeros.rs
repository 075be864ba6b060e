use super::{Draw, Fan, Independent};

crate::item! {
    /// All weights 0. All units of a layer then stay the same for ever: it is here to show that.
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
