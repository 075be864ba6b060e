//! Loss and accuracy on a whole part of the data.

use crate::dataset::Part;
use crate::loss::{Loss, Rows};
use crate::network::{Network, Pass};
use crate::real::Element;

/// Samples of one forward pass of an evaluation. Fixed, so that the sums have one order.
const CHUNK: usize = 256;

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
}

impl<F: Element> Evaluator<F> {
    /// For networks of this shape.
    pub fn new(network: &Network<F>) -> Self {
        Self { pass: Pass::new(network, CHUNK), losses: vec![F::ZERO; CHUNK] }
    }

    /// The last forward pass: where a loss is not finite, the first of the part for which it is not.
    pub(super) fn pass(&self) -> &Pass<F> {
        &self.pass
    }

    /// Loss and accuracy on `part`. Losses of samples are summed in double precision, in the order of the part, until
    /// the sum is no longer finite.
    pub fn score(&mut self, network: &Network<F>, part: &Part<F>, loss: &Loss) -> Score {
        let (n_in, n_out) = (part.n_in(), part.n_out());
        let (mut total, mut correct) = (0.0, 0u64);
        let chunks = part.features.chunks(CHUNK * n_in).zip(part.targets.chunks(CHUNK * n_out));
        for (features, targets) in chunks {
            network.forward(features, &mut self.pass);
            let size = targets.len();
            let last = self.pass.last();
            let (logits, outputs) = (&last.pre_activation[..size], &last.activation[..size]);
            let losses = &mut self.losses[..size / n_out];
            loss.kernel().sample_losses(Rows { n_out, logits, outputs, targets }, losses);
            total += losses.iter().map(|loss| loss.to_f64()).sum::<f64>();
            correct += count_correct(n_out, outputs, targets);
            if !total.is_finite() {
                break;
            }
        }
        let samples = part.len() as f64;
        Score { loss: total / samples, accuracy: part.is_classification.then(|| correct as f64 / samples) }
    }
}

fn count_correct<F: Element>(n_out: usize, outputs: &[F], targets: &[F]) -> u64 {
    let rows = outputs.chunks_exact(n_out).zip(targets.chunks_exact(n_out));
    rows.filter(|(output, target)| class(output) == class(target)).count() as u64
}

/// The class that a row of outputs or targets names.
fn class<F: Element>(row: &[F]) -> usize {
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
