//! Reads weights. Files are untrusted: any content becomes a network with its origin, or an error with the reason.

use super::error::{WeightsError, WeightsProblem};
use super::tensors::{Tensors, check_tensors, expected, wrong_tensor};
use super::{FILE_DIGEST, FORMAT, FORMAT_VERSION, UNCHECKED_VERSION, digest, dtype};
use crate::file;
use crate::plan::Typed;
use crate::spec;
use chainrule_core::dataset::{Preparation, TargetScale, Whitening};
use chainrule_core::network::Network;
use chainrule_core::real::{Element, Precision};
use chainrule_record::{Digest, RunId, RunSpec};
use safetensors::tensor::Metadata;
use std::io::{self, Read};
use std::path::Path;

/// The maximum length of the header, as limited by the format.
const LONGEST_HEADER: u64 = 100_000_000;

/// The maximum size of a network that can be trained: 2²⁸ weights of 8 bytes, and as much for the preparation.
const MOST_BYTES: u64 = 1 << 32;

/// A network with its origin.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The run that produced it.
    pub run_id: RunId,
    /// Version of the engine's results at training time.
    pub results_version: u32,
    /// The settings that determined the run.
    pub spec: RunSpec,
    /// The settings of the run. Settings added after the file was written have their defaults.
    pub typed: Typed,
    /// Number of classes; `None` for regression.
    pub classes: Option<usize>,
    /// The preparation of the features.
    pub preparation: Preparation,
    /// The scale of the targets.
    pub target_scale: TargetScale,
    /// Whether the file has a digest of everything that is read from it. Files of an earlier version have none, so a
    /// changed preparation is not detected.
    pub checked: bool,
    /// The network.
    pub network: AnyNetwork,
}

/// A network in its precision.
#[derive(Debug, Clone)]
pub enum AnyNetwork {
    /// `f32`
    Single(Network<f32>),
    /// `f64`
    Double(Network<f64>),
}

/// Reads a file of weights.
///
/// # Errors
/// Any problem of the file.
pub fn read(path: &Path) -> Result<Saved, WeightsError> {
    let open = || {
        let file = file::open(path)?;
        let length = file.metadata()?.len();
        Ok((file, length))
    };
    let read = open()
        .map_err(WeightsProblem::Unreadable)
        .and_then(|(file, length)| parse(io::BufReader::new(file), length));
    read.map_err(|problem| WeightsError { path: path.to_owned(), problem })
}

/// Reads `length` bytes as a file of weights. Never allocates more memory than the bytes justify.
///
/// # Errors
/// Any problem of the bytes.
pub fn parse(mut bytes: impl Read, length: u64) -> Result<Saved, WeightsProblem> {
    let header = header(&mut bytes, length)?;
    let texts = Texts::read(&header)?;
    let mut spec: RunSpec = texts.json("spec")?;
    if spec.run_id() != texts.digest("run_id")? {
        return Err(texts.wrong("run_id", "does not match `spec`".to_owned()));
    }
    spec::fill_in(&mut spec);
    let complete = spec::complete(&spec).map_err(|problem| texts.wrong("spec", problem))?;
    let typed = Typed::read(&complete).map_err(|error| texts.wrong("spec", error.to_string()))?;
    match typed.run.precision {
        Precision::F32 => network::<f32>(bytes, &header, &texts, typed, spec, AnyNetwork::Single),
        Precision::F64 => network::<f64>(bytes, &header, &texts, typed, spec, AnyNetwork::Double),
    }
}

