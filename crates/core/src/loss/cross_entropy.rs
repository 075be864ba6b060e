use super::{LossKernel, Rows, difference};
use crate::output::Output;
use crate::real::Real;

crate::item! {
    /// The cross-entropy between a distribution over classes and the target, in nats (natural logarithm), fused with
    /// the softmax that makes the distribution.
    ///
    /// - Formula: `L = −Σᵢ yᵢ ln ŷᵢ = Σᵢ yᵢ·(ln Σⱼ e^(zⱼ − m) − (zᵢ − m))` with `m = maxⱼ zⱼ`, `∂L/∂z = ŷ − y`
    /// - Range: [0, ∞)
    /// - Outputs: `softmax`
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), equation 5.24
    CrossEntropy = "cross_entropy" {}
}

impl<F: Real> LossKernel<F> for CrossEntropy {
    fn sample_losses(&self, rows: Rows<'_, F>, losses: &mut [F]) {
        crate::simd::vectorized(
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

    fn delta(&self, _output: &Output, rows: Rows<'_, F>, delta: &mut [F]) {
        difference(rows, delta);
    }

    fn outputs(&self) -> &'static [&'static str] {
        &["softmax"]
    }

    fn default_output(&self) -> Output {
        Output::Softmax(Default::default())
    }

    fn needs_classes(&self) -> bool {
        true
    }
}
