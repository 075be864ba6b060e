//! Files of weights: written files are read back, and any other content is refused with the reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to panic")]

use chainrule_core::cancel::to_the_end;
use chainrule_core::dataset::{Preparation, Targets, divide};
use chainrule_core::network::Network;
use chainrule_core::real::{Element, Precision};
use chainrule_record::{Digest, DigestBuilder, RunSpec};
use chainrule_runner::data::DataCache;
use chainrule_runner::evaluate;
use chainrule_runner::execute::{Options, execute};
use chainrule_runner::plan::{Plan, PlanError, Typed};
use chainrule_runner::spec::{check, parse};
use chainrule_runner::store::Store;
use chainrule_runner::weights::{self, AnyNetwork, Identity, Saved, TrainedOn, WeightsProblem};
use proptest::prelude::*;
use proptest::sample::Index;
use safetensors::SafeTensors;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// 4 inputs, hidden layers of 3 and 2 units with one learnt number each, 3 classes: small enough to try every length.
const IRIS: &str = "question = \"?\"\ndata.dataset = \"iris\"\n\
    model = { architecture = [3, 2], activation = \"prelu\" }\ntrain.precision = \"f64\"\n";

fn data() -> DataCache {
    DataCache::new("no data folder".into())
}

fn spec(experiment: &str) -> RunSpec {
    let (file, assignments) = parse::parse("test.toml", experiment, &[]).unwrap();
    let experiment =
        check::check(Path::new("test.toml"), file, assignments).unwrap_or_else(|error| panic!("{error}"));
    match Plan::new(&experiment, &data(), false) {
        Ok(plan) => plan.spec(0),
        Err(PlanError::Invalid(errors)) => panic!("{errors}"),
        Err(PlanError::TooMany { runs } | PlanError::BeyondMemory { runs }) => panic!("{runs} runs"),
    }
}

/// The file of a run without training steps, with its network modified by `change`.
fn file<F: Element>(spec: &RunSpec, change: impl Fn(&mut Network<F>, &mut Preparation)) -> Vec<u8> {
    let typed = Typed::read(spec).unwrap();
    let parts = data().parts::<F>(&typed.data, typed.run.seed, &typed.model.output).unwrap();
    let (n_in, n_out) = (parts.train.n_in(), parts.train.n_out());
    let mut network =
        to_the_end(|cancel| Network::<F>::from_settings(&typed.model, n_in, n_out, typed.run.seed, cancel));
    let mut preparation = parts.preparation.clone();
    change(&mut network, &mut preparation);
    let classes = data().samples(&typed.data.dataset).unwrap().samples.targets.classes();
    let data = TrainedOn { classes, preparation: &preparation, target_scale: &parts.target_scale };
    weights::encode(Identity { run_id: spec.run_id(), spec }, &network, data).unwrap()
}

fn good() -> Vec<u8> {
    file::<f64>(&spec(IRIS), |_, _| ())
}

fn parsed(bytes: &[u8]) -> Result<Saved, WeightsProblem> {
    weights::parse(bytes, bytes.len() as u64)
}

#[track_caller]
fn refused(bytes: &[u8], words: &str) {
    let problem = parsed(bytes).expect_err("it is taken").to_string();
    assert!(problem.contains(words), "`{words}` is not in `{problem}`");
}

/// The scale of standardized targets is read to the bit.
#[test]
fn the_scale_of_targets_is_kept() {
    let text = |standardize: bool| {
        format!("question = \"?\"\ndata = {{ dataset = \"diabetes\", standardize_target = {standardize} }}\n")
    };
    let scaled = spec(&text(true));
    let typed = Typed::read(&scaled).unwrap();
    let parts = data().parts::<f32>(&typed.data, typed.run.seed, &typed.model.output).unwrap();
    assert_ne!(parts.target_scale.unit, [1.0]);
    let bytes = file::<f32>(&scaled, |_, _| ());
    assert_eq!(parsed(&bytes).unwrap().target_scale, parts.target_scale);
    let plain = parsed(&file::<f32>(&spec(&text(false)), |_, _| ())).unwrap();
    assert_eq!((plain.target_scale.shift, plain.target_scale.unit), (vec![0.0], vec![1.0]));
}

