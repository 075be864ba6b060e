use super::{LossKernel, Rows, difference};
use crate::output::Output;
use crate::real::Real;

crate::item! {
    /// Half the squared distance between output and target.
    ///
    /// - Formula: `L = ½ Σᵢ (ŷᵢ − yᵢ)²`, `∂L/∂ŷ = ŷ − y`, then through the output's Jacobian to the logits
    /// - Range: [0, ∞)
    /// - Outputs: `identity`, `sigmoid`, `softmax`
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), equation 5.14
    HalfSquaredError = "half_squared_error" {}
}

impl<F: Real> LossKernel<F> for HalfSquaredError {
    fn sample_losses(&self, rows: Rows<'_, F>, losses: &mut [F]) {
        let samples = rows.outputs.chunks_exact(rows.n_out).zip(rows.targets.chunks_exact(rows.n_out));
        for (loss, (outputs, targets)) in losses.iter_mut().zip(samples) {
            let squares = outputs.iter().zip(targets).fold(F::ZERO, |sum, (&output, &target)| {
                let error = output - target;
                error.mul_add(error, sum)
            });
            *loss = F::from_f64(0.5) * squares;
        }
    }

    fn delta(&self, output: &Output, rows: Rows<'_, F>, delta: &mut [F]) {
        difference(rows, delta);
        output.kernel().backward(rows.n_out, rows.outputs, delta);
    }

    fn outputs(&self) -> &'static [&'static str] {
        &["identity", "sigmoid", "softmax"]
    }

    fn default_output(&self) -> Output {
        Output::Identity(Default::default())
    }

    fn needs_classes(&self) -> bool {
        false
    }
}
