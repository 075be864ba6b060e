//! Writing weights: the whole file or none.

use super::{FORMAT, FORMAT_VERSION, Identity, digest, dtype, path};
use chainrule_core::RESULTS_VERSION;
use chainrule_core::dataset::Preparation;
use chainrule_core::network::Network;
use chainrule_core::real::Element;
use chainrule_record::text::shown;
use safetensors::tensor::View;
use safetensors::{Dtype, SafeTensorError};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Weights that could not be saved.
#[derive(Debug, Error)]
pub enum SaveError {
    /// The file system refused.
    #[error("cannot save the weights as {}: {problem}", shown(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: io::Error,
    },
    /// The network cannot be brought into the format.
    #[error("cannot save the weights as {}: {problem}", shown(path))]
    Encode {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: SafeTensorError,
    },
}

/// Saves a network in a results folder. After an error, the file is what it was before.
///
/// # Errors
/// If the file cannot be written.
pub fn save<F: Element>(
    folder: &Path,
    identity: Identity<'_>,
    classes: Option<usize>,
    network: &Network<F>,
    preparation: &Preparation,
) -> Result<PathBuf, SaveError> {
    let path = path(folder, identity.run_id);
    match encode(identity, classes, network, preparation) {
        Err(problem) => Err(SaveError::Encode { path, problem }),
        Ok(bytes) => match replace(&path, &bytes) {
            Err(problem) => Err(SaveError::Write { path, problem }),
            Ok(()) => Ok(path),
        },
    }
}

/// The bytes of the file: the same for the same run.
///
/// # Errors
/// If the network is too large for the format.
pub fn encode<F: Element>(
    identity: Identity<'_>,
    classes: Option<usize>,
    network: &Network<F>,
    preparation: &Preparation,
) -> Result<Vec<u8>, SafeTensorError> {
    let texts = metadata(identity, classes, network)?;
    let tensors = layers(network).chain(prepared(preparation));
    in_order(safetensors::serialize(tensors, Some(texts.into_iter().collect()))?)
}

fn metadata<F: Element>(
    identity: Identity<'_>,
    classes: Option<usize>,
    network: &Network<F>,
) -> Result<Vec<(String, String)>, SafeTensorError> {
    let texts = [
        ("format", FORMAT.to_owned()),
        ("format_version", FORMAT_VERSION.to_string()),
        ("run_id", identity.run_id.to_string()),
        ("results_version", RESULTS_VERSION.to_string()),
        ("spec", serde_json::to_string(identity.spec)?),
        ("weights_digest", digest(network).to_string()),
        ("outputs", network.n_out().to_string()),
    ];
    let classes = classes.map(|classes| ("classes", classes.to_string()));
    Ok(texts.into_iter().chain(classes).map(|(key, text)| (key.to_owned(), text)).collect())
}

/// A tensor with its bytes, row-major and little-endian.
struct Tensor {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Tensor {
    fn new<F: Element>(shape: Vec<usize>, values: impl IntoIterator<Item = F>) -> Self {
        let mut bytes = Vec::with_capacity(shape.iter().product::<usize>() * F::SIZE);
        values.into_iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes8()[..F::SIZE]));
        Self { dtype: dtype::<F>(), shape, bytes }
    }
}

impl View for Tensor {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

fn layers<F: Element>(network: &Network<F>) -> impl Iterator<Item = (String, Tensor)> {
    network.layers.iter().enumerate().flat_map(|(index, layer)| {
        let transposed = network.weights(index).reversed_axes();
        let weight = Tensor::new(vec![layer.n_out, layer.n_in], transposed.iter().copied());
        let list = |range: &std::ops::Range<usize>| {
            let values = network.parameters[range.clone()].iter().copied();
            (!range.is_empty()).then(|| Tensor::new(vec![range.len()], values))
        };
        let bias = list(&layer.biases).map(|bias| ("bias", bias));
        let activation = list(&layer.learnt).map(|learnt| ("activation", learnt));
        let tensors = [("weight", weight)].into_iter().chain(bias).chain(activation);
        tensors.map(move |(name, tensor)| (format!("layers.{index}.{name}"), tensor))
    })
}

fn prepared(preparation: &Preparation) -> impl Iterator<Item = (String, Tensor)> {
    let list = |values: &[f64]| Tensor::new(vec![values.len()], values.iter().copied());
    let matrix = preparation.rotation.as_ref();
    let rotation = matrix.map(|matrix| Tensor::new(matrix.shape().to_vec(), matrix.iter().copied()));
    let tensors = [("shift", list(&preparation.shift)), ("factor", list(&preparation.factor))];
    tensors
        .into_iter()
        .chain(rotation.map(|rotation| ("rotation", rotation)))
        .map(|(name, tensor)| (format!("preparation.{name}"), tensor))
}

/// The file with the keys of its header sorted: the format does not care, and the library's hash map gives them another
/// order each time.
fn in_order(bytes: Vec<u8>) -> Result<Vec<u8>, SafeTensorError> {
    let (size, rest) = bytes.split_first_chunk().ok_or(SafeTensorError::HeaderTooSmall)?;
    let size = usize::try_from(u64::from_le_bytes(*size)).map_err(|_| SafeTensorError::HeaderTooLarge)?;
    let (header, tensors) = rest.split_at_checked(size).ok_or(SafeTensorError::InvalidHeaderLength)?;
    let header: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_slice(header)?;
    let mut header = serde_json::to_vec(&header)?;
    // Tensors begin at a multiple of eight bytes.
    header.resize(header.len().next_multiple_of(8), b' ');
    Ok([&(header.len() as u64).to_le_bytes(), header.as_slice(), tensors].concat())
}

/// Puts `bytes` in the place of a file, durably.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Two programs that carry out the same run must not write into one file.
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    if written.is_err() {
        // It may not be there at all, and what matters is why it could not be written.
        fs::remove_file(&temporary).unwrap_or_default();
    }
    written?;
    // The name is durable once the folder is. Some systems cannot open folders: there it is left to them.
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
}
