//! Probes give the same numbers with any number of threads, and their tables have these numbers.

use crate::project::Project;
use serde_json::Value;

const MEASURED: &str = r#"
question = "What is measured?"
seeds = 3

[data]
dataset = "xor"
validation = 0
test = 0

[model]
activation = "tanh"

[train]
epochs = 6
batch_size = 3
evaluate_every = 2

[probe]
measure = [
    "gradient_norm", "delta_rms", "activation_mean", "activation_standard_deviation", "weight_norm", "update_ratio",
    "dead_share", "saturated_share", "unit_diversity", "singular_values", "sharpness", "hessian_spectrum",
]

[grid]
architecture = [[4], [6, 3]]
precision = ["f32", "f64"]
every = ["epoch", "log", 4]
"#;

fn numbers(list: &Value) -> Vec<Option<f64>> {
    serde_json::from_value(list.clone()).unwrap()
}

/// A number of a record over its measurements.
fn series(record: &Value, probe: &str, layer: u64) -> Vec<Option<f64>> {
    let all = record["probes"]["series"].as_array().unwrap();
    let ours = all.iter().find(|series| series["probe"] == probe && series["layer"] == layer);
    numbers(&ours.unwrap_or_else(|| panic!("{probe} of layer {layer}"))["values"])
}

#[test]
fn probes_are_the_same_with_1_2_and_8_threads() {
    let mut records = Vec::new();
    for threads in ["1", "2", "8"] {
        let project = Project::new();
        project.file("measured.toml", MEASURED);
        project.run(&["run", "measured.toml", "--threads", threads]).well();
        records.push((project.records("measured"), project));
    }
    assert_eq!(records[0].0.len(), 2 * 2 * 3 * 3);
    for (other, _) in &records[1..] {
        assert_eq!(&records[0].0, other);
    }
    let (records, project) = &records[0];
    for record in records.values() {
        // Two steps an epoch: of 12, those after epochs 2, 4 and 6; after 1, 2, 4 and 8; after every fourth.
        let step: Vec<u64> = serde_json::from_value(record["probes"]["step"].clone()).unwrap();
        let expected: &[u64] = match &record["spec"]["every"] {
            Value::Number(_) => &[0, 4, 8, 12],
            every if every == "log" => &[0, 1, 2, 4, 8, 12],
            _ => &[0, 4, 8, 12],
        };
        assert_eq!(step, expected);
        // Two singular values at most are all of them where a layer has two inputs: their squares sum to ‖W‖².
        let [largest, smallest, norm] = ["largest_singular_value", "smallest_singular_value", "weight_norm"]
            .map(|probe| series(record, probe, 1));
        for index in 0..step.len() {
            let square = |values: &[Option<f64>]| values[index].unwrap() * values[index].unwrap();
            let (sum, norm) = (square(&largest) + square(&smallest), square(&norm));
            assert!((sum - norm).abs() < 1e-12 * norm, "{sum} {norm}");
        }
        // The largest eigenvalue, found in two ways.
        let (one, other) = (series(record, "sharpness", 0), series(record, "largest_eigenvalue", 0));
        assert!(
            one.iter().zip(&other).all(|(a, b)| (a.unwrap() - b.unwrap()).abs() < 1e-7),
            "{one:?} {other:?}"
        );
        assert_eq!(record["probes"]["spectra"].as_array().unwrap().len(), step.len());
    }
    // Three seeds, two precisions; 4 + 6 + 4 measurements of two and of three layers.
    assert_eq!(project.table("measured", "layers.csv").len(), 1 + 3 * 2 * (4 + 6 + 4) * (2 + 3));
    assert_eq!(project.table("measured", "hessian.csv").len(), 1 + 3 * 2 * (4 + 6 + 4) * 2);
}

/// No weight moves because it is looked at, and a report without probes has no tables of them.
#[test]
fn looking_changes_nothing() {
    let weights = |measure: &str| {
        let project = Project::new();
        project.file("measured.toml", MEASURED);
        project.run(&["run", "measured.toml", "--set", measure, "--set", "every=\"epoch\""]).well();
        let digests: std::collections::BTreeSet<String> =
            project.records("measured").values().map(|record| record["weights_digest"].to_string()).collect();
        (digests, project.path("results/measured/layers.csv").exists())
    };
    let (with, has_table) = weights("measure=[\"gradient_norm\", \"sharpness\"]");
    let (without, has_none) = weights("measure=[]");
    assert_eq!((with.len(), has_table, has_none), (2 * 2 * 3, true, false));
    assert_eq!(with, without);
}

#[test]
fn what_cannot_be_measured_is_said_before_anything_runs() {
    let project = Project::new();
    project.file("measured.toml", MEASURED);
    let plan = |set: &str| project.run(&["plan", "measured.toml", "--set", set]);
    plan("architecture=[40, 40]")
        .error(2, &["`hessian_spectrum` supports at most 1000 weights and biases", "1842"]);
    plan("measure=[\"gradient_norms\"]")
        .error(2, &["unknown measure `gradient_norms`", "did you mean `gradient_norm`?"]);
    plan("measure=[\"sharpness\", \"sharpness\"]").error(2, &["`sharpness` is named twice in `measure`"]);
    plan("every=0").error(2, &["`every` is out of range"]);
    plan("every=\"day\"").error(2, &["unknown value `day` for `every`"]);
}