fn network<F: Element>(
    bytes: impl Read,
    header: &Metadata,
    texts: &Texts<'_>,
    typed: Typed,
    spec: RunSpec,
    any: fn(Network<F>) -> AnyNetwork,
) -> Result<Saved, WeightsProblem> {
    let widths = widths::<F>(header, &typed)?;
    check_tensors(header, &expected::<F>(header, &widths, &typed))?;
    let classes = classes(texts, &typed, widths[widths.len() - 1])?;
    let tensors = Tensors { header, data: rest(bytes, header)? };

    let mut network =
        Network::<F>::new(&widths, typed.model.bias, typed.model.activation, typed.model.output);
    for index in 0..widths.len() - 1 {
        let layer = network.layers[index].clone();
        let weight = tensors.values(&format!("layers.{index}.weight"))?;
        for (to, parameter) in network.parameters[layer.weights].iter_mut().enumerate() {
            // W is `[n_in, n_out]` here and `[n_out, n_in]` in the file.
            let (row, column) = (to / layer.n_out, to % layer.n_out);
            *parameter = F::from_f64(weight[column * layer.n_in + row]);
        }
        for (range, name) in [(layer.biases, "bias"), (layer.learnt, "activation")] {
            if !range.is_empty() {
                let values = tensors.values(&format!("layers.{index}.{name}"))?;
                let parameters = network.parameters[range].iter_mut().zip(values);
                parameters.for_each(|(parameter, value)| *parameter = F::from_f64(value));
            }
        }
    }
    if digest(&network) != texts.digest("weights_digest")? {
        return Err(WeightsProblem::Digest);
    }
    let checked = texts.is_checked();
    // Compared as written: other spellings of the digest are refused too.
    if checked && tensors.file_digest().to_string() != texts.text(FILE_DIGEST)? {
        return Err(WeightsProblem::FileDigest);
    }
    let is_rotated = typed.data.whitening != Whitening::None;
    let preparation = Preparation::from_numbers(
        if header.info("preparation.fill").is_some() {
            tensors.values("preparation.fill")?
        } else {
            Vec::new()
        },
        tensors.values("preparation.shift")?,
        tensors.values("preparation.factor")?,
        is_rotated.then(|| tensors.values("preparation.rotation")).transpose()?,
    );
    let target_scale = target_scale(&tensors, &typed, classes, widths[widths.len() - 1])?;
    Ok(Saved {
        run_id: texts.digest("run_id")?,
        results_version: texts.number("results_version")?,
        spec,
        typed,
        classes,
        preparation,
        target_scale,
        checked,
        network: any(network),
    })
}

/// The scale of the targets: stored if they were standardized.
fn target_scale(
    tensors: &Tensors<'_>,
    typed: &Typed,
    classes: Option<usize>,
    n_out: usize,
) -> Result<TargetScale, WeightsProblem> {
    let class_targets = typed.data.class_targets;
    let (shift, unit) = match (classes, typed.data.standardize_target) {
        (Some(_), _) => (Vec::new(), Vec::new()),
        (None, false) => (vec![0.0; n_out], vec![1.0; n_out]),
        (None, true) => (tensors.values("target.shift")?, tensors.values("target.unit")?),
    };
    Ok(TargetScale { shift, unit, class_targets })
}

/// Reads the header, without the tensors.
fn header(bytes: &mut impl Read, length: u64) -> Result<Metadata, WeightsProblem> {
    let wrong = |problem: String| Err(WeightsProblem::NotSafetensors(problem));
    let Some(after) = length.checked_sub(8) else {
        return wrong(format!("it has {length} bytes"));
    };
    let mut size = [0; 8];
    bytes.read_exact(&mut size).map_err(WeightsProblem::Unreadable)?;
    let size = u64::from_le_bytes(size);
    if size > after.min(LONGEST_HEADER) {
        return wrong(format!("its header should have {size} bytes, but the file has {length}"));
    }
    let mut header = Vec::new();
    bytes.take(size).read_to_end(&mut header).map_err(WeightsProblem::Unreadable)?;
    let header: Metadata = match serde_json::from_slice(&header) {
        Ok(header) => header,
        Err(error) => return wrong(format!("its header cannot be read: {error}")),
    };
    let (promised, there) = (header.data_len() as u64, after - size);
    if promised != there {
        return wrong(format!("its header announces {promised} bytes of tensors, but the file has {there}"));
    }
    if promised > MOST_BYTES {
        return wrong(format!("{promised} bytes of tensors exceed the maximum of {MOST_BYTES}"));
    }
    Ok(header)
}

