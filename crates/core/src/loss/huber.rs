use super::LossFunction;
use crate::real::Real;
use crate::registry::Range;

crate::item! {
    /// Half the squared error for small errors, and linear beyond `delta`, so that outliers have no larger gradient than an
    /// error of `delta`.
    ///
    /// - Formula: `L = Σᵢ h(ŷᵢ − yᵢ)` with `h(e) = ½e²` for `|e| ≤ δ` and `δ(|e| − ½δ)` beyond, `h'(e) = e` held within
    ///   `[−δ, δ]`, then through the output's Jacobian to the logits
    /// - Range: [0, ∞)
    /// - Outputs: `identity`, `sigmoid`, `softmax`
    /// - Source: Huber, *Robust estimation of a location parameter* (1964)
    Huber = "huber" {
        /// δ, the error above which the loss grows linearly, in units of the outputs.
        delta: f64 = 1.0, Range::POSITIVE;
    }
}

impl LossFunction for Huber {
    const OUTPUTS: &'static [&'static str] = &["identity", "sigmoid", "softmax"];

    #[inline(always)]
    fn value<F: Real>(&self, output: F, target: F) -> F {
        let (error, delta, half) = (output - target, F::from_f64(self.delta), F::from_f64(0.5));
        let size = error.abs();
        if size > delta { delta * (size - half * delta) } else { half * error * error }
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, output: F, target: F) -> F {
        let (error, delta) = (output - target, F::from_f64(self.delta));
        let from_below = if error < -delta { -delta } else { error };
        if error > delta { delta } else { from_below }
    }

    fn kinks(&self) -> Vec<f64> {
        vec![self.delta]
    }
}
