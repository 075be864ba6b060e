//! Writes weights: the whole file or nothing.

use super::{
    Digested, FILE_DIGEST, FORMAT, FORMAT_VERSION, Identity, TrainedOn, digest, dtype, file_digest, name,
    path, read,
};
use crate::provenance::short_path;
use chainrule_core::RESULTS_VERSION;
use chainrule_core::dataset::{Preparation, TargetScale};
use chainrule_core::network::Network;
use chainrule_core::real::Element;
use chainrule_record::RunSpec;
use chainrule_record::folder::{Folder, FolderError, Obstacle};
use safetensors::tensor::View;
use safetensors::{Dtype, SafeTensorError};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Weights that could not be saved. The message is recorded with the run, and contains no folders of this machine.
#[derive(Debug, Error)]
#[error("cannot save the weights as {}: {problem}", short_path(path))]
pub struct SaveError {
    /// The file.
    pub path: PathBuf,
    /// The reason.
    pub problem: SaveProblem,
}

/// The reason why weights could not be saved.
#[derive(Debug, Error)]
pub enum SaveProblem {
    /// The file system reported an error.
    #[error(transparent)]
    Write(io::Error),
    /// Something else has the name of the file or of its folder.
    #[error("{} {}", short_path(path), obstacle.to_string().replace('\n', "; "))]
    InTheWay {
        /// The path.
        path: PathBuf,
        /// The kind of thing at the path.
        obstacle: Obstacle,
    },
    /// The network cannot be encoded in the format.
    #[error(transparent)]
    Encode(#[from] SafeTensorError),
}

impl From<FolderError> for SaveProblem {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::Write { source, .. } => Self::Write(source),
            FolderError::InTheWay { path, obstacle } => Self::InTheWay { path, obstacle },
        }
    }
}

/// Saves a network in a results folder and lists the file there. After an error, the file is unchanged.
///
/// An existing file is replaced if chainrule wrote it: its content is in the folder's list, or its own digests are
/// correct. Any other file is renamed, with a warning, because it may be somebody's work.
///
/// # Errors
/// If the file cannot be written.
pub fn save<F: Element>(
    folder: &Path,
    identity: Identity<'_>,
    network: &Network<F>,
    data: TrainedOn<'_>,
) -> Result<PathBuf, SaveError> {
    let path = path(folder, identity.run_id);
    let save = || -> Result<Option<PathBuf>, SaveProblem> {
        let bytes = encode(identity, network, data)?;
        let is_sound = |path: &Path| read(path).is_ok_and(|saved| saved.run_id == identity.run_id);
        Ok(Folder::open(folder, false)?.save(&name(identity.run_id), &bytes, is_sound)?)
    };
    match save() {
        Err(problem) => return Err(SaveError { path, problem }),
        Ok(Some(aside)) => {
            tracing::warn!(
                "{} is not as chainrule wrote it; renamed it to {}",
                short_path(&path),
                short_path(&aside)
            );
        }
        Ok(None) => {}
    }
    Ok(path)
}

/// The bytes of the file, which are the same for the same run.
///
/// # Errors
/// If the network is too large for the format.
pub fn encode<F: Element>(
    identity: Identity<'_>,
    network: &Network<F>,
    data: TrainedOn<'_>,
) -> Result<Vec<u8>, SafeTensorError> {
    let mut texts = metadata(identity, data.classes, network)?;
    let tensors: Vec<(String, Tensor)> =
        layers(network).chain(prepared(data.preparation)).chain(scaled(identity.spec, data)).collect();
    let digested = tensors.iter().map(|(name, tensor)| Digested {
        name,
        dtype: tensor.dtype,
        shape: &tensor.shape,
        bytes: &tensor.bytes,
    });
    let digest = file_digest(texts.iter().map(|(key, text)| (key.as_str(), text.as_str())), digested);
    texts.push((FILE_DIGEST.to_owned(), digest.to_string()));
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
    let fill = (!preparation.fill.is_empty()).then(|| ("fill", list(&preparation.fill)));
    tensors
        .into_iter()
        .chain(fill)
        .chain(rotation.map(|rotation| ("rotation", rotation)))
        .map(|(name, tensor)| (format!("preparation.{name}"), tensor))
}

/// The scale of standardized targets.
fn scaled(spec: &RunSpec, data: TrainedOn<'_>) -> impl Iterator<Item = (String, Tensor)> {
    let is_scaled = data.classes.is_none() && spec.get("standardize_target") == Some(&Value::Bool(true));
    let TargetScale { shift, unit, .. } = data.target_scale;
    let tensors = [("shift", shift), ("unit", unit)].into_iter().filter(move |_| is_scaled);
    tensors.map(|(name, values)| {
        (format!("target.{name}"), Tensor::new(vec![values.len()], values.iter().copied()))
    })
}

/// The file with sorted header keys. The format allows any order, and the library's hash map gives a different one
/// each time.
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
