//! The pinned RunIds of all shipped experiments. If they change, stored runs are no longer found. Adding a setting
//! must not change them.

use super::Plan;
use crate::data::{DataCache, Describe, LoadError, Loaded};
use crate::execute;
use crate::spec::{self, Kind, Language, Section, Setting, settings, speaking};
use crate::store::Store;
use chainrule_core::RESULTS_VERSION;
use chainrule_core::dataset::DataSettings;
use chainrule_core::dataset::{Dataset, PartSizes, Samples, part_counts};
use chainrule_core::registry::Range;
use chainrule_record::{Digest, DigestBuilder, ExperimentKind, RunSpec};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// A line for each experiment file: a digest of its RunIds in plan order, and its path.
const PINNED: &str = "tests/run_ids.txt";

/// The digest of MNIST, which is not in the repository.
const MNIST: &str = "4c6f4f195a3a6a3647e579a4740f0962f7609742efe863c8ce7ee8ece13ce1d5";

/// The shipped data sets; for MNIST only its digest and sizes.
struct Shipped(DataCache);

impl Describe for Shipped {
    fn dataset(&self, dataset: &Dataset) -> Result<Arc<Loaded>, LoadError> {
        if !matches!(dataset, Dataset::Mnist(_)) {
            return self.0.dataset(dataset);
        }
        let samples = Samples::without_rows(28 * 28, Some(10), 1);
        Ok(Arc::new(Loaded { samples, digest: Digest::from_hex(MNIST).unwrap(), reading: None }))
    }

    fn sizes(&self, settings: &DataSettings, replicate: u64) -> Result<PartSizes, LoadError> {
        if !matches!(settings.dataset, Dataset::Mnist(_)) {
            return self.0.sizes(settings, replicate);
        }
        let counts = part_counts(60_000, 10_000, settings)?;
        Ok(PartSizes {
            train: counts.train,
            validation: counts.validation,
            test: counts.test,
            features: 28 * 28,
            classes: Some(10),
            class_counts: Vec::new(),
        })
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All experiment files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "toml"));
    files.chain(folders.iter().flat_map(|folder| self::files(folder))).collect()
}

/// The digest of all RunIds of each shipped experiment file.
fn run_ids() -> BTreeMap<String, String> {
    let data = Shipped(DataCache::new("no data folder".into()));
    let pin = |path: PathBuf| {
        let experiment = spec::load(&path, &[]).unwrap_or_else(|errors| panic!("{errors}"));
        let plan = Plan::new(&experiment, &data, false).unwrap_or_else(|error| panic!("{path:?}: {error:?}"));
        let mut digest = DigestBuilder::default();
        for run_id in &plan.info.run_ids {
            digest.update(run_id.to_string().as_bytes());
        }
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        (name, digest.finish().to_string())
    };
    files(&root().join("experiments")).into_iter().map(pin).collect()
}

fn pinned() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PINNED)).unwrap();
    text.lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(id, name)| (name.to_owned(), id.to_owned()))
        .collect()
}

#[test]
fn run_ids_of_all_shipped_experiments_are_pinned() {
    let found = run_ids();
    let lines: Vec<String> = found.iter().map(|(name, digest)| format!("{digest}  {name}\n")).collect();
    assert_eq!(found, pinned(), "to change them on purpose, write to {PINNED}:\n{}", lines.concat());
}

/// The language with a later setting whose default differs from the earlier behaviour.
static LATER: LazyLock<Language> = LazyLock::new(|| language("1.0", |_| true));

/// The same, with a default that equals the earlier behaviour.
static UNUSED: LazyLock<Language> = LazyLock::new(|| language("0.0", |_| true));

/// The same, with a setting that only has an effect with one optimizer.
static FOR_ADAM: LazyLock<Language> =
    LazyLock::new(|| language("1.0", |settings| settings["optimizer"].get("adam").is_some()));

fn language(default: &'static str, has_effect: fn(&BTreeMap<String, Value>) -> bool) -> Language {
    let about = "how far the run bends space";
    let kind = Kind::Number(Range::NON_NEGATIVE);
    let warp = Setting::new("warp", Section::Train, kind, spec::Default::Toml(default), about);
    let warp = warp.later("0.0").with_effect(has_effect);
    Language::new([settings(), &[warp]].concat().leak(), &[])
}

