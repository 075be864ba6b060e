//! The samples of each batch.

use super::BatchSize;
use crate::dataset::Part;
use crate::real::Element;
use crate::seed::{Purpose, Stream};

/// The batches of an epoch: every sample once, in an order that is redrawn each epoch. A batch of all samples is the
/// training set itself, in the order of the data set: nothing is drawn or copied.
pub(super) struct Batches<F> {
    batch_size: usize,
    full: bool,
    order: Vec<u32>,
    /// Number of samples of the order already used.
    used: usize,
    /// Samples of the current batch.
    samples: usize,
    input: Vec<F>,
    targets: Vec<F>,
}

impl<F: Element> Batches<F> {
    pub(super) fn new(part: &Part<F>, batch_size: BatchSize) -> Self {
        let batch_size = batch_size.samples(part.len());
        let full = batch_size == part.len();
        let room = |width: usize| if full { Vec::new() } else { vec![F::ZERO; batch_size * width] };
        Self {
            batch_size,
            full,
            order: if full { Vec::new() } else { (0..part.len() as u32).collect() },
            used: 0,
            samples: 0,
            input: room(part.n_in()),
            targets: room(part.n_out()),
        }
    }

    pub(super) fn steps_per_epoch(&self, available: usize, keep_last: bool) -> u64 {
        let steps = if keep_last { available.div_ceil(self.batch_size) } else { available / self.batch_size };
        steps as u64
    }

    /// Draws the order of an epoch, always from the same initial order, so that it depends only on the epoch.
    pub(super) fn start_epoch(&mut self, seed: u64, epoch: u64) {
        self.used = 0;
        for (index, slot) in self.order.iter_mut().enumerate() {
            *slot = index as u32;
        }
        Stream::new(seed, Purpose::BatchOrder, 0, epoch).shuffle(&mut self.order);
    }

    /// Goes to the next batch; false at the end of the epoch.
    pub(super) fn advance(&mut self, part: &Part<F>, keep_last: bool) -> bool {
        let left = part.len() - self.used;
        self.samples = left.min(self.batch_size);
        if self.samples == 0 || (self.samples < self.batch_size && !keep_last) {
            return false;
        }
        if !self.full {
            let chosen = &self.order[self.used..self.used + self.samples];
            gather(&part.features, chosen, part.n_in(), &mut self.input);
            gather(&part.targets, chosen, part.n_out(), &mut self.targets);
        }
        self.used += self.samples;
        true
    }

    /// Samples of the current batch.
    pub(super) fn samples(&self) -> usize {
        self.samples
    }

    /// Whether every batch is the whole training set.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Inputs, targets and number of samples of the current batch.
    pub(super) fn current<'b>(&'b self, part: &'b Part<F>) -> (&'b [F], &'b [F], usize) {
        if self.full {
            return (part.features.as_slice(), part.targets.as_slice(), self.samples);
        }
        let (n_in, n_out) = (part.n_in(), part.n_out());
        (&self.input[..self.samples * n_in], &self.targets[..self.samples * n_out], self.samples)
    }
}

/// Copies the chosen rows of a matrix of `width` columns, one after the other.
fn gather<F: Element>(matrix: &[F], chosen: &[u32], width: usize, rows: &mut [F]) {
    for (row, &index) in rows.chunks_exact_mut(width).zip(chosen) {
        row.copy_from_slice(&matrix[index as usize * width..][..width]);
    }
}
