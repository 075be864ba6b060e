use super::{Fan, Initialize, fill_normal};
use crate::cancel::{Cancel, Cancelled};
use crate::registry::Range;
use crate::seed::Stream;

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

impl Initialize for Normal {
    fn fill(
        &self,
        _fan: Fan,
        stream: &mut Stream,
        weights: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        fill_normal(self.standard_deviation, stream, weights, cancel)
    }

    fn standard_deviation(&self, _fan: Fan) -> f64 {
        self.standard_deviation
    }
}
