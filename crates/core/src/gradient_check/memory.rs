//! The memory that a gradient check takes, estimated from its settings.

use super::Entries;
use crate::dataset::PartSizes;
use crate::network::ModelSettings;
use crate::real::Element;
use crate::train::{DOUBLE, REST, Sizes, TrainSettings, reference_memory};

/// Bytes of a compared entry: its index, its numbers, and its errors in two orders.
const COMPARED: f64 = 72.0;

/// An estimate of the bytes that a gradient check takes, without the checked network and any earlier training.
pub fn memory<F: Element>(
    model: &ModelSettings,
    settings: &TrainSettings,
    parts: &PartSizes,
    n_out: usize,
    entries: Entries,
) -> u64 {
    let sizes = Sizes::new::<F>(model, settings, parts, n_out);
    let inputs = sizes.batch * sizes.n_in;
    let entries = match entries {
        Entries::All => sizes.largest.max(inputs),
        Entries::Some(most) => sizes.largest.max(inputs).min(most as f64),
    };
    // Copies of the network and its gradient; directions; two passes and the pre-activations; the sides of kinks.
    let vectors = 5.0 * sizes.vector() + 2.0 * sizes.parameters * DOUBLE;
    let batch = (3.0 * inputs + sizes.batch * (sizes.n_out + 1.0)) * sizes.number;
    let passes = 2.0 * sizes.pass(sizes.batch) + sizes.batch * sizes.units * (sizes.number + 4.0);
    let faulty = if settings.fault.is_none() { 0.0 } else { 2.0 * reference_memory(&sizes) };
    (vectors + batch + passes + faulty + entries * COMPARED + REST) as u64
}