type Header = BTreeMap<String, Value>;

/// A file with a modified header or modified bytes of tensors, and a correct digest.
fn forged(bytes: &[u8], change: impl FnOnce(&mut Header, &mut Vec<u8>)) -> Vec<u8> {
    changed(bytes, |header, data| {
        change(header, data);
        if let Some(digest) = file_digest(header, data) {
            header.get_mut("__metadata__").unwrap()["file_digest"] = json!(digest.to_string());
        }
    })
}

/// The digest of a file, computed as its documentation says; `None` if the header does not match the tensors.
fn file_digest(header: &Header, data: &[u8]) -> Option<Digest> {
    let mut digest = DigestBuilder::default();
    let mut add = |part: &[u8]| {
        digest.update(&(part.len() as u64).to_le_bytes()).update(part);
    };
    let texts: BTreeMap<&String, &Value> = header.get("__metadata__")?.as_object()?.iter().collect();
    for (key, text) in texts.into_iter().filter(|(key, _)| *key != "file_digest") {
        add(key.as_bytes());
        add(text.as_str()?.as_bytes());
    }
    for (name, info) in header.iter().filter(|(name, _)| *name != "__metadata__") {
        let numbers = |key: &str| serde_json::from_value::<Vec<usize>>(info[key].clone()).ok();
        let offsets = numbers("data_offsets")?;
        add(name.as_bytes());
        add(format!("{} {:?}", info["dtype"].as_str()?, numbers("shape")?).as_bytes());
        add(data.get(*offsets.first()?..*offsets.get(1)?)?);
    }
    Some(digest.finish())
}

