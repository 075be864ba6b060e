use super::{Fan, Initialize, fill_uniform};
use crate::cancel::{Cancel, Cancelled};
use crate::registry::Range;
use crate::seed::Stream;

crate::item! {
    /// Uniform weights that give a unit's weighted sum the variance of its inputs.
    ///
    /// - Formula: `W ~ gain · U(−l, l)` with `l = √(3 / fan_in)`, of variance `gain² / fan_in`
    /// - Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp* (1998), section 4.6
    LecunUniform = "lecun_uniform" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Initialize for LecunUniform {
    fn fill(
        &self,
        fan: Fan,
        stream: &mut Stream,
        weights: &mut [f64],
        cancel: &Cancel<'_>,
    ) -> Result<(), Cancelled> {
        fill_uniform(self.gain * (3.0 / fan.fan_in as f64).sqrt(), stream, weights, cancel)
    }

    fn standard_deviation(&self, fan: Fan) -> f64 {
        self.gain / (fan.fan_in as f64).sqrt()
    }
}
