use super::{Fan, Initialize, fill_uniform};
use crate::cancel::{Cancel, Cancelled};
use crate::registry::Range;
use crate::seed::Stream;

crate::item! {
    /// Uniform weights that keep the variance of activations through rectified linear units, which halve it.
    ///
    /// - Formula: `W ~ gain · U(−l, l)` with `l = √(6 / fan_in)`, of variance `gain² · 2 / fan_in`
    /// - Source: He, Zhang, Ren, Sun, *Delving deep into rectifiers* (2015), the variance of equation 10
    HeUniform = "he_uniform" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Initialize for HeUniform {
    fn fill(
        &self,
        fan: Fan,
        stream: &mut Stream,
        weights: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        fill_uniform(self.gain * (6.0 / fan.fan_in as f64).sqrt(), stream, weights, cancel)
    }

    fn standard_deviation(&self, fan: Fan) -> f64 {
        self.gain * (2.0 / fan.fan_in as f64).sqrt()
    }
}