/// A file with a modified header or modified bytes of tensors, and the digest of the original.
fn changed(bytes: &[u8], change: impl FnOnce(&mut Header, &mut Vec<u8>)) -> Vec<u8> {
    let size = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header: Header = serde_json::from_slice(&bytes[8..8 + size]).unwrap();
    let mut data = bytes[8 + size..].to_vec();
    change(&mut header, &mut data);
    let header = serde_json::to_vec(&header).unwrap();
    [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat()
}

fn with_text(key: &str, text: &str) -> Vec<u8> {
    forged(&good(), |header, _| header.get_mut("__metadata__").unwrap()[key] = json!(text))
}

/// The same weights with another specification and its correct run_id.
fn with_setting(name: &str, value: Value) -> Vec<u8> {
    let mut spec = spec(IRIS);
    spec.0.insert(name.to_owned(), value);
    forged(&good(), |header, _| {
        let metadata = header.get_mut("__metadata__").unwrap();
        metadata["run_id"] = json!(spec.run_id());
        metadata["spec"] = json!(serde_json::to_string(&spec).unwrap());
    })
}

fn bits<F: Element>(network: &Network<F>) -> Vec<u64> {
    network.parameters.iter().map(|parameter| parameter.to_f64().to_bits()).collect()
}

/// Networks of every kind of tensor, in both precisions.
#[test]
fn what_is_written_is_read_back() {
    let experiments = [
        IRIS.to_owned(),
        IRIS.replace("f64", "f32"),
        IRIS.replace("prelu", "learnt_sigmoid"),
        IRIS.replace("data.dataset = \"iris\"", "data = { dataset = \"iris\", whitening = \"zca\" }"),
        "question = \"?\"\ndata.dataset = \"sine\"\nmodel = { bias = false, architecture = [] }\n".to_owned(),
        "question = \"?\"\ndata = { dataset = \"moons\", standardize = false, min_max = true }\n\
         model.output = \"sigmoid\"\ntrain.loss = \"binary_cross_entropy\"\n"
            .to_owned(),
    ];
    for experiment in experiments {
        let spec = spec(&experiment);
        let typed = Typed::read(&spec).unwrap();
        let (bytes, parameters, preparation) = match typed.run.precision {
            Precision::F32 => written::<f32>(&spec),
            Precision::F64 => written::<f64>(&spec),
        };
        let saved = parsed(&bytes).unwrap_or_else(|problem| panic!("{experiment}: {problem}"));
        assert_eq!((&saved.spec, saved.run_id), (&spec, spec.run_id()));
        assert_eq!(saved.preparation, preparation);
        let read = match &saved.network {
            AnyNetwork::Single(network) => bits(network),
            AnyNetwork::Double(network) => bits(network),
        };
        assert_eq!(read, parameters, "{experiment}");
    }
}

fn written<F: Element>(spec: &RunSpec) -> (Vec<u8>, Vec<u64>, Preparation) {
    let seen = std::cell::RefCell::new(None);
    let bytes = file::<F>(spec, |network, preparation| {
        // All parameters differ, so that a swap would be detected.
        for (index, parameter) in network.parameters.iter_mut().enumerate() {
            *parameter += F::from_f64(index as f64);
        }
        *seen.borrow_mut() = Some((bits(network), preparation.clone()));
    });
    let (parameters, preparation) = seen.into_inner().unwrap();
    (bytes, parameters, preparation)
}

#[test]
fn the_same_run_is_the_same_bytes() {
    assert!((0..20).all(|_| good() == good()));
}

/// W, `[n_in, n_out]`, is stored as `[n_out, n_in]`, as PyTorch's `Linear` expects.
#[test]
fn weights_are_transposed() {
    let bytes = file::<f64>(&spec(IRIS), |network, _| {
        // W[input][unit] = 10 · input + unit
        let range = network.layers[0].weights.clone();
        network.parameters[range]
            .iter_mut()
            .enumerate()
            .for_each(|(i, w)| *w = (10 * (i / 3) + i % 3) as f64);
    });
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let weight = tensors.tensor("layers.0.weight").unwrap();
    assert_eq!(weight.shape(), [3, 4]);
    let values: Vec<f64> = weight.data().as_chunks().0.iter().map(|x| f64::from_le_bytes(*x)).collect();
    assert_eq!(values, [0., 10., 20., 30., 1., 11., 21., 31., 2., 12., 22., 32.]);
}

#[test]
fn every_cut_is_refused() {
    let bytes = good();
    for length in 0..bytes.len() {
        refused(&bytes[..length], "is not a complete safetensors file");
    }
    refused(&[&bytes[..], b"more"].concat(), "announces");
    // The file shrinks while it is read.
    assert!(matches!(
        weights::parse(&bytes[..40], bytes.len() as u64),
        Err(WeightsProblem::NotSafetensors(_))
    ));
    let all_but_one = &bytes[..bytes.len() - 1];
    assert!(matches!(weights::parse(all_but_one, bytes.len() as u64), Err(WeightsProblem::Unreadable(_))));
}

#[test]
fn headers_that_lie_are_refused() {
    let bytes = good();
    let size = |size: u64| [&size.to_le_bytes()[..], &bytes[8..]].concat();
    for lie in [u64::MAX, 1 << 40, bytes.len() as u64 - 7] {
        refused(&size(lie), "its header should have");
    }
    for lie in [0, 1, 100] {
        refused(&size(lie), "its header cannot be read");
    }
    refused(
        b"question = \"not a file of weights, but long enough to have a header\"",
        "its header should have",
    );
    let shape = |shape: Value| {
        forged(&bytes, |header, _| header.get_mut("layers.0.weight").unwrap()["shape"] = shape)
    };
    // 2⁶³ · 2 overflows, and so do 2⁶² · 8 bytes.
    refused(&shape(json!([1u64 << 63, 2])), "its header cannot be read");
    refused(&shape(json!([1u64 << 62, 1])), "its header cannot be read");
    refused(&shape(json!([-1, 4])), "its header cannot be read");
    let offsets = |offsets: Value| {
        forged(&bytes, |header, _| header.get_mut("layers.0.weight").unwrap()["data_offsets"] = offsets)
    };
    refused(&offsets(json!([0, u64::MAX])), "its header cannot be read");
    // The missing 5 GB are not allocated.
    let huge = forged(&bytes, |header, _| {
        header.insert(
            "z".to_owned(),
            json!({ "dtype": "U8", "shape": [5u64 << 30], "data_offsets": [0, 5u64 << 30] }),
        );
    });
    assert!(parsed(&huge).is_err());
}

#[test]
fn tensors_that_do_not_fit_are_refused() {
    let bytes = good();
    let change = |name: &str, key: &str, value: Value| {
        forged(&bytes, |header, _| header.get_mut(name).unwrap()[key] = value)
    };
    let flat = change("layers.1.weight", "shape", json!([6]));
    refused(&flat, "the tensor `layers.1.weight` should be F64 [2, 3], but is F64 [6]");
    let not_transposed = change("layers.1.weight", "shape", json!([3, 2]));
    refused(&not_transposed, "should be F64 [2, 3], but is F64 [3, 2]");
    refused(
        &change("layers.0.weight", "shape", json!([12])),
        "`layers.0.weight` should be F64 [n_out, n_in]",
    );
    refused(&change("layers.0.bias", "dtype", json!("I64")), "should be F64 [3], but is I64 [3]");
    let renamed = |from: &str, to: &str| {
        forged(&bytes, |header, _| {
            let info = header.remove(from).unwrap();
            header.insert(to.to_owned(), info);
        })
    };
    for name in ["layers.0.weight", "layers.1.activation", "layers.2.bias", "preparation.shift"] {
        refused(&renamed(name, "unknown"), &format!("the tensor `{name}` should be"));
    }
    let extra = forged(&bytes, |header, data| {
        let end = data.len();
        data.push(7);
        header.insert(
            "extra".to_owned(),
            json!({ "dtype": "U8", "shape": [1], "data_offsets": [end, end + 1] }),
        );
    });
    refused(&extra, "the tensor `extra` should be absent, but is U8 [1]");
    let empty = forged(&bytes, |header, _| {
        for (layer, shape) in [(0, json!([3, 0])), (2, json!([0, 2]))] {
            let info = json!({ "dtype": "F64", "shape": shape, "data_offsets": [0, 0] });
            header.insert(format!("layers.{layer}.weight"), info);
        }
    });
    assert!(parsed(&empty).is_err());
}

#[test]
fn specifications_that_do_not_fit_are_refused() {
    refused(
        &with_setting("architecture", json!([2, 3])),
        "the tensor `layers.0.weight` should be F64 [2, 4]",
    );
    refused(&with_setting("architecture", json!([3])), "`layers.1.activation` should be absent");
    refused(&with_setting("architecture", json!([3, 2, 2])), "the tensor `layers.3.weight` should be");
    refused(&with_setting("bias", json!(false)), "should be absent");
    refused(&with_setting("activation", json!("relu")), "should be absent");
    refused(&with_setting("precision", json!("f32")), "should be F32 [3, 4], but is F64 [3, 4]");
    // Settings that cannot be planned would not be safe to evaluate.
    let none = json!({ "spirals": { "samples": 500, "classes": 0, "turns": 1.5, "noise": 0.02, "seed": 0 } });
    refused(&with_setting("dataset", none), "`spec` is wrong: `classes` is out of range");
    refused(&with_setting("architecture", json!([0, 2])), "`spec` is wrong: `architecture` is out of range");
    refused(&with_setting("warp", json!(9)), "`spec` has the unknown setting `warp`");
    refused(&with_text("spec", "{"), "`spec` cannot be read");
    refused(&with_text("spec", &"[".repeat(100_000)), "`spec` cannot be read");
    refused(&with_text("spec", "{}"), "`run_id` does not match `spec`");
    refused(&with_text("run_id", &"0".repeat(64)), "`run_id` does not match `spec`");
    refused(&with_text("run_id", "12"), "`run_id` is not a digest");
    refused(&with_text("outputs", "4"), "`outputs` does not fit a network with 3 outputs");
    refused(&with_text("classes", "4"), "`classes` does not fit a network with 3 outputs");
    refused(&with_text("classes", "-3"), "`classes` is invalid: `-3` is not a valid number");
    refused(&with_text("results_version", "one"), "`results_version` is invalid: `one`");
}

#[test]
fn files_of_others_are_refused() {
    let without = forged(&good(), |header, _| drop(header.remove("__metadata__")));
    refused(&without, "was not written by chainrule");
    refused(&with_text("format", "pt"), "was not written by chainrule");
    let version = |version: &str| with_text("format_version", version);
    refused(&version("3"), "has format version 3, and this program reads versions 1 and 2");
    let unknown = forged(&good(), |header, _| {
        drop(header.get_mut("__metadata__").unwrap().as_object_mut().unwrap().remove("format_version"));
    });
    refused(&unknown, "has format version unknown");
    let no_digest = changed(&good(), |header, _| {
        drop(header.get_mut("__metadata__").unwrap().as_object_mut().unwrap().remove("file_digest"));
    });
    refused(&no_digest, "its metadata `file_digest` is missing");
    for key in ["run_id", "spec", "weights_digest", "outputs", "results_version"] {
        let missing = forged(&good(), |header, _| {
            drop(header.get_mut("__metadata__").unwrap().as_object_mut().unwrap().remove(key));
        });
        refused(&missing, &format!("its metadata `{key}` is missing"));
    }
}

/// The digest of these weights is correct, but no run ends with them.
#[test]
fn weights_that_are_no_numbers_are_refused() {
    for (value, word) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")] {
        for (index, name) in [(0, "layers.0.weight"), (13, "layers.0.bias"), (15, "layers.0.activation")] {
            let bytes = file::<f64>(&spec(IRIS), |network, _| network.parameters[index] = value);
            refused(&bytes, &format!("the tensor `{name}` contains {word}"));
        }
        let bytes = file::<f64>(&spec(IRIS), |_, preparation| preparation.factor[2] = value);
        refused(&bytes, &format!("the tensor `preparation.factor` contains {word}"));
    }
}

