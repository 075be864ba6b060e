//! Data is made once, no matter how many callers ask for it.

use super::{DataCache, Describe, LoadError, Recorded, Splits};
use crate::plan::Plan;
use crate::spec::{check, parse};
use chainrule_core::dataset::{DataSettings, Dataset, SplitSeed, TestPart, Whitening};
use chainrule_core::output::Output;
use chainrule_record::ExperimentInfo;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

fn settings(name: &str) -> DataSettings {
    let dataset = Dataset::from_name(name).unwrap();
    DataSettings { dataset, validation: 0.2, test: TestPart::Fraction(0.2), ..DataSettings::default() }
}

#[test]
fn parts_are_made_once_and_shared() {
    let (cache, iris) = (DataCache::new("none".into()), settings("iris"));
    let softmax = Output::from_name("softmax").unwrap();
    let parts: Vec<_> = std::thread::scope(|scope| {
        let make = || cache.parts::<f32>(&iris, 0, &softmax).unwrap();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(parts.iter().all(|other| Arc::ptr_eq(&parts[0], other)));
    let samples = [&iris.dataset; 2].map(|dataset| cache.samples(dataset).unwrap());
    assert!(Arc::ptr_eq(&samples[0], &samples[1]));
}

/// The last run that needs a split frees it; a run that was not announced does not.
#[test]
fn splits_are_freed_after_the_last_run() {
    let cache = DataCache::new("none".into());
    let iris = DataSettings { split_seed: SplitSeed::Replicate, ..settings("iris") };
    let softmax = Output::from_name("softmax").unwrap();
    let [key, other] = [0, 1].map(|replicate| Splits::new(&iris, &softmax, 4).key(replicate));
    (0..2).for_each(|_| cache.announce(&key));
    let first = cache.parts::<f32>(&iris, 0, &softmax).unwrap();
    let held = Arc::downgrade(&first);
    drop(first);
    cache.release(&key);
    cache.release(&other);
    assert!(held.upgrade().is_some_and(|held| Arc::ptr_eq(&held, &cache.parts(&iris, 0, &softmax).unwrap())));
    cache.release(&key);
    assert!(held.upgrade().is_none() && cache.splits_held() == 0);
    drop(cache.parts::<f32>(&iris, 0, &softmax).unwrap());
    cache.release(&key);
    assert_eq!(cache.splits_held(), 1);
}

/// One cache serves all runs of a grid, so splits that differ in any relevant setting must not be shared.
#[test]
fn different_parts_are_kept_apart() {
    let (cache, spirals) = (DataCache::new("none".into()), settings("spirals"));
    let output = |name: &str| Output::from_name(name).unwrap();
    let (softmax, sigmoid) = (output("softmax"), output("sigmoid"));
    let base = cache.parts::<f32>(&spirals, 0, &softmax).unwrap();
    assert_eq!(base.train.n_out(), 2);
    assert_eq!(cache.parts::<f32>(&spirals, 0, &sigmoid).unwrap().train.n_out(), 1);
    assert_eq!(cache.parts::<f64>(&spirals, 0, &softmax).unwrap().train.len(), base.train.len());
    let other = |change: &dyn Fn(&mut DataSettings)| {
        let mut settings = spirals.clone();
        change(&mut settings);
        cache.parts::<f32>(&settings, 0, &softmax).unwrap()
    };
    assert_ne!(
        other(&|settings| settings.split_seed = SplitSeed::Fixed(1)).train.features,
        base.train.features
    );
    assert_ne!(other(&|settings| settings.standardize = false).train.features, base.train.features);
    let [pca, zca] =
        [Whitening::Pca, Whitening::Zca].map(|kind| other(&|settings| settings.whitening = kind));
    assert!(pca.train.features != base.train.features && pca.train.features != zca.train.features);
    assert_ne!(other(&|settings| settings.feature_noise = 0.1).train.features, base.train.features);
    assert_ne!(other(&|settings| settings.label_noise = 0.1).train.targets, base.train.targets);
    let unscaled = other(&|settings| settings.standardize = false);
    let scaled = other(&|settings| (settings.standardize, settings.min_max) = (false, true));
    assert_ne!(scaled.train.features, unscaled.train.features);
    assert_ne!(other(&|settings| settings.validation = 0.1).train.len(), base.train.len());
    assert_ne!(other(&|settings| settings.test = TestPart::Fraction(0.1)).train.len(), base.train.len());
}

/// Two images of 1 × 2 pixels for training and one for testing.
fn files() -> [(&'static str, Vec<u8>); 4] {
    let images = |n: u8, pixels: &[u8]| [&[0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, 1, 0, 0, 0, 2], pixels].concat();
    let labels = |digits: &[u8]| [&[0, 0, 8, 1, 0, 0, 0, digits.len() as u8], digits].concat();
    [
        ("train-images-idx3-ubyte", images(2, &[1, 2, 3, 4])),
        ("train-labels-idx1-ubyte", labels(&[7, 0])),
        ("t10k-images-idx3-ubyte", images(1, &[9, 8])),
        ("t10k-labels-idx1-ubyte", labels(&[3])),
    ]
}

#[test]
fn files_are_the_same_compressed_or_not() {
    let mnist = Dataset::from_name("mnist").unwrap();
    let digest = |compressed: bool| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("mnist")).unwrap();
        for (name, bytes) in files() {
            let path = folder.path().join("mnist").join(name);
            if compressed {
                let file = std::fs::File::create(path.with_extension("gz")).unwrap();
                let mut file = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
                file.write_all(&bytes).unwrap();
                file.finish().unwrap();
            } else {
                std::fs::write(path, bytes).unwrap();
            }
        }
        DataCache::new(folder.path().to_owned()).samples(&mnist).unwrap().digest
    };
    assert_eq!(digest(true), digest(false));
}

#[test]
fn missing_and_damaged_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let load = || {
        DataCache::new(folder.path().to_owned()).samples(&Dataset::from_name("mnist").unwrap()).unwrap_err()
    };
    assert!(matches!(load(), LoadError::Missing { path, .. } if path == "mnist/train-images-idx3-ubyte"));
    std::fs::create_dir(folder.path().join("mnist")).unwrap();
    let compressed = folder.path().join("mnist/train-images-idx3-ubyte.gz");
    std::fs::write(&compressed, b"\x1f\x8b\x08 no gzip").unwrap();
    assert!(matches!(load(), LoadError::Unreadable { path, .. } if path == compressed));
    std::fs::remove_file(compressed).unwrap();
    files().iter().for_each(|(name, bytes)| {
        std::fs::write(folder.path().join("mnist").join(name), &bytes[..9]).unwrap()
    });
    assert!(matches!(load(), LoadError::Content(_)));
}

