//! Why a file of weights cannot be used.

use super::{FORMAT, FORMAT_VERSION, UNCHECKED_VERSION};
use chainrule_record::text::shown;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A file of weights that cannot be used.
#[derive(Debug, Error)]
#[error("{}: {}\n{}", shown(path), shown(problem.to_string()), problem.advice())]
pub struct WeightsError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: WeightsProblem,
}

/// What is wrong with a file of weights.
#[derive(Debug, Error)]
pub enum WeightsProblem {
    /// The file system refused.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// It is no safetensors file, or not all of one.
    #[error("is no whole safetensors file: {0}")]
    NotSafetensors(String),
    /// Another program wrote it.
    #[error("was not written by chainrule: its metadata have no `format = \"{FORMAT}\"`")]
    Foreign,
    /// Another version of this program wrote it.
    #[error(
        "has format version {found}, and this program reads versions {UNCHECKED_VERSION} and {FORMAT_VERSION}"
    )]
    Version {
        /// Its version.
        found: String,
    },
    /// Its metadata are not what they should be.
    #[error("its metadata `{key}` {problem}")]
    Metadata {
        /// Which.
        key: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A tensor is not what the specification of the run says.
    #[error("the tensor `{name}` should be {expected}, but is {found}")]
    Tensor {
        /// Its name.
        name: String,
        /// Type and shape that it should have.
        expected: String,
        /// Type and shape that it has.
        found: String,
    },
    /// A number that no network has.
    #[error("the tensor `{name}` holds {value}")]
    NotFinite {
        /// The tensor.
        name: String,
        /// The number.
        value: f64,
    },
    /// The weights are not those that were written.
    #[error("its weights have another digest than the one in its metadata")]
    Digest,
    /// Something that is read is not what was written: a tensor, the preparation of features, or the metadata.
    #[error("its content has another digest than the one in its metadata")]
    FileDigest,
}

impl WeightsProblem {
    /// What to do.
    fn advice(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => {
                "name a file that a run with `save_weights = true` wrote: results/NAME/weights/RUN_ID.safetensors"
            }
            Self::Version { .. } => "use the version of chainrule that wrote it, or run the experiment again",
            Self::Foreign => "name a file that a run with `save_weights = true` wrote",
            Self::NotSafetensors(_) => {
                "name a file that a run with `save_weights = true` wrote; if it is one, it is damaged: take a fresh copy"
            }
            _ => "it is damaged or was changed: take a fresh copy, or run the experiment again",
        }
    }
}
