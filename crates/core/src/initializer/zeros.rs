use super::{Fan, Initialize};
use crate::cancel::{Cancel, Cancelled};
use crate::seed::Stream;

crate::item! {
    /// All weights 0. All units of a layer then stay the same for ever: it is here to show that.
    ///
    /// - Formula: `W = 0`
    /// - Source: Rumelhart, Hinton, Williams, *Learning representations by back-propagating errors* (1986), on the need
    ///   to break symmetry
    Zeros = "zeros" {}
}

impl Initialize for Zeros {
    fn fill(
        &self,
        _fan: Fan,
        _stream: &mut Stream,
        weights: &mut [f64],
        _cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        weights.fill(0.0);
        Ok(())
    }

    fn standard_deviation(&self, _fan: Fan) -> f64 {
        0.0
    }
}
