use super::{LossKernel, Rows, difference};
use crate::output::Output;
use crate::real::Real;

crate::item! {
    /// The cross-entropy of each output against a target of 0 or 1, in nats (natural logarithm), fused with the sigmoid
    /// that makes the outputs.
    ///
    /// - Formula: `L = −Σᵢ (yᵢ ln ŷᵢ + (1 − yᵢ) ln(1 − ŷᵢ)) = Σᵢ (max(zᵢ, 0) − zᵢ·yᵢ + ln(1 + e^−|zᵢ|))`,
    ///   `∂L/∂z = ŷ − y`
    /// - Range: [0, ∞)
    /// - Outputs: `sigmoid`
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), equation 5.21
    BinaryCrossEntropy = "binary_cross_entropy" {}
}

impl<F: Real> LossKernel<F> for BinaryCrossEntropy {
    fn sample_losses(&self, rows: Rows<'_, F>, losses: &mut [F]) {
        crate::simd::vectorized(
            #[inline(always)]
            || {
                let samples = rows.logits.chunks_exact(rows.n_out).zip(rows.targets.chunks_exact(rows.n_out));
                for (loss, (logits, targets)) in losses.iter_mut().zip(samples) {
                    let mut sum = F::ZERO;
                    for (&z, &y) in logits.iter().zip(targets) {
                        sum += z.max_or_nan(F::ZERO) - z * y + (-z.abs()).exp().ln_1p();
                    }
                    *loss = sum;
                }
            },
        );
    }

    fn delta(&self, _output: &Output, rows: Rows<'_, F>, delta: &mut [F]) {
        difference(rows, delta);
    }

    fn outputs(&self) -> &'static [&'static str] {
        &["sigmoid"]
    }

    fn default_output(&self) -> Output {
        Output::Sigmoid(Default::default())
    }

    fn needs_classes(&self) -> bool {
        true
    }
}
