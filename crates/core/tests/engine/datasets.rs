//! The contract of every data set that is embedded or generated.

use crate::items::{points, with};
use chainrule_core::dataset::{Dataset, Samples, Targets};
use chainrule_core::registry::{Entry, Parameter};
use serde_json::{Value, json};

/// The most samples that tests generate.
const MANY: f64 = 2000.0;

fn samples(spec: Value) -> Samples {
    let dataset: Dataset = serde_json::from_value(spec).unwrap();
    dataset.kernel().samples(&[]).unwrap()
}

fn bytes(samples: &Samples) -> Vec<u8> {
    let mut all = Vec::new();
    samples.visit_bytes(|bytes| all.extend(bytes));
    all
}

/// The sets without files, with the default parameters and with each parameter changed.
fn specs() -> Vec<(Entry, Vec<Value>)> {
    let without_files = |entry: &Entry| Dataset::from_name(entry.name).unwrap().kernel().files().is_empty();
    let complete = |entry: &Entry| !entry.parameters.iter().any(Parameter::is_required);
    let all =
        Dataset::entries().into_iter().filter(|entry| complete(entry) && without_files(entry)).map(|entry| {
            let moved = entry.parameters.iter().flat_map(|parameter| {
                let few = points(parameter)
                    .into_iter()
                    .filter(|value| value.as_f64().is_none_or(|number| number <= MANY));
                few.map(|value| with(&entry, parameter, &value)).collect::<Vec<_>>()
            });
            let specs = std::iter::once(json!(entry.name)).chain(moved).collect();
            (entry, specs)
        });
    all.collect()
}

#[test]
fn samples_are_finite_and_labels_in_range() {
    for spec in specs().into_iter().flat_map(|(_, specs)| specs) {
        let Samples { features, targets, official_test, .. } = samples(spec.clone());
        let n = features.nrows();
        assert!(n > 0 && features.ncols() > 0 && official_test < n, "{spec}");
        assert!(features.to_array().iter().all(|x| x.is_finite()), "{spec}");
        match targets {
            Targets::Classes { labels, count } => {
                assert!(labels.len() == n && labels.iter().all(|&label| (label as usize) < count), "{spec}");
                assert!(count >= 2, "{spec}");
            }
            Targets::Values(values) => {
                assert!(values.nrows() == n && values.iter().all(|y| y.is_finite()), "{spec}")
            }
        }
    }
}

#[test]
fn the_same_settings_give_the_same_samples() {
    for spec in specs().into_iter().flat_map(|(_, specs)| specs) {
        assert_eq!(bytes(&samples(spec.clone())), bytes(&samples(spec)));
    }
}

#[test]
fn another_seed_gives_other_samples() {
    for (entry, _) in specs() {
        if entry.parameters.iter().any(|parameter| parameter.name == "seed") {
            let seeded = |seed: u64| bytes(&samples(json!({ entry.name: { "seed": seed } })));
            assert!(seeded(0) != seeded(1) && seeded(1) != seeded(2), "{}", entry.name);
        }
    }
}

/// The first number in the documentation of features and classes is their count.
#[test]
fn the_documented_numbers_are_true() {
    for (entry, _) in specs() {
        let documented = |heading: &str| {
            let line = entry.doc.iter().find_map(|line| line.trim().strip_prefix(heading)).unwrap();
            line.split([' ', ',']).find_map(|word| word.parse::<usize>().ok())
        };
        let samples = samples(json!(entry.name));
        assert_eq!(documented("- Features:"), Some(samples.features.ncols()), "{}", entry.name);
        if let (Some(documented), Some(count)) = (documented("- Targets:"), samples.targets.classes()) {
            assert_eq!(documented, count, "{}", entry.name);
        }
    }
}

#[test]
fn every_set_says_whom_to_cite_and_its_licence() {
    for entry in Dataset::entries() {
        let dataset = Dataset::from_name(entry.name).unwrap();
        assert!(
            !dataset.kernel().citation().is_empty() && !dataset.kernel().licence().is_empty(),
            "{}",
            entry.name
        );
    }
}
