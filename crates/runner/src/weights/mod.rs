//! Files of trained weights, one per run: `weights/RUN_ID.safetensors` in the results folder.
//!
//! | tensor | shape | type |
//! |---|---|---|
//! | `layers.{i}.weight` | `[n_out, n_in]`: W transposed, as in PyTorch's `Linear` | the run's precision |
//! | `layers.{i}.bias` | `[n_out]`, if there are biases | the run's precision |
//! | `layers.{i}.activation` | `[k]`, if the activation has k learnt parameters | the run's precision |
//! | `preparation.fill` | `[n_in]`, if features can be missing: the replacement of a missing feature | `F64` |
//! | `preparation.shift`, `preparation.factor` | `[n_in]`: features then enter as (x − shift) ∘ factor | `F64` |
//! | `target.shift`, `target.unit` | `[n_out]`, if targets are standardized: y = shift + unit ∘ output | `F64` |
//! | `preparation.rotation` | `[n_in, n_in]`, if features are whitened: as rows, they are then multiplied by it | `F64` |
//!
//! Layers are counted from 0. The metadata are texts: `format`, `format_version`, `run_id`, `results_version`, `spec`
//! (the [`RunSpec`] as JSON), `weights_digest`, `outputs`, `classes` if the targets are classes, and `file_digest`.
//!
//! `file_digest` is the BLAKE3 digest of everything else that is read. It covers the other metadata, sorted by key,
//! and all tensors, sorted by name, with their types, shapes and bytes. Version 1 has no such digest, so a changed
//! preparation goes undetected. Such files are still read, and [`Saved::checked`] is false.

mod error;
mod read;
mod tensors;
mod write;

pub use error::{WeightsError, WeightsProblem};
pub use read::{AnyNetwork, Saved, parse, read};
pub use write::{SaveError, SaveProblem, encode, save};

use chainrule_core::dataset::{Preparation, TargetScale};
use chainrule_core::network::Network;
use chainrule_core::real::Element;
use chainrule_record::folder::Folder;
use chainrule_record::{Digest, DigestBuilder, RunId, RunSpec, StopReason};
use safetensors::Dtype;
use std::path::{Path, PathBuf};

/// The value of `format` in the metadata.
pub const FORMAT: &str = "chainrule";

/// Version of the names, shapes and metadata. Version 1 is read too; files of any other version are refused.
pub const FORMAT_VERSION: u32 = 2;

/// The version without a digest of the file.
const UNCHECKED_VERSION: u32 = 1;

/// The metadata key of the digest of everything else.
const FILE_DIGEST: &str = "file_digest";

/// A tensor as input of [`FILE_DIGEST`].
struct Digested<'a> {
    name: &'a str,
    dtype: Dtype,
    shape: &'a [usize],
    bytes: &'a [u8],
}

/// The digest of all tensors and all metadata except itself. Each part is preceded by its length.
fn file_digest<'a>(
    texts: impl Iterator<Item = (&'a str, &'a str)>,
    tensors: impl Iterator<Item = Digested<'a>>,
) -> Digest {
    let mut texts: Vec<_> = texts.filter(|(key, _)| *key != FILE_DIGEST).collect();
    texts.sort_unstable();
    let mut tensors: Vec<_> = tensors.collect();
    tensors.sort_unstable_by_key(|tensor| tensor.name);
    let mut digest = DigestBuilder::default();
    let mut add = |part: &[u8]| {
        digest.update(&(part.len() as u64).to_le_bytes()).update(part);
    };
    for (key, text) in texts {
        add(key.as_bytes());
        add(text.as_bytes());
    }
    for Digested { name, dtype, shape, bytes } in tensors {
        add(name.as_bytes());
        add(format!("{dtype:?} {shape:?}").as_bytes());
        add(bytes);
    }
    digest.finish()
}

/// Facts about the data on which a network was trained.
#[derive(Debug, Clone, Copy)]
pub struct TrainedOn<'a> {
    /// Number of classes; `None` for regression.
    pub classes: Option<usize>,
    /// The preparation of the features.
    pub preparation: &'a Preparation,
    /// The scale of the targets.
    pub target_scale: &'a TargetScale,
}

/// The run that produced a network.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// The digest of `spec`.
    pub run_id: RunId,
    /// The settings that determined the run.
    pub spec: &'a RunSpec,
}

/// The sub-folder of a results folder.
const FOLDER: &str = "weights";
const EXTENSION: &str = ".safetensors";

/// The path of a run's weights.
pub fn path(folder: &Path, run_id: RunId) -> PathBuf {
    folder.join(name(run_id))
}

/// The same, relative to the results folder.
fn name(run_id: RunId) -> String {
    format!("{FOLDER}/{run_id}{EXTENSION}")
}

/// Removes the partial files that killed processes left in a results folder, where possible.
pub(crate) fn remove_leftovers(folder: &Path) {
    let run_id =
        |name: &str| RunId::from_hex(name.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(EXTENSION)?);
    if let Ok(folder) = Folder::open(folder, false) {
        folder.remove_leftovers(FOLDER, |name| run_id(name).is_some());
    }
}

/// Whether a run must have left a file of weights, but the file is missing. Nothing is known about runs that did not
/// end as planned: their weights may not have been finite, and then they left no file.
pub fn are_lost(folder: &Path, spec: &RunSpec, run_id: RunId, stop: StopReason) -> bool {
    let saves = spec.get("save_weights").and_then(serde_json::Value::as_bool) == Some(true);
    let planned_end = match stop {
        StopReason::MaxEpochs
        | StopReason::TargetReached
        | StopReason::GradientBelowTolerance
        | StopReason::EarlyStopping
        | StopReason::BudgetSpent => true,
        StopReason::Diverged | StopReason::Failed | StopReason::TimedOut | StopReason::NotTrained => false,
    };
    saves && planned_end && !path(folder, run_id).is_file()
}

/// The digest of a network's parameters, layer by layer: W row-major `[n_in, n_out]`, then b, then the learnt
/// parameters of the activation, little-endian in the network's precision.
pub fn digest<F: Element>(network: &Network<F>) -> Digest {
    let mut digest = DigestBuilder::default();
    network.visit_bytes(|_, bytes| {
        digest.update(bytes);
    });
    digest.finish()
}

/// The digest of each layer.
pub fn layer_digests<F: Element>(network: &Network<F>) -> Vec<Digest> {
    let mut digests: Vec<DigestBuilder> = network.layers.iter().map(|_| DigestBuilder::default()).collect();
    network.visit_bytes(|layer, bytes| {
        digests[layer].update(bytes);
    });
    digests.iter().map(DigestBuilder::finish).collect()
}

/// The number format of a network.
fn dtype<F: Element>() -> Dtype {
    if F::SIZE == size_of::<f32>() { Dtype::F32 } else { Dtype::F64 }
}
