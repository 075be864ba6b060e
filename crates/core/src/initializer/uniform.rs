use super::{Fan, Initialize, fill_uniform};
use crate::cancel::{Cancel, Cancelled};
use crate::registry::Range;
use crate::seed::Stream;

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

impl Initialize for Uniform {
    fn fill(
        &self,
        _fan: Fan,
        stream: &mut Stream,
        weights: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        fill_uniform(self.limit, stream, weights, cancel)
    }

    fn standard_deviation(&self, _fan: Fan) -> f64 {
        self.limit / 3.0f64.sqrt()
    }
}
