use super::{Fan, Initialize, fill_normal};
use crate::cancel::{Cancel, Cancelled};
use crate::registry::Range;
use crate::seed::Stream;

crate::item! {
    /// Normal weights that give a unit's weighted sum the variance of its inputs.
    ///
    /// - Formula: `W ~ N(0, gain² / fan_in)`
    /// - Source: LeCun, Bottou, Orr, Müller, *Efficient BackProp* (1998), section 4.6
    LecunNormal = "lecun_normal" {
        /// Factor of every weight.
        gain: f64 = 1.0, Range::NON_NEGATIVE;
    }
}

impl Initialize for LecunNormal {
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
        self.gain / (fan.fan_in as f64).sqrt()
    }
}