/// Only data that can lack numbers has replacements for them, and other files have no such tensor.
#[test]
fn replacements_of_missing_numbers_are_kept() {
    let fill = vec![1.5, 0.0, -2.0, 0.1];
    let bytes = file::<f64>(&spec(IRIS), |_, preparation| preparation.fill.clone_from(&fill));
    assert_eq!(parsed(&bytes).unwrap().preparation.fill, fill);
    assert!(parsed(&good()).unwrap().preparation.fill.is_empty());
    refused(&file::<f64>(&spec(IRIS), |_, preparation| preparation.fill = vec![1.0]), "preparation.fill");
}

#[test]
fn weights_that_were_changed_are_refused() {
    let bytes = forged(&good(), |header, data| {
        let start = header["layers.2.weight"]["data_offsets"][0].as_u64().unwrap() as usize;
        data[start] ^= 1;
    });
    refused(&bytes, "the digest of its weights differs");
    refused(&with_text("weights_digest", &"0".repeat(64)), "the digest of its weights differs");
}

/// The digest covers everything that is read, including the preparation of the features and every text.
#[test]
fn a_preparation_that_was_changed_is_refused() {
    for name in ["preparation.shift", "preparation.factor"] {
        let bytes = changed(&good(), |header, data| {
            let start = header[name]["data_offsets"][0].as_u64().unwrap() as usize;
            data[start] ^= 1;
        });
        refused(&bytes, "the digest of its content differs");
    }
    for (key, text) in [("results_version", "77"), ("classes", "3 "), ("note", "new")] {
        let bytes = changed(&good(), |header, _| header.get_mut("__metadata__").unwrap()[key] = json!(text));
        assert!(parsed(&bytes).is_err(), "{key}");
    }
}

