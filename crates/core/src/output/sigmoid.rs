use super::OutputKernel;
use crate::real::Real;
use crate::simd::vectorized;

crate::item! {
    /// An independent probability for each output: one unit for two classes.
    ///
    /// - Formula: `ŷ = 1 / (1 + e⁻ᶻ)`, Jacobian `diag(ŷ·(1 − ŷ))`
    /// - Range: (0, 1)
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), section 5.2
    Sigmoid = "sigmoid" {}
}

impl<F: Real> OutputKernel<F> for Sigmoid {
    fn forward(&self, _n_out: usize, logits: &[F], outputs: &mut [F]) {
        vectorized(
            #[inline(always)]
            || {
                for (output, &z) in outputs.iter_mut().zip(logits) {
                    *output = z.sigmoid();
                }
            },
        );
    }

    fn backward(&self, _n_out: usize, outputs: &[F], gradient: &mut [F]) {
        vectorized(
            #[inline(always)]
            || {
                for (gradient, &y) in gradient.iter_mut().zip(outputs) {
                    *gradient *= y * (F::ONE - y);
                }
            },
        );
    }

    fn is_probability(&self) -> bool {
        true
    }
}
