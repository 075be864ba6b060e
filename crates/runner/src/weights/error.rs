//! Errors of files of weights.

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
    /// The problem.
    pub problem: WeightsProblem,
}

/// A problem of a file of weights.
#[derive(Debug, Error)]
pub enum WeightsProblem {
    /// The file system reported an error.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// It is not a safetensors file, or is incomplete.
    #[error("is not a complete safetensors file: {0}")]
    NotSafetensors(String),
    /// Another program wrote it.
    #[error("was not written by chainrule: its metadata has no `format = \"{FORMAT}\"`")]
    Foreign,
    /// Another version of this program wrote it.
    #[error(
        "has format version {found}, and this program reads versions {UNCHECKED_VERSION} and {FORMAT_VERSION}"
    )]
    Version {
        /// Its version.
        found: String,
    },
    /// Its metadata are invalid.
    #[error("its metadata `{key}` {problem}")]
    Metadata {
        /// The key.
        key: &'static str,
        /// The problem of its value.
        problem: String,
    },
    /// A tensor does not match the specification of the run.
    #[error("the tensor `{name}` should be {expected}, but is {found}")]
    Tensor {
        /// Its name.
        name: String,
        /// The expected type and shape.
        expected: String,
        /// Its actual type and shape.
        found: String,
    },
    /// A number that is not finite.
    #[error("the tensor `{name}` contains {value}")]
    NotFinite {
        /// The tensor.
        name: String,
        /// The number.
        value: f64,
    },
    /// The weights differ from the written ones.
    #[error("the digest of its weights differs from the one in its metadata")]
    Digest,
    /// Other content differs from the written one: a tensor, the preparation of features, or the metadata.
    #[error("the digest of its content differs from the one in its metadata")]
    FileDigest,
}

impl WeightsProblem {
    /// The advice for the user.
    fn advice(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => {
                "name a file that a run with `save_weights = true` wrote: results/NAME/weights/RUN_ID.safetensors"
            }
            Self::Version { .. } => "use the version of chainrule that wrote it, or rerun the experiment",
            Self::Foreign => "name a file that a run with `save_weights = true` wrote",
            Self::NotSafetensors(_) => {
                "name a file that a run with `save_weights = true` wrote; if it is one, it is damaged: restore a copy"
            }
            _ => "it is damaged or was changed: restore a copy, or rerun the experiment",
        }
    }
}
