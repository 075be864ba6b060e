use super::{Fused, LossFunction, Rows};
use crate::output::Output;
use crate::real::Real;
use crate::registry::Domain;
use crate::simd::vectorized;

crate::item! {
    /// The cross-entropy between a distribution over classes and the target, in nats (natural logarithm).
    ///
    /// With `softmax` it is fused: computed from the logits, and exact even if an output is rounded to 0. With `fused =
    /// false`, and always with `sigmoid`, it is computed from the outputs; `ŷᵢ` is at least the smallest positive normal
    /// number. Then the loss of a completely wrong prediction is finite (708 in double, 87 in single precision), and its
    /// gradient vanishes with the output's Jacobian. The network learns nothing from such a sample, so fused is the default.
    ///
    /// The fused gradient is computed as `ŷᵢ·Σⱼ yⱼ − yᵢ·Σⱼ ŷⱼ` over j ≠ i, which is `ŷ − y` for targets that sum to 1.
    /// It keeps its digits, however confident a prediction is: for a class, the gradient in its own logit is minus the
    /// sum of the other outputs.
    ///
    /// With `sigmoid` an output whose target is 0 costs nothing and has no gradient: `binary_cross_entropy` counts such
    /// outputs too.
    ///
    /// - Formula: `L = −Σᵢ yᵢ ln ŷᵢ`, `∂L/∂ŷᵢ = −yᵢ/ŷᵢ`, then through the output's Jacobian to the logits; fused
    ///   `L = Σᵢ yᵢ·(ln(1 + Σⱼ e^(zⱼ − m)) + m − zᵢ)` with `m = maxⱼ zⱼ`, which the sum leaves out, and
    ///   `∂L/∂z = ŷ·Σⱼ yⱼ − y`
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

    fn fused<F: Real>(&self, output: &Output) -> Option<Fused<F>> {
        (self.fused && matches!(output, Output::Softmax(_))).then_some(Fused { losses, delta })
    }
}

/// `L = Σᵢ yᵢ·(ln(1 + Σⱼ e^(zⱼ − m)) + m − zᵢ)` row by row, where the sum leaves out the largest logit m. No term is
/// negative, so none cancel.
fn losses<F: Real>(rows: Rows<'_, F>, losses: &mut [F]) {
    vectorized(
        #[inline(always)]
        || {
            let samples = rows.logits.chunks_exact(rows.n_out).zip(rows.targets.chunks_exact(rows.n_out));
            for (loss, (logits, targets)) in losses.iter_mut().zip(samples) {
                let mut largest = 0;
                for (index, z) in logits.iter().enumerate() {
                    largest = if *z > logits[largest] { index } else { largest };
                }
                let max = logits[largest];
                let mut others = F::ZERO;
                for (index, &z) in logits.iter().enumerate() {
                    let power = (z - max).exp();
                    others += if index == largest { F::ZERO } else { power };
                }
                let log_sum = others.ln_1p();
                let term = |(&z, &y): (&F, &F)| y * (log_sum + (max - z));
                *loss = logits.iter().zip(targets).map(term).fold(F::ZERO, |sum, x| sum + x);
            }
        },
    );
}

/// `∂L/∂zᵢ = ŷᵢ·Σⱼ yⱼ − yᵢ·Σⱼ ŷⱼ` over j ≠ i. A forward loop adds the terms with j < i, a backward
/// loop adds the terms with j > i.
fn delta<F: Real>(rows: Rows<'_, F>, delta: &mut [F]) {
    vectorized(
        #[inline(always)]
        || {
            let samples = rows.outputs.chunks_exact(rows.n_out).zip(rows.targets.chunks_exact(rows.n_out));
            for (delta, (outputs, targets)) in delta.chunks_exact_mut(rows.n_out).zip(samples) {
                delta.fill(F::ZERO);
                let entries = delta.iter_mut().zip(outputs.iter().zip(targets));
                add_from_one_side(entries);
                let entries = delta.iter_mut().zip(outputs.iter().zip(targets));
                add_from_one_side(entries.rev());
            }
        },
    );
}

/// Adds `ŷᵢ·Σⱼ yⱼ − yᵢ·Σⱼ ŷⱼ` over the j that come before i.
#[inline(always)]
fn add_from_one_side<'a, F: Real>(entries: impl Iterator<Item = (&'a mut F, (&'a F, &'a F))>) {
    let (mut outputs, mut targets) = (F::ZERO, F::ZERO);
    for (delta, (&output, &target)) in entries {
        *delta += output * targets - target * outputs;
        outputs += output;
        targets += target;
    }
}
