use super::OutputKernel;
use crate::real::Real;
use crate::simd::vectorized;

crate::item! {
    /// A distribution over the classes, with one unit per class.
    ///
    /// - Formula: `ŷᵢ = e^(zᵢ − m) / Σⱼ e^(zⱼ − m)` with `m = maxⱼ zⱼ`, Jacobian `diag(ŷ) − ŷ·ŷᵀ`
    /// - Range: (0, 1), a row sums to 1
    /// - Source: Bridle, *Probabilistic interpretation of feedforward classification network outputs* (1990)
    Softmax = "softmax" {}
}

impl<F: Real> OutputKernel<F> for Softmax {
    fn forward(&self, n_out: usize, logits: &[F], outputs: &mut [F]) {
        vectorized(
            #[inline(always)]
            || {
                for (row, z) in outputs.chunks_exact_mut(n_out).zip(logits.chunks_exact(n_out)) {
                    let max = z.iter().fold(z[0], |max, &z| max.max_or_nan(z));
                    for (output, &z) in row.iter_mut().zip(z) {
                        *output = z - max;
                    }
                }
                // One pass over the whole matrix, not row by row, so that the lanes are full even for few classes.
                for output in outputs.iter_mut() {
                    *output = output.exp();
                }
                for row in outputs.chunks_exact_mut(n_out) {
                    let sum = row.iter().fold(F::ZERO, |sum, &x| sum + x);
                    let scale = F::ONE / sum;
                    for output in row {
                        *output *= scale;
                    }
                }
            },
        );
    }

    fn backward(&self, n_out: usize, outputs: &[F], gradient: &mut [F]) {
        for (gradient, y) in gradient.chunks_exact_mut(n_out).zip(outputs.chunks_exact(n_out)) {
            let mean = gradient.iter().zip(y).fold(F::ZERO, |sum, (&g, &y)| g.mul_add(y, sum));
            for (gradient, &y) in gradient.iter_mut().zip(y) {
                *gradient = y * (*gradient - mean);
            }
        }
    }

    fn is_distribution(&self) -> bool {
        true
    }
}