/// The bytes of all tensors.
fn rest(mut bytes: impl Read, header: &Metadata) -> Result<Vec<u8>, WeightsProblem> {
    let mut data = vec![0; header.data_len()];
    bytes.read_exact(&mut data).map_err(WeightsProblem::Unreadable)?;
    Ok(data)
}

/// The metadata of a file from this program, in a supported version.
struct Texts<'a>(&'a Metadata);

impl<'a> Texts<'a> {
    fn read(header: &'a Metadata) -> Result<Self, WeightsProblem> {
        let texts = Self(header);
        if texts.get("format") != Some(FORMAT) {
            return Err(WeightsProblem::Foreign);
        }
        match texts.get("format_version") {
            Some(version)
                if [UNCHECKED_VERSION, FORMAT_VERSION]
                    .map(|n| n.to_string())
                    .contains(&version.to_owned()) =>
            {
                Ok(texts)
            }
            other => Err(WeightsProblem::Version { found: other.unwrap_or("unknown").to_owned() }),
        }
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        self.0.metadata().as_ref()?.get(key).map(String::as_str)
    }

    /// Whether the file has a digest of its whole content.
    fn is_checked(&self) -> bool {
        self.get("format_version") == Some(&FORMAT_VERSION.to_string())
    }

    fn text(&self, key: &'static str) -> Result<&'a str, WeightsProblem> {
        self.get(key).ok_or_else(|| self.wrong(key, "is missing".to_owned()))
    }

    fn wrong(&self, key: &'static str, problem: String) -> WeightsProblem {
        WeightsProblem::Metadata { key, problem }
    }

    fn number<T: std::str::FromStr>(&self, key: &'static str) -> Result<T, WeightsProblem> {
        let text = self.text(key)?;
        text.parse().map_err(|_| self.wrong(key, format!("is invalid: `{text}` is not a valid number")))
    }

    fn digest(&self, key: &'static str) -> Result<Digest, WeightsProblem> {
        let wrong = || self.wrong(key, "is not a digest of 64 hexadecimal digits".to_owned());
        Digest::from_hex(self.text(key)?).ok_or_else(wrong)
    }

    fn json(&self, key: &'static str) -> Result<RunSpec, WeightsProblem> {
        let text = self.text(key)?;
        serde_json::from_str(text).map_err(|error| self.wrong(key, format!("cannot be read: {error}")))
    }
}

/// The widths of the network: the hidden ones from the settings, the outer ones from the shapes of the first and last
/// weights.
fn widths<F: Element>(header: &Metadata, typed: &Typed) -> Result<Vec<usize>, WeightsProblem> {
    let hidden = &typed.model.architecture;
    let outer = |index: usize, axis: usize| {
        let name = format!("layers.{index}.weight");
        let info = header.info(&name);
        match info.map(|info| info.shape.as_slice()) {
            Some(shape @ [rows, columns]) if *rows > 0 && *columns > 0 => Ok(shape[axis]),
            _ => Err(wrong_tensor(&name, &format!("{:?} [n_out, n_in]", dtype::<F>()), info)),
        }
    };
    Ok(typed.model.widths(outer(0, 1)?, outer(hidden.len(), 0)?))
}

/// The number of classes, if it matches the outputs of the network.
fn classes(texts: &Texts<'_>, typed: &Typed, n_out: usize) -> Result<Option<usize>, WeightsProblem> {
    let outputs: usize = texts.number("outputs")?;
    let classes = texts.get("classes").map(|_| texts.number::<usize>("classes")).transpose()?;
    let fits = classes.is_none_or(|classes| n_out == typed.model.output.units(classes));
    if outputs != n_out || !fits {
        let problem = format!("does not fit a network with {n_out} outputs");
        return Err(texts.wrong(if fits { "outputs" } else { "classes" }, problem));
    }
    Ok(classes)
}
