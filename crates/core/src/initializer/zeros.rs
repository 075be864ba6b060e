use super::{Fan, Initialize};
use crate::cancel::{Cancel, Cancelled};
use crate::seed::Stream;

crate::item! {
    /// All weights are 0. Then all units of a layer stay equal. It demonstrates this effect.
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
