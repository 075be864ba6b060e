//! Files of trained weights, one a run: `weights/RUN_ID.safetensors` in the results folder.
//!
//! | tensor | shape | type |
//! |---|---|---|
//! | `layers.{i}.weight` | `[n_out, n_in]`: W transposed, as PyTorch's `Linear` has it | the run's precision |
//! | `layers.{i}.bias` | `[n_out]`, where there are biases | the run's precision |
//! | `layers.{i}.activation` | `[k]`, where the activation has k learnt parameters | the run's precision |
//! | `preparation.shift`, `preparation.factor` | `[n_in]`: features enter as (x − shift) ∘ factor | `F64` |
//! | `preparation.rotation` | `[n_in, n_in]`, where features are whitened: they are then multiplied by it, as rows | `F64` |
//!
//! Layers are counted from 0. The metadata are texts: `format`, `format_version`, `run_id`, `results_version`, `spec` (the
//! [`RunSpec`] as JSON), `weights_digest`, `outputs`, `classes` where the targets are classes, and `file_digest`.
//!
//! `file_digest` is the BLAKE3 digest of everything else that is read: of the other metadata, sorted by key, and of all
//! tensors, sorted by name, with their types, shapes and bytes. Version 1 had none, so that a changed preparation was not
//! noticed: such files are read, and [`Saved::checked`] is false.

mod error;
mod read;
mod tensors;
mod write;

pub use error::{WeightsError, WeightsProblem};
pub use read::{AnyNetwork, Saved, parse, read};
pub use write::{SaveError, SaveProblem, encode, save};

use chainrule_core::network::Network;
use chainrule_core::real::Element;
use chainrule_record::folder::Folder;
use chainrule_record::{Digest, DigestBuilder, RunId, RunSpec, StopReason};
use safetensors::Dtype;
use std::path::{Path, PathBuf};

/// What `format` says in the metadata.
pub const FORMAT: &str = "chainrule";

/// Version of the names, shapes and metadata. Version 1 is read too; a file of any other is refused, never guessed at.
pub const FORMAT_VERSION: u32 = 2;

/// The version without a digest of the file.
const UNCHECKED_VERSION: u32 = 1;

/// The metadata that hold the digest of everything else.
const FILE_DIGEST: &str = "file_digest";

/// A tensor as [`FILE_DIGEST`] sees it.
struct Digested<'a> {
    name: &'a str,
    dtype: Dtype,
    shape: &'a [usize],
    bytes: &'a [u8],
}

/// The digest of all metadata but itself and of all tensors. Each part goes in with its length before it.
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

/// Which run a network comes from.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// The digest of `spec`.
    pub run_id: RunId,
    /// What determined the run.
    pub spec: &'a RunSpec,
}

/// The sub-folder of a results folder.
const FOLDER: &str = "weights";
const EXTENSION: &str = ".safetensors";

/// The file of a run's weights.
pub fn path(folder: &Path, run_id: RunId) -> PathBuf {
    folder.join(name(run_id))
}

/// The same from the results folder.
fn name(run_id: RunId) -> String {
    format!("{FOLDER}/{run_id}{EXTENSION}")
}

/// Removes the partial files that killed processes have left in a results folder, as far as that is possible.
pub(crate) fn remove_leftovers(folder: &Path) {
    let run_id =
        |name: &str| RunId::from_hex(name.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(EXTENSION)?);
    if let Ok(folder) = Folder::open(folder, false) {
        folder.remove_leftovers(FOLDER, |name| run_id(name).is_some());
    }
}

/// Whether a run must have left a file of weights that is not there. Nothing is known of runs that ended otherwise than
/// planned: their weights may not have been finite, and then there was no file.
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

/// The digest of the parameters of a network, over layers in order: W row-major `[n_in, n_out]`, then b, then the learnt
/// parameters of the activation, little-endian in the network's precision.
pub fn digest<F: Element>(network: &Network<F>) -> Digest {
    let mut digest = DigestBuilder::default();
    network.visit_bytes(|_, bytes| {
        digest.update(bytes);
    });
    digest.finish()
}

/// The same for each layer by itself.
pub fn layer_digests<F: Element>(network: &Network<F>) -> Vec<Digest> {
    let mut digests: Vec<DigestBuilder> = network.layers.iter().map(|_| DigestBuilder::default()).collect();
    network.visit_bytes(|layer, bytes| {
        digests[layer].update(bytes);
    });
    digests.iter().map(DigestBuilder::finish).collect()
}

/// How numbers of a network are written.
fn dtype<F: Element>() -> Dtype {
    if F::SIZE == size_of::<f32>() { Dtype::F32 } else { Dtype::F64 }
}