/// Flips one bit anywhere.
#[test]
fn every_flipped_bit_is_refused() {
    let good = good();
    for place in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[place / 8] ^= 1 << (place % 8);
        assert!(parsed(&bytes).is_err(), "bit {} of byte {}", place % 8, place / 8);
    }
}

/// Version 1 has no digest of the whole file.
#[test]
fn unchecked_files_are_read_as_such() {
    let bytes = changed(&good(), |header, _| {
        let metadata = header.get_mut("__metadata__").unwrap();
        metadata["format_version"] = json!("1");
        drop(metadata.as_object_mut().unwrap().remove("file_digest"));
    });
    assert!(!parsed(&bytes).unwrap().checked && parsed(&good()).unwrap().checked);
}

/// Settings added after a file was written have their defaults.
#[test]
fn older_files_are_read() {
    let mut older = spec(IRIS);
    older.0.remove("measure").unwrap();
    let bytes = forged(&good(), |header, _| {
        let metadata = header.get_mut("__metadata__").unwrap();
        metadata["run_id"] = json!(older.run_id());
        metadata["spec"] = json!(serde_json::to_string(&older).unwrap());
    });
    let saved = parsed(&bytes).unwrap();
    assert_eq!((saved.run_id, saved.typed.train.measure.len()), (older.run_id(), 0));
    assert_eq!(evaluate::own_parts(&saved, &data()).unwrap().len(), 3);
}