/// The files of MNIST and a table, all of them tiny.
fn folder_of_files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mnist")).unwrap();
    files().iter().for_each(|(name, bytes)| {
        std::fs::write(folder.path().join("mnist").join(name), bytes).unwrap();
    });
    let rows: String = (0..20).map(|i| format!("{},{},{}\n", i % 7, i * i % 5, i % 2)).collect();
    std::fs::write(folder.path().join("t.csv"), format!("a,b,y\n{rows}")).unwrap();
    folder
}

fn planned(data_section: &str, data: &dyn Describe) -> Option<ExperimentInfo> {
    let text =
        format!("question = \"?\"\nseeds = 2\n[train]\nbatch_size = \"full\"\nepochs = 2\n{data_section}");
    let (file, assignments) = parse::parse("test.toml", &text, &[]).unwrap();
    let experiment = check::check(Path::new("test.toml"), file, assignments).unwrap();
    Plan::new(&experiment, data, false).ok().map(|plan| plan.info)
}

/// The plan from records equals the plan from data in every field.
#[test]
fn records_stand_in_for_data_that_are_not_there() {
    let folder = folder_of_files();
    let (data, nothing) = (DataCache::new(folder.path().to_owned()), DataCache::new("none".into()));
    let table = |rest: &str| format!("{{ csv = {{ path = \"t.csv\", target = \"y\"{rest} }} }}");
    let sections = [
        "[data]\ndataset = \"mnist\"\nvalidation = 0.5\ntest = \"official\"".to_owned(),
        "[data]\ndataset = \"mnist\"\nvalidation = 0\ntest = 0.5".to_owned(),
        format!("[data]\ndataset = {}\nvalidation = 0.2\ntest = 0.3\nlabel_noise = 0.1", table("")),
        format!("[data]\ndataset = {}\nvalidation = 0.2\ntest = 0", table(", task = \"regression\"")),
        format!("[data]\ntest = 0\n[grid]\ndataset = [\"iris\", {}]\nvalidation = [0.1, 0.3]", table("")),
    ];
    for section in &sections {
        let known = planned(section, &data).unwrap();
        assert_eq!(planned(section, &nothing), None, "{section}");
        let recorded = Recorded::new(&nothing, &known);
        assert_eq!(planned(section, &recorded).as_ref(), Some(&known), "{section}");
        assert_eq!(recorded.absent().len(), 1);
        // Data that exist are used directly.
        let recorded = Recorded::new(&data, &known);
        assert_eq!(planned(section, &recorded).as_ref(), Some(&known), "{section}");
        assert!(recorded.absent().is_empty());
    }
}

/// The sizes of a split without runs follow from the sizes of another split of the same data; other data remain
/// unknown.
#[test]
fn records_are_not_taken_for_other_data() {
    let folder = folder_of_files();
    let (data, nothing) = (DataCache::new(folder.path().to_owned()), DataCache::new("none".into()));
    let section = |path: &str, validation: &str, test: &str| {
        let dataset = format!("{{ csv = {{ path = \"{path}\", target = \"y\" }} }}");
        format!("[data]\ndataset = {dataset}\nvalidation = {validation}\ntest = {test}")
    };
    let known = planned(&section("t.csv", "0.2", "0.3"), &data).unwrap();
    let recorded = Recorded::new(&nothing, &known);
    let other = section("t.csv", "0.4", "0");
    let (now, truth) = (planned(&other, &recorded).unwrap(), planned(&other, &data).unwrap());
    assert_eq!(now.run_ids, truth.run_ids);
    let sizes =
        |info: &ExperimentInfo| (info.datasets[0].train, info.datasets[0].validation, info.datasets[0].test);
    assert_eq!(sizes(&now), sizes(&truth));
    assert!(now.datasets[0].class_counts.is_empty(), "nobody has counted them");
    for unknown in [section("u.csv", "0.2", "0.3"), section("t.csv", "0.2", "\"official\"")] {
        assert_eq!(planned(&unknown, &recorded), None, "{unknown}");
    }
}
