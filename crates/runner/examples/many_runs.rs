//! A results folder with as many runs as one likes, made up by a formula instead of trained: for measuring how time and memory
//! of a report grow.
//!
//! ```sh
//! cargo run --release -p chainrule-runner --example many_runs -- /tmp/many 10000
//! /usr/bin/time -v taskset -c 0 target/release/chainrule report /tmp/many
//! ```

use chainrule_core::RESULTS_VERSION;
use chainrule_record::text::from_os;
use chainrule_record::{
    Curve, Digest, Divergence, EpochRow, FORMAT_VERSION, Manifest, ProbeTable, RunRecord, RunSpec, Score,
    StopReason,
};
use chainrule_runner::data::DataCache;
use chainrule_runner::plan::Plan;
use chainrule_runner::store::Store;
use chainrule_runner::{provenance, spec};
use serde_json::Value;
use std::error::Error;
use std::path::Path;

const SEEDS: usize = 5;
const EPOCHS: u64 = 30;

/// The axes, each as long as it takes to have so many runs: 100,000 at most.
const AXES: [(&str, &[&str]); 6] = [
    ("optimizer", &[r#""sgd""#, r#""momentum""#, r#""rmsprop""#, r#""adagrad""#, r#""adam""#]),
    ("learning_rate", &["1e-4", "3e-4", "1e-3", "3e-3", "1e-2", "3e-2", "0.1", "0.3", "1.0", "3.0"]),
    ("activation", &[r#""sigmoid""#, r#""tanh""#, r#""relu""#, "{ leaky_relu = { slope = 0.02 } }"]),
    ("architecture", &["[16]", "[32]", "[64, 32]", "[64, 64]", "[32, 32, 32]"]),
    ("initialization", &[r#""xavier_normal""#, r#""he_normal""#]),
    ("batch_size", &["4", "8", "16", "32", "64", "96", "128", "192", "256", "512"]),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args_os().map(|word| from_os(&word)).collect();
    let [_, folder, runs] = arguments.as_slice() else { return Err("usage: many_runs FOLDER RUNS".into()) };
    let folder = Path::new(folder);
    let mut store = Store::create(folder)?;
    let file = folder.join("many.toml");
    std::fs::write(&file, experiment(runs.parse()?))?;
    let experiment = spec::load(&file, &[])?;
    let plan = Plan::new(&experiment, &DataCache::new("data".into()), false)
        .map_err(|error| format!("{error:?}"))?;
    store.set_experiment(&plan.info)?;
    store.set_manifest(&manifest(plan.len()))?;
    let indices: Vec<usize> = (0..plan.len()).collect();
    for some in indices.chunks(1000) {
        let records: Vec<RunRecord> = some.iter().map(|index| record(plan.spec(*index))).collect();
        store.write(&records)?;
    }
    Ok(())
}

fn experiment(runs: usize) -> String {
    let mut missing = runs.div_ceil(SEEDS);
    let mut grid = String::new();
    for (setting, values) in AXES {
        let taken = values.len().min(missing);
        missing = missing.div_ceil(taken.max(1));
        grid += &format!("{setting} = [{}]\n", values[..taken].join(", "));
    }
    format!(
        "question = \"How long does a report of {runs} runs take?\"\nseeds = {SEEDS}\n\n\
         [data]\ndataset = \"digits\"\nvalidation = 0.15\ntest = 0.15\n\n\
         [train]\nepochs = {EPOCHS}\nloss = \"cross_entropy\"\n\n\
         [grid]\n{grid}\n[analysis]\ncompare = \"optimizer\"\nmetric = \"validation_loss\"\n"
    )
}

/// Losses fall the faster the larger the rate is; where it is too large, runs diverge. The digest of the settings is all chance
/// there is.
fn record(spec: RunSpec) -> RunRecord {
    let run_id = spec.run_id();
    let digest = run_id.to_string();
    let chance =
        |byte: usize| u8::from_str_radix(&digest[2 * byte..2 * byte + 2], 16).unwrap_or(0) as f64 / 255.0;
    let rate = spec.get("learning_rate").and_then(Value::as_f64).unwrap_or(0.01);
    let diverged = rate * chance(0) > 0.8;
    let epochs = if diverged { 1 + (10.0 * chance(1)) as u64 } else { EPOCHS };
    let mut curve = Curve::default();
    for epoch in 0..=epochs {
        let noise = 0.02 * chance(2 + epoch as usize % 16);
        let loss = 0.05 + 0.1 * chance(1) + noise + 2.2 / (1.0 + 20.0 * rate.sqrt() * epoch as f64);
        curve.push(row(epoch, rate, loss));
    }
    RunRecord {
        run_id,
        results_version: RESULTS_VERSION,
        spec,
        stop: if diverged { StopReason::Diverged } else { StopReason::MaxEpochs },
        failure: None,
        divergence: diverged.then(|| divergence(epochs)),
        target_reached: None,
        test: (!diverged).then(|| Score { loss: 0.1 + chance(20), accuracy: Some(1.0 - 0.1 * chance(21)) }),
        curve,
        kept_epoch: None,
        probes: ProbeTable::default(),
        gradient_check: None,
        trace: Vec::new(),
        function: None,
        parameter_count: 2410,
        weights_digest: Some(Digest::of(digest.as_bytes())),
        layer_digests: Vec::new(),
        wall_seconds: 0.25 + chance(22),
    }
}

fn row(epoch: u64, rate: f64, loss: f64) -> EpochRow {
    EpochRow {
        epoch,
        steps: 40 * epoch,
        samples: 1257 * epoch,
        cost_units: 3 * 1257 * epoch,
        learning_rate: (epoch > 0).then_some(rate),
        train_loss: Some(0.9 * loss),
        train_accuracy: Some(1.0 - 0.35 * loss),
        validation_loss: Some(loss),
        validation_accuracy: Some(1.0 - 0.4 * loss),
        gradient_norm: (epoch > 0).then_some(0.7 * loss),
        weight_norm: Some(10.0 + 0.1 * epoch as f64),
        penalty_value: None,
        seconds: Some(0.008 * epoch as f64),
    }
}

fn divergence(epoch: u64) -> Divergence {
    Divergence { step: 40 * epoch + 7, layer: 2, tensor: "activation".to_owned(), value: "NaN".to_owned() }
}

fn manifest(runs: usize) -> Manifest {
    Manifest {
        format_version: FORMAT_VERSION,
        chainrule_version: env!("CARGO_PKG_VERSION").to_owned(),
        results_version: RESULTS_VERSION,
        git_commit: "unknown".to_owned(),
        compiler: "none: the runs are made up".to_owned(),
        machine: provenance::machine(),
        command: std::env::args_os().map(|word| from_os(&word)).collect(),
        started_at: provenance::now(),
        shown_command: Vec::new(),
        experiment_file: None,
        finished_at: Some(provenance::now()),
        wall_seconds: Some(0.0),
        runs_executed: Some(runs as u64),
        runs_reused: Some(0),
        threads: 1,
    }
}
