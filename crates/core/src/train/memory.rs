//! The memory that training takes, estimated from its settings.
//!
//! Each term matches a buffer of the engine; `tests/allocations.rs` compares the sum with the allocations. Bytes are
//! counted as `f64`, so that no product of sizes overflows.

use super::{BatchSize, EarlyStopping, Limit, Patience, TrainSettings};
use crate::cost::CHUNK;
use crate::dataset::PartSizes;
use crate::hessian::LANCZOS_STEPS;
use crate::network::{ModelSettings, Weights};
use crate::optimizer::Rule;
use crate::probe::{Probe, Scope};
use crate::real::Element;

/// Bytes of a number in double precision.
pub(crate) const DOUBLE: f64 = 8.0;

/// Bytes that hardly grow with the network, such as the list of its layers.
pub(crate) const REST: f64 = 16_384.0;

/// The sizes of a network and its batches, as numbers to be multiplied.
pub(crate) struct Sizes {
    /// Bytes of a number of the run.
    pub(crate) number: f64,
    pub(crate) n_in: f64,
    pub(crate) n_out: f64,
    /// Units of all layers, and units of the hidden layers.
    pub(crate) units: f64,
    pub(crate) hidden: f64,
    pub(crate) widest: f64,
    pub(crate) parameters: f64,
    /// Weights of the largest layer.
    pub(crate) largest: f64,
    pub(crate) batch: f64,
    pub(crate) train: f64,
}

impl Sizes {
    pub(crate) fn new<F: Element>(
        model: &ModelSettings,
        settings: &TrainSettings,
        parts: &PartSizes,
        n_out: usize,
    ) -> Self {
        let widths: Vec<f64> =
            model.widths(parts.features, n_out).iter().map(|&width| width as f64).collect();
        let layers = || widths.windows(2).map(|pair| pair[0] * pair[1]);
        let learnt = (model.activation.kernel::<F>().learnt().len() * model.architecture.len()) as f64;
        let (units, n_out) = (widths[1..].iter().sum::<f64>(), n_out as f64);
        Self {
            number: F::SIZE as f64,
            n_in: widths[0],
            n_out,
            units,
            hidden: units - n_out,
            widest: widths.iter().copied().fold(0.0, f64::max),
            parameters: layers().sum::<f64>() + if model.bias { units } else { 0.0 } + learnt,
            largest: layers().fold(0.0, f64::max),
            batch: settings.batch_size.samples(parts.train).min(parts.train) as f64,
            train: parts.train as f64,
        }
    }

    /// The results of a pass of this many samples.
    pub(crate) fn pass(&self, samples: f64) -> f64 {
        3.0 * samples * self.units * self.number
    }

    /// A vector as long as all parameters.
    pub(crate) fn vector(&self) -> f64 {
        self.parameters * self.number
    }
}

/// An estimate of the peak memory of training in bytes, from the creation of its network to its end. It does not
/// include the data sets and the observer's memory.
pub fn memory<F: Element>(
    model: &ModelSettings,
    settings: &TrainSettings,
    parts: &PartSizes,
    n_out: usize,
) -> u64 {
    let sizes = Sizes::new::<F>(model, settings, parts, n_out);
    let training = sizes.vector() + run::<F>(&sizes, model, settings) + probes::<F>(&sizes, settings);
    (making(&sizes, model).max(training) + REST) as u64
}

/// A network, and the numbers for drawing its largest layer.
fn making(sizes: &Sizes, model: &ModelSettings) -> f64 {
    let drawn = match &model.weights {
        Weights::Given(_) => 0.0,
        Weights::Drawn => model.initialization.kernel().numbers_per_weight(),
    };
    sizes.vector() + drawn * sizes.largest * DOUBLE
}

/// The memory of `Run` without the network.
fn run<F: Element>(sizes: &Sizes, model: &ModelSettings, settings: &TrainSettings) -> f64 {
    let kernel = settings.optimizer.kernel::<F>();
    let searches = matches!(kernel.start(0), Rule::Search(_));
    let restores =
        matches!(settings.early_stopping, EarlyStopping::After(Patience { restore_best: true, .. }));
    // The gradient, or the parameters that a search tries; the best parameters; the gradients on all samples and on a
    // chunk.
    let vectors = 1.0
        + kernel.numbers_per_parameter() as f64
        + f64::from(restores)
        + if settings.gradient_tolerance == Limit::None { 0.0 } else { 2.0 };
    let batches = match settings.batch_size {
        BatchSize::Full => 0.0,
        BatchSize::Samples(_) => sizes.batch * (sizes.n_in + sizes.n_out) * sizes.number + 4.0 * sizes.train,
    };
    let masks = if model.dropout > 0.0 { 2.0 * sizes.batch * sizes.hidden * sizes.number } else { 0.0 };
    let losses = (CHUNK as f64 + if searches { sizes.batch } else { 0.0 }) * sizes.number;
    let passes = sizes.pass(sizes.batch) + sizes.pass(CHUNK as f64);
    let faulty = if settings.fault.is_none() { 0.0 } else { reference_memory(sizes) };
    vectors * sizes.vector() + batches + masks + losses + passes + faulty
}

/// A gradient of the reference engine in double precision: network, sum and the gradient of a sample, each also as
/// rows. The passes of all samples of a batch are added.
pub(crate) fn reference_memory(sizes: &Sizes) -> f64 {
    let a_sample = 2.0 * sizes.n_in + 3.0 * sizes.units + 2.0 * sizes.n_out;
    (6.0 * sizes.parameters + sizes.batch * a_sample) * DOUBLE
}

/// The memory of `Probes`.
fn probes<F: Element>(sizes: &Sizes, settings: &TrainSettings) -> f64 {
    let looks_at =
        |scopes: &[Scope]| settings.measure.iter().any(|probe| scopes.contains(&probe.kernel::<F>().scope()));
    let mut bytes = 0.0;
    if looks_at(&[Scope::Forward, Scope::Backward]) {
        bytes += sizes.pass(CHUNK as f64);
    }
    if looks_at(&[Scope::Backward]) {
        bytes += 2.0 * sizes.vector();
    }
    if looks_at(&[Scope::Step]) {
        bytes += sizes.vector();
    }
    let own = |probe: &Probe| probe.kernel::<F>().working_numbers(sizes.parameters, sizes.largest);
    bytes += settings.measure.iter().map(own).sum::<f64>() * DOUBLE;
    if looks_at(&[Scope::Curvature]) {
        bytes += curvature(sizes, settings);
    }
    bytes + settings.measure.len() as f64 * sizes.units
}

/// The Hessian, and the Lanczos process with its small matrices.
fn curvature(sizes: &Sizes, settings: &TrainSettings) -> f64 {
    let chunk = CHUNK as f64;
    let duals = 2.0;
    let layers = chunk * sizes.units * (6.0 + 3.0 * duals);
    let ends = chunk * (sizes.n_in + duals * sizes.n_out);
    let second = sizes.largest.max(chunk * sizes.widest);
    let penalized = if settings.penalty.is_none() { 0.0 } else { 2.0 * duals * sizes.largest };
    let steps = sizes.parameters.min(LANCZOS_STEPS as f64);
    let lanczos = sizes.parameters * (steps + 1.0) + 4.0 * steps * steps;
    (sizes.parameters + layers + ends + second + penalized + lanczos) * DOUBLE
}
