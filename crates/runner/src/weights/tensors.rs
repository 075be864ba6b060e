//! The tensors of a file of weights.

use super::error::WeightsProblem;
use super::{Digested, dtype, file_digest};
use crate::plan::Typed;
use chainrule_core::dataset::Whitening;
use chainrule_core::real::{Element, Real};
use chainrule_record::Digest;
use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use std::collections::HashSet;

/// The expected tensors of a file: those that its settings make, and of the optional ones those that it has.
pub(super) fn expected<F: Element>(
    header: &Metadata,
    widths: &[usize],
    typed: &Typed,
) -> Vec<(String, Dtype, Vec<usize>)> {
    let learnt = typed.model.activation.kernel::<F>().learnt().len();
    let mut tensors = Vec::new();
    let last = widths.len() - 2;
    for (index, pair) in widths.windows(2).enumerate() {
        let mut layer =
            |name: &str, shape| tensors.push((format!("layers.{index}.{name}"), dtype::<F>(), shape));
        layer("weight", vec![pair[1], pair[0]]);
        if typed.model.bias {
            layer("bias", vec![pair[1]]);
        }
        if learnt > 0 && index < last {
            layer("activation", vec![learnt]);
        }
    }
    let has_fill = header.info("preparation.fill").is_some();
    for name in ["fill", "shift", "factor"].into_iter().skip(usize::from(!has_fill)) {
        tensors.push((format!("preparation.{name}"), Dtype::F64, vec![widths[0]]));
    }
    if typed.data.whitening != Whitening::None {
        tensors.push(("preparation.rotation".to_owned(), Dtype::F64, vec![widths[0]; 2]));
    }
    // Classes have no scale, whatever the setting.
    if typed.data.standardize_target && header.info("target.shift").is_some() {
        let scale =
            ["shift", "unit"].map(|name| (format!("target.{name}"), Dtype::F64, vec![widths[last + 1]]));
        tensors.extend(scale);
    }
    tensors
}

pub(super) fn check_tensors(
    header: &Metadata,
    expected: &[(String, Dtype, Vec<usize>)],
) -> Result<(), WeightsProblem> {
    for (name, dtype, shape) in expected {
        let info = header.info(name);
        if !info.is_some_and(|info| info.dtype == *dtype && info.shape == *shape) {
            return Err(wrong_tensor(name, &format!("{dtype:?} {shape:?}"), info));
        }
    }
    let known: HashSet<&str> = expected.iter().map(|(name, ..)| name.as_str()).collect();
    match header.offset_keys().into_iter().find(|name| !known.contains(name.as_str())) {
        Some(name) => Err(wrong_tensor(&name, "absent", header.info(&name))),
        None => Ok(()),
    }
}

pub(super) fn wrong_tensor(name: &str, expected: &str, found: Option<&TensorInfo>) -> WeightsProblem {
    let found =
        found.map_or_else(|| "absent".to_owned(), |info| format!("{:?} {:?}", info.dtype, info.shape));
    WeightsProblem::Tensor { name: name.to_owned(), expected: expected.to_owned(), found }
}

/// The tensors of a file, checked against the expected ones.
pub(super) struct Tensors<'a> {
    pub(super) header: &'a Metadata,
    pub(super) data: Vec<u8>,
}

impl Tensors<'_> {
    /// The digest of everything that is read.
    pub(super) fn file_digest(&self) -> Digest {
        let texts = self.header.metadata().iter().flatten();
        let names = self.header.offset_keys();
        let tensor = |name: &'_ String| {
            let info = self.header.info(name)?;
            Some((info.dtype, info.shape.as_slice(), &self.data[info.data_offsets.0..info.data_offsets.1]))
        };
        let tensors = names.iter().filter_map(|name| {
            tensor(name).map(|(dtype, shape, bytes)| Digested { name, dtype, shape, bytes })
        });
        file_digest(texts.map(|(key, text)| (key.as_str(), text.as_str())), tensors)
    }

    /// The numbers of a tensor, row by row.
    pub(super) fn values(&self, name: &str) -> Result<Vec<f64>, WeightsProblem> {
        let Some(info) = self.header.info(name) else { return Err(wrong_tensor(name, "there", None)) };
        let bytes = &self.data[info.data_offsets.0..info.data_offsets.1];
        let values: Vec<f64> = match info.dtype {
            Dtype::F32 => {
                bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes).to_f64()).collect()
            }
            _ => bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect(),
        };
        match values.iter().find(|value| !value.is_finite()) {
            Some(&value) => Err(WeightsProblem::NotFinite { name: name.to_owned(), value }),
            None => Ok(values),
        }
    }
}
