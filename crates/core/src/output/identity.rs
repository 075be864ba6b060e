use super::OutputKernel;
use crate::real::Real;

crate::item! {
    /// The logits themselves, for regression.
    ///
    /// - Formula: `ŷ = z`, Jacobian `I`
    /// - Range: (−∞, ∞)
    /// - Source: Bishop, *Pattern Recognition and Machine Learning* (2006), section 5.2
    Identity = "identity" {}
}

impl<F: Real> OutputKernel<F> for Identity {
    fn forward(&self, _n_out: usize, logits: &[F], outputs: &mut [F]) {
        outputs.copy_from_slice(logits);
    }

    fn backward(&self, _n_out: usize, _outputs: &[F], _gradient: &mut [F]) {}
}
