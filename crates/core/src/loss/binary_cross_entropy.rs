use super::{Fused, LossFunction, Rows};
use crate::output::Output;
use crate::real::Real;
use crate::registry::Domain;
use crate::simd::vectorized;

crate::item! {
    /// The cross-entropy of each output against a target of 0 or 1, in nats (natural logarithm).
    ///
    /// With `sigmoid` it is fused: computed from the logits, and exact even if an output is rounded to 0 or 1. With `fused =
    /// false`, and always with `softmax`, it is computed from the outputs; `ŷᵢ` and `1 − ŷᵢ` are at least the smallest
    /// positive normal number. Then the loss of a completely wrong prediction is finite (708 in double, 87 in single
    /// precision), and its gradient vanishes with the output's Jacobian. The network learns nothing from such a sample, so
    /// fused is the default.
    ///
    /// The fused gradient `ŷ − y` is computed as `(1 − y)·σ(z) − y·σ(−z)`. These terms keep all digits, however confident a
    /// prediction is.
    ///
    /// With `softmax` the gradient is not `ŷ − y`, the gradient of `cross_entropy`, because the outputs depend on each
    /// other. With only the diagonal of the softmax's Jacobian, this loss gives `ŷ − y`: two errors cancel.
    ///
    /// - Formula: `L = −Σᵢ (yᵢ ln ŷᵢ + (1 − yᵢ) ln(1 − ŷᵢ))`, `∂L/∂ŷᵢ = −yᵢ/ŷᵢ + (1 − yᵢ)/(1 − ŷᵢ)`, then through the
    ///   output's Jacobian to the logits; fused
    ///   `L = Σᵢ ((1 − yᵢ)·max(zᵢ, 0) + yᵢ·max(−zᵢ, 0) + ln(1 + e^−|zᵢ|))`, `∂L/∂z = ŷ − y`
    /// - Range: [0, ∞)
    /// - Outputs: `sigmoid`, `softmax`
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), equation 5.21
    BinaryCrossEntropy = "binary_cross_entropy" {
        /// Whether it is computed from the logits with `sigmoid`, rather than from the outputs.
        fused: bool = true, Domain::Flag;
    }
}

impl LossFunction for BinaryCrossEntropy {
    const OUTPUTS: &'static [&'static str] = &["sigmoid", "softmax"];
    const NEEDS_CLASSES: bool = true;

    #[inline(always)]
    fn value<F: Real>(&self, output: F, target: F) -> F {
        let (yes, no) = (output.max_or_nan(F::TINY), (F::ONE - output).max_or_nan(F::TINY));
        // 1 − ŷ has lost digits of a small ŷ, but is exact from ½ on.
        let ln_no = if output < F::from_f64(0.5) { (-output).ln_1p() } else { no.ln() };
        -target * yes.ln() - (F::ONE - target) * ln_no
    }

    #[inline(always)]
    fn derivative<F: Real>(&self, output: F, target: F) -> F {
        let (yes, no) = (output.max_or_nan(F::TINY), (F::ONE - output).max_or_nan(F::TINY));
        (F::ONE - target) / no - target / yes
    }

    fn default_output(&self) -> Output {
        Output::Sigmoid(Default::default())
    }

    fn fused<F: Real>(&self, output: &Output) -> Option<Fused<F>> {
        (self.fused && matches!(output, Output::Sigmoid(_))).then_some(Fused { losses, delta })
    }
}

/// `L = Σᵢ ((1 − yᵢ)·max(zᵢ, 0) + yᵢ·max(−zᵢ, 0) + ln(1 + e^−|zᵢ|))`, row by row: no term is negative, so none cancel.
fn losses<F: Real>(rows: Rows<'_, F>, losses: &mut [F]) {
    vectorized(
        #[inline(always)]
        || {
            let samples = rows.logits.chunks_exact(rows.n_out).zip(rows.targets.chunks_exact(rows.n_out));
            for (loss, (logits, targets)) in losses.iter_mut().zip(samples) {
                let mut sum = F::ZERO;
                for (&z, &y) in logits.iter().zip(targets) {
                    let (above, below) = (z.max_or_nan(F::ZERO), (-z).max_or_nan(F::ZERO));
                    sum += (F::ONE - y) * above + y * below + (-z.abs()).exp().ln_1p();
                }
                *loss = sum;
            }
        },
    );
}

/// `∂L/∂zᵢ = (1 − yᵢ)·σ(zᵢ) − yᵢ·σ(−zᵢ)`
fn delta<F: Real>(rows: Rows<'_, F>, delta: &mut [F]) {
    vectorized(
        #[inline(always)]
        || {
            let outputs = rows.outputs.iter().zip(rows.logits);
            for ((delta, (&output, &z)), &y) in delta.iter_mut().zip(outputs).zip(rows.targets) {
                *delta = (F::ONE - y) * output - y * (-z).sigmoid();
            }
        },
    );
}