/// The same samples, evaluated as a set of the run and as another data set, have the same outputs.
#[test]
fn the_stored_preparation_is_that_of_the_run() {
    same_outputs(&good());
    for kind in ["pca", "zca"] {
        let data = format!("data = {{ dataset = \"iris\", whitening = \"{kind}\" }}");
        let experiment = IRIS.replace("data.dataset = \"iris\"", &data);
        same_outputs(&file::<f64>(&spec(&experiment), |_, _| ()));
    }
}

fn same_outputs(bytes: &[u8]) {
    let saved = parsed(bytes).unwrap();
    let all = evaluate::other_data(&saved, &data(), &saved.typed.data.dataset).unwrap();
    let [all] = all.as_slice() else { panic!("one part") };
    let parts = evaluate::own_parts(&saved, &data()).unwrap();
    assert_eq!(parts.iter().map(|part| part.samples.len()).sum::<usize>(), all.samples.len());
    for sample in parts.iter().flat_map(|part| &part.samples) {
        let other = &all.samples[sample.index];
        assert_eq!(
            (other.index, &other.target, other.classes),
            (sample.index, &sample.target, sample.classes)
        );
        let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-13;
        assert!(sample.output.iter().zip(&other.output).all(close), "{sample:?} {other:?}");
    }
}

#[test]
fn data_that_has_changed_is_refused() {
    let bytes = with_setting("data_digest", json!("0".repeat(64)));
    let saved = parsed(&bytes).unwrap();
    let error = evaluate::own_parts(&saved, &data()).unwrap_err().to_string();
    assert!(error.contains("is not the one that the run was trained on"), "{error}");
    // A loss and an output that do not match would make the kernels panic.
    let saved = parsed(&with_setting("output", json!("identity"))).unwrap();
    let error = evaluate::own_parts(&saved, &data()).unwrap_err().to_string();
    assert!(error.contains("loss `cross_entropy` does not support output `identity`"), "{error}");
}

/// A file of trained weights with whitened features and learnt activations, and PyTorch's outputs for it:
/// `oracle/load_weights.py`.
const SAVED: &[u8] = include_bytes!("oracle/saved.safetensors");
const PYTORCH: &str = include_str!("oracle/saved.json");

#[test]
fn outputs_are_those_of_pytorch() {
    let saved = parsed(SAVED).unwrap();
    let evaluated = evaluate::other_data(&saved, &data(), &saved.typed.data.dataset).unwrap();
    let pytorch: Value = serde_json::from_str(PYTORCH).unwrap();
    let outputs: Vec<Vec<f64>> = serde_json::from_value(pytorch["outputs"].clone()).unwrap();
    assert_eq!(evaluated[0].samples.len(), outputs.len());
    for (sample, output) in evaluated[0].samples.iter().zip(outputs) {
        assert_eq!(sample.output.len(), output.len());
        let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12;
        assert!(sample.output.iter().zip(&output).all(close), "{sample:?} {output:?}");
    }
}

