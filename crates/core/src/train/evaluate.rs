//! Loss and accuracy on a whole set.

use crate::cancel::{Cancel, Cancelled};
use crate::cost::{CHUNK, chunks, sample_losses};
use crate::dataset::Part;
use crate::loss::Loss;
use crate::network::{Network, Pass};
use crate::real::Element;
use crate::simd::{Pairwise, sum_in_double};

/// Loss and accuracy on a set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Mean loss per sample.
    pub loss: f64,
    /// Fraction of samples classified correctly; `None` for regression. With several outputs, the largest one is the
    /// predicted class (the first of equals). A single output predicts class 1 if it is at least ½.
    pub accuracy: Option<f64>,
}

/// The memory of an evaluation, allocated once.
pub struct Evaluator<F> {
    pass: Pass<F>,
    losses: Vec<F>,
    /// The gradient on a whole set, and the gradient on one of its chunks; empty unless requested.
    gradient: Vec<F>,
    chunk_gradient: Vec<F>,
}

impl<F: Element> Evaluator<F> {
    /// Allocates memory for networks of this shape.
    pub fn new(network: &Network<F>) -> Self {
        let pass = Pass::new(network, CHUNK);
        Self { pass, losses: vec![F::ZERO; CHUNK], gradient: Vec::new(), chunk_gradient: Vec::new() }
    }

    /// Also allocates memory for gradients on whole sets.
    pub(super) fn with_gradient(network: &Network<F>) -> Self {
        let room = || vec![F::ZERO; network.parameters.len()];
        Self { gradient: room(), chunk_gradient: room(), ..Self::new(network) }
    }

    /// The last forward pass. If a loss is not finite, this is the first pass with such a loss.
    pub(super) fn pass(&self) -> &Pass<F> {
        &self.pass
    }

    /// Loss and accuracy on `part`. Losses are summed in double precision: first the samples of a forward pass, then
    /// these sums pairwise. Evaluation ends at the first sum that is not finite.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn score(
        &mut self,
        network: &Network<F>,
        part: &Part<F>,
        loss: &Loss,
        cancel: &Cancel<'_>,
    ) -> Result<Score, Cancelled> {
        let n_out = part.n_out();
        let (mut total, mut correct) = (Pairwise::<f64>::new(), 0u64);
        for (features, targets) in chunks(part) {
            network.forward(features, &mut self.pass, cancel)?;
            let losses = &mut self.losses[..targets.len() / n_out];
            sample_losses(network, &self.pass, targets, loss, losses);
            let sum = sum_in_double(losses);
            total.add(sum);
            correct += count_correct(part, &self.pass.last().activation[..targets.len()], targets);
            if !sum.is_finite() {
                break;
            }
            cancel.after(network.operations(self.pass.batch))?;
        }
        let samples = part.len() as f64;
        let accuracy = part.is_classification.then(|| correct as f64 / samples);
        Ok(Score { loss: total.total() / samples, accuracy })
    }

    /// ŷ of every sample of `part`, `[n, n_out]`, row-major.
    ///
    /// # Errors
    /// If it is cancelled.
    pub fn outputs(
        &mut self,
        network: &Network<F>,
        part: &Part<F>,
        cancel: &Cancel<'_>,
    ) -> Result<Vec<F>, Cancelled> {
        let mut outputs = Vec::with_capacity(part.targets.len());
        for (features, targets) in chunks(part) {
            network.forward(features, &mut self.pass, cancel)?;
            cancel.after(network.operations(self.pass.batch))?;
            outputs.extend_from_slice(&self.pass.last().activation[..targets.len()]);
        }
        Ok(outputs)
    }

    /// The gradient of `scale · Σ L` over a whole set, in the layout of the parameters: the sum over its chunks in
    /// order.
    pub(super) fn full_gradient(
        &mut self,
        network: &Network<F>,
        part: &Part<F>,
        loss: &Loss,
        scale: F,
        cancel: &Cancel<'_>,
    ) -> Result<&mut [F], Cancelled> {
        self.gradient.fill(F::ZERO);
        for (features, targets) in chunks(part) {
            let Self { pass, gradient, chunk_gradient, .. } = self;
            network.forward(features, pass, cancel)?;
            network.backward(features, targets, loss, scale, pass, chunk_gradient, cancel)?;
            gradient.iter_mut().zip(chunk_gradient).for_each(|(sum, &mut term)| *sum += term);
            cancel.after(3 * network.operations(pass.batch))?;
        }
        Ok(&mut self.gradient)
    }
}

fn count_correct<F: Element>(part: &Part<F>, outputs: &[F], targets: &[F]) -> u64 {
    let n_out = part.n_out();
    let rows = outputs.chunks_exact(n_out).zip(targets.chunks_exact(n_out));
    rows.filter(|(output, target)| part.class(output) == part.class(target)).count() as u64
}
