use super::{FromLogits, LossFunction, Rows};
use crate::output::Output;
use crate::real::Real;
use crate::registry::Domain;
use crate::simd::vectorized;

crate::item! {
    /// The cross-entropy between a distribution over classes and the target, in nats (natural logarithm).
    ///
    /// With `softmax` it is fused: computed from the logits, exact where an output has long been rounded to 0. Apart from
    /// the softmax (`fused = false`), and always with `sigmoid`, it is computed from the outputs, `ŷᵢ` taken as no less
    /// than the smallest positive normal number. The loss of a mistake made with certainty is then finite (708 in double,
    /// 87 in single precision) and its gradient vanishes, since the output's Jacobian does: nothing is learnt from it.
    /// That is why fused is the default.
    ///
    /// With `sigmoid` an output whose target is 0 costs nothing and has no gradient: `binary_cross_entropy` counts such
    /// outputs too.
    ///
    /// - Formula: `L = −Σᵢ yᵢ ln ŷᵢ`, `∂L/∂ŷᵢ = −yᵢ/ŷᵢ`, then through the output's Jacobian to the logits; fused
    ///   `L = Σᵢ yᵢ·(ln Σⱼ e^(zⱼ − m) − (zᵢ − m))` with `m = maxⱼ zⱼ`, `∂L/∂z = ŷ − y` for targets that sum to 1
    /// - Range: [0, ∞)
    /// - Outputs: `softmax`, `sigmoid`
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), equation 5.24
    CrossEntropy = "cross_entropy" {
        /// Whether it is computed from the logits with `softmax`, rather than from the outputs.
        fused: bool = true, Domain::Flag;
    }
}

impl LossFunction for CrossEntropy {
    const OUTPUTS: &'static [&'static str] = &["softmax", "sigmoid"];
    const NEEDS_CLASSES: bool = true;

    #[inline(always)]
    fn value<F: Real>(&self, output: F, target: F) -> F {
        -target * output.max_or_nan(F::TINY).ln()
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, output: F, target: F) -> F {
        -target / output.max_or_nan(F::TINY)
    }

    fn default_output(&self) -> Output {
        Output::Softmax(Default::default())
    }

    fn fused<F: Real>(&self, output: &Output) -> Option<FromLogits<F>> {
        (self.fused && matches!(output, Output::Softmax(_))).then_some(from_logits)
    }
}

/// `L = Σᵢ yᵢ·(ln Σⱼ e^(zⱼ − m) − (zᵢ − m))`, row by row.
fn from_logits<F: Real>(rows: Rows<'_, F>, losses: &mut [F]) {
    vectorized(
        #[inline(always)]
        || {
            let samples = rows.logits.chunks_exact(rows.n_out).zip(rows.targets.chunks_exact(rows.n_out));
            for (loss, (logits, targets)) in losses.iter_mut().zip(samples) {
                let max = logits.iter().fold(logits[0], |max, &z| max.max_or_nan(z));
                let mut sum = F::ZERO;
                for &z in logits {
                    sum += (z - max).exp();
                }
                let log_sum = sum.ln();
                let term = |(&z, &y): (&F, &F)| y * (log_sum - (z - max));
                *loss = logits.iter().zip(targets).map(term).fold(F::ZERO, |sum, x| sum + x);
            }
        },
    );
}