/// Rows and targets belong to the split that the replicate drew.
#[test]
fn a_replicate_is_evaluated_on_its_own_split() {
    let own_split = format!("{IRIS}data.split_seed = \"replicate\"\n");
    let test_rows = |seed: u64| {
        let saved = parsed(&file::<f64>(&spec(&own_split).with_seed(seed), |_, _| ())).unwrap();
        let loaded = data().samples(&saved.typed.data.dataset).unwrap();
        let sets = evaluate::own_parts(&saved, &data()).unwrap();
        let Targets::Classes { labels, .. } = &loaded.samples.targets else { panic!("iris has classes") };
        for sample in sets.iter().flat_map(|set| &set.samples) {
            assert_eq!(sample.classes.unwrap().0, labels[sample.index] as usize);
        }
        let test: Vec<usize> = sets[2].samples.iter().map(|sample| sample.index).collect();
        assert_eq!(test, divide(&loaded.samples, &saved.typed.data, seed).unwrap().test);
        test
    };
    assert_ne!(test_rows(0), test_rows(3));
}

/// The run of that file produces the same tensors today. Rounding may differ between processors, and long training
/// amplifies the difference to a few digits. After a change that affects results, recreate the file as its script
/// explains.
#[test]
fn the_file_is_what_its_run_writes() {
    let experiment = include_str!("oracle/saved.toml");
    let (file, assignments) = parse::parse("saved.toml", experiment, &[]).unwrap();
    let experiment = check::check(Path::new("saved.toml"), file, assignments).unwrap();
    let Ok(plan) = Plan::new(&experiment, &data(), false) else { panic!("no plan") };
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::create(folder.path()).unwrap();
    let options = Options { folder: folder.path(), threads: 1, retry: false };
    execute(&plan, &data(), &mut store, options, &AtomicBool::new(false), &mut ()).unwrap();
    let written = std::fs::read(weights::path(folder.path(), plan.run_id(0))).unwrap();

    let (written, saved) =
        (SafeTensors::deserialize(&written).unwrap(), SafeTensors::deserialize(SAVED).unwrap());
    let names = |file: &SafeTensors<'_>| {
        let mut names: Vec<String> = file.names().into_iter().map(str::to_owned).collect();
        names.sort();
        names
    };
    assert_eq!(names(&written), names(&saved));
    for (name, tensor) in saved.tensors() {
        let other = written.tensor(&name).unwrap();
        assert_eq!((other.dtype(), other.shape()), (tensor.dtype(), tensor.shape()), "{name}");
        let numbers = |data: &[u8]| -> Vec<f64> {
            data.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()
        };
        for (a, b) in numbers(tensor.data()).into_iter().zip(numbers(other.data())) {
            assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{name}: {a} {b}");
        }
    }
}

/// Everything that can be read can be evaluated.
fn try_all(bytes: &[u8]) {
    match parsed(bytes) {
        Err(problem) => assert!(!problem.to_string().is_empty()),
        Ok(saved) => drop(evaluate::own_parts(&saved, &data())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(size in prop::option::of(0..60u64), bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let size = size.map_or_else(Vec::new, |size| size.to_le_bytes().to_vec());
        try_all(&[size, bytes].concat());
    }

    #[test]
    fn cuts(from in any::<Index>(), to in any::<Index>()) {
        let mut bytes = good();
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        bytes.drain(from.min(to)..from.max(to));
        try_all(&bytes);
    }

    #[test]
    fn changed_bytes(changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..6)) {
        let mut bytes = good();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        try_all(&bytes);
    }

    /// Headers in valid JSON with invalid numbers.
    #[test]
    fn changed_headers(tensor in any::<Index>(), shape in prop::collection::vec(any::<u64>(), 0..4), offsets in any::<(u64, u64)>(), small in any::<bool>()) {
        let limit = |n: u64| if small { n % 8 } else { n };
        try_all(&forged(&good(), |header, _| {
            let names: Vec<_> = header.keys().filter(|name| *name != "__metadata__").cloned().collect();
            let info = header.get_mut(&names[tensor.index(names.len())]).unwrap();
            info["shape"] = json!(shape.iter().map(|&n| limit(n)).collect::<Vec<_>>());
            info["data_offsets"] = json!([limit(offsets.0), limit(offsets.1)]);
        }));
    }
}
