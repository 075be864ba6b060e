use super::{Fan, Initialize, fill_normal};
use crate::cancel::{Cancel, Cancelled};
use crate::registry::Range;
use crate::seed::Stream;

crate::item! {
    /// Normal weights that keep the variance of activations and gradients from layer to layer, for activations that are
    /// linear around 0.
    ///
    /// - Formula: `W ~ N(0, gain² · 2 / (fan_in + fan_out))`
    /// - Source: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010),
    ///   equation 12
    XavierNormal = "xavier_normal" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Initialize for XavierNormal {
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
        self.gain * (2.0 / (fan.fan_in + fan.fan_out) as f64).sqrt()
    }
}
