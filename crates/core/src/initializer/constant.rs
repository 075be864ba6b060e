use super::{Fan, Initialize};
use crate::cancel::{Cancel, Cancelled};
use crate::registry::Range;
use crate::seed::Stream;

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

impl Initialize for Constant {
    fn fill(
        &self,
        _fan: Fan,
        _stream: &mut Stream,
        weights: &mut [f64],
        _cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        weights.fill(self.value);
        Ok(())
    }

    fn mean(&self, _fan: Fan) -> f64 {
        self.value
    }

    fn standard_deviation(&self, _fan: Fan) -> f64 {
        0.0
    }
}
