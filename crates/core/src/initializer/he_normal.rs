use super::{Fan, Initialize, fill_normal};
use crate::cancel::{Cancel, Cancelled};
use crate::registry::Range;
use crate::seed::Stream;

crate::item! {
    /// Normal weights that keep the variance of activations through rectified linear units, which halve it.
    ///
    /// - Formula: `W ~ N(0, gain² · 2 / fan_in)`
    /// - Source: He, Zhang, Ren, Sun, *Delving deep into rectifiers* (2015), equation 10
    HeNormal = "he_normal" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Initialize for HeNormal {
    fn fill(
        &self,
        fan: Fan,
        stream: &mut Stream,
        weights: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        fill_normal(self.standard_deviation(fan), stream, weights, cancel)
    }

    fn standard_deviation(&self, fan: Fan) -> f64 {
        self.gain * (2.0 / fan.fan_in as f64).sqrt()
    }
}
