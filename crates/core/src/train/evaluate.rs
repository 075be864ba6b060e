//! Loss and accuracy on a whole part of the data.

use crate::cancel::{Cancel, Cancelled};
use crate::cost::{CHUNK, chunks, sample_losses};
use crate::dataset::Part;
use crate::loss::Loss;
use crate::network::{Network, Pass};
use crate::real::Element;
use crate::simd::{Pairwise, sum_in_double};

/// Loss and accuracy on a part of the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Mean loss of a sample.
    pub loss: f64,
    /// Share of samples classified right; `None` for regression. With several outputs the largest one names the class
    /// (the first of equals); a single one does by whether it is at least ½.
    pub accuracy: Option<f64>,
}

/// The memory of an evaluation, made once.
pub struct Evaluator<F> {
    pass: Pass<F>,
    losses: Vec<F>,
    /// The gradient on a whole part, and that on a chunk of it; empty unless asked for.
    gradient: Vec<F>,
    chunk_gradient: Vec<F>,
}

impl<F: Element> Evaluator<F> {
    /// For networks of this shape.
    pub fn new(network: &Network<F>) -> Self {
        let pass = Pass::new(network, CHUNK);
        Self { pass, losses: vec![F::ZERO; CHUNK], gradient: Vec::new(), chunk_gradient: Vec::new() }
    }

    /// With room for gradients on whole parts, too.
    pub(super) fn with_gradient(network: &Network<F>) -> Self {
        let room = || vec![F::ZERO; network.parameters.len()];
        Self { gradient: room(), chunk_gradient: room(), ..Self::new(network) }
    }

    /// The last forward pass: where a loss is not finite, the first of the part for which it is not.
    pub(super) fn pass(&self) -> &Pass<F> {
        &self.pass
    }

    /// Loss and accuracy on `part`. Losses of samples are summed in double precision, the samples of a forward pass first and
    /// then their sums pairwise, until one is no longer finite.
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
            correct += count_correct(n_out, &self.pass.last().activation[..targets.len()], targets);
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

    /// The gradient of `scale · Σ L` over a whole part, laid out as the parameters are: the sum over its chunks in order.
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

fn count_correct<F: Element>(n_out: usize, outputs: &[F], targets: &[F]) -> u64 {
    let rows = outputs.chunks_exact(n_out).zip(targets.chunks_exact(n_out));
    rows.filter(|(output, target)| class(output) == class(target)).count() as u64
}

/// The class that a row of outputs or targets names: with several entries the largest one (the first of equals), with a
/// single one whether it is at least ½.
pub fn class<F: Element>(row: &[F]) -> usize {
    if let [single] = row {
        return usize::from(*single >= F::from_f64(0.5));
    }
    let mut best = 0;
    for (index, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = index;
        }
    }
    best
}