#[test]
fn run_ids_survive_a_new_setting() {
    assert_eq!(speaking(&UNUSED, run_ids), run_ids());
    for (name, digest) in speaking(&LATER, run_ids) {
        let kind = spec::load(&root().join(&name), &[]).unwrap().kind;
        assert_eq!(digest == pinned()[&name], kind == ExperimentKind::Function, "{name}: its default is new");
    }
}

fn plan(text: &str) -> Plan {
    let text = format!(
        "question = \"?\"\ndata = {{ dataset = \"xor\", validation = 0, test = 0 }}\ntrain.epochs = 2\n{text}"
    );
    let (file, assignments) = spec::parse::parse("test.toml", &text, &[]).unwrap();
    let experiment = spec::check::check(Path::new("test.toml"), file, assignments).unwrap();
    Plan::new(&experiment, &DataCache::new("no data folder".into()), false).unwrap()
}

/// The values of the new setting in all runs, and whether each run has the same RunId as its counterpart in `before`.
fn warps(plan: &Plan, before: &Plan) -> Vec<(f64, bool)> {
    let warp = |index: usize| plan.spec(index).get("warp").unwrap().as_f64().unwrap();
    let same = |index: usize| before.info.run_ids.contains(&plan.run_id(index));
    (0..plan.len()).map(|index| (warp(index), same(index))).collect()
}

#[test]
fn a_run_as_before_is_found_and_has_its_value() {
    let before = plan("");
    speaking(&LATER, || {
        let grid = plan("[grid]\nwarp = [0, 2]\n");
        assert_eq!(warps(&grid, &before), [(0.0, true), (2.0, false)]);
        // Runs stored by a program without the setting, and by this one.
        let data = DataCache::new("no data folder".into());
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create(folder.path()).unwrap();
        store.write(&[execute::one(before.spec(0), &data), execute::one(grid.spec(1), &data)]).unwrap();
        let records =
            Store::open(folder.path()).unwrap().records(&grid.info.run_ids, RESULTS_VERSION).unwrap();
        let warps: Vec<_> = records.iter().map(|record| record.spec.get("warp")).collect();
        assert_eq!(warps, [Some(&json!(0.0)), Some(&json!(2.0))]);
        assert_eq!(records[0].spec, grid.spec(0));
        records.iter().for_each(|record| record.check().unwrap());
        let stored = serde_json::to_string(&records[0].spec).unwrap();
        assert!(!stored.contains("warp"), "{stored}");
        let complete = spec::complete(&serde_json::from_str(&stored).unwrap()).unwrap();
        assert_eq!(complete.get("warp"), Some(&json!(0.0)), "not the default");
    });
}

#[test]
fn a_setting_without_effect_is_as_before() {
    let text = "[grid]\noptimizer = [\"sgd\", \"adam\"]\n";
    let before = plan(text);
    speaking(&FOR_ADAM, || {
        let fixed = plan(text);
        assert_eq!(warps(&fixed, &before), [(0.0, true), (1.0, false)]);
        assert!(!fixed.info.fixed.contains_key("warp"), "it differs");
        let varied = plan(&format!("{text}warp = [3, 4]\n"));
        assert_eq!(warps(&varied, &before), [(0.0, true), (3.0, false), (4.0, false)]);
        let values: Vec<_> = varied.info.axes[1].points.iter().map(|point| point.value.clone()).collect();
        assert_eq!(values, [json!(0.0), json!(3.0), json!(4.0)]);
        assert_eq!(varied.info.skipped.len(), 1);
        assert_eq!(varied.info.run_ids[1], varied.spec(1).run_id());
    });
}

#[test]
fn a_parameter_can_come_later_too() {
    let language = Language::new(settings(), &[("optimizer.adam.beta1", "0.9"), ("target.stop", "false")]);
    speaking(Box::leak(Box::new(language)), || {
        let plan = plan(
            "train.target = { metric = \"train_loss\", reaches = 0.1 }\n[grid]\noptimizer = [\"adam\", { adam = { beta1 = 0.8 } }]\n",
        );
        for (index, is_stored) in [false, true].into_iter().enumerate() {
            let spec = plan.spec(index);
            let text = serde_json::to_string(&spec).unwrap();
            assert!(
                text.contains("beta1") == is_stored && text.contains("beta2") && !text.contains("\"stop\""),
                "{text}"
            );
            let mut read: RunSpec = serde_json::from_str(&text).unwrap();
            spec::fill_in(&mut read);
            assert_eq!((read.run_id(), read), (plan.run_id(index), spec));
        }
    });
}
