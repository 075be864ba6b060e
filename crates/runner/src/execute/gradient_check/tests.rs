//! Gradient checks as runs of an experiment.

use super::super::one::{Place, carry_out};
use crate::data::DataCache;
use crate::plan::Plan;
use crate::spec::{check, parse};
use chainrule_record::{Expectation, Metric, RunRecord, StopReason};
use std::path::Path;

const HEAD: &str =
    "question = \"?\"\nkind = \"gradient_check\"\ndata = { dataset = \"iris\", validation = 0, test = 0 }\n";

fn plan(text: &str) -> Plan {
    let (file, assignments) = parse::parse("test.toml", &format!("{HEAD}{text}"), &[]).unwrap();
    let experiment = check::check(Path::new("test.toml"), file, assignments).unwrap();
    Plan::new(&experiment, &DataCache::new("none".into()), false).unwrap()
}

fn carried_out(text: &str, stopped: &dyn Fn() -> bool) -> Option<RunRecord> {
    let (plan, data) = (plan(text), DataCache::new("none".into()));
    let place = Place { data: &data, folder: Path::new("no results folder") };
    carry_out(plan.spec(0), plan.run_id(0), place, stopped)
}

fn run(text: &str) -> RunRecord {
    carried_out(text, &|| false).unwrap()
}

/// By default, with 4 inputs, 5 units and 3 classes in batches of 32, every entry is checked once.
#[test]
fn every_entry_is_checked_and_right() {
    let record = run("model = { architecture = [5], activation = \"prelu\" }\n");
    let check = record.gradient_check.unwrap();
    assert!(check.passed && check.as_expected && check.parameters_unchanged, "{check:?}");
    assert_eq!((check.expect, check.after_epochs, check.samples), (Expectation::Passed, 0, 32));
    assert_eq!((check.tolerance, check.changes_gradient), (1e-7, None));
    let rows: Vec<_> = check.rows.iter().map(|row| (row.layer, row.tensor.as_str(), row.entries)).collect();
    let expected = [
        (0, "inputs", 32 * 4),
        (1, "weights", 4 * 5),
        (1, "biases", 5),
        (1, "learnt", 1),
        (2, "weights", 5 * 3),
        (2, "biases", 3),
    ];
    assert_eq!(rows, expected);
    assert!(check.rows.iter().all(|row| row.checked + row.kinks == row.entries && row.passed));
    assert!(check.largest_relative().unwrap() < 1e-7);
    assert_eq!((record.stop, record.curve.len()), (StopReason::MaxEpochs, 1), "nothing was trained");
}

/// A check after three epochs uses the final network of a run of three epochs and the next batch. With the whole
/// training set as a batch and without a penalty, its cost is the training loss. Settings that end training early have
/// no effect.
#[test]
fn the_check_is_made_when_it_is_asked_for() {
    let of = |epochs: u64, after: u64, more: &str| {
        run(&format!(
            "train = {{ batch_size = \"full\", learning_rate = 0.5, epochs = {epochs}{more} }}\ncheck.check_after = {after}\n"
        ))
    };
    let trained = of(
        3,
        3,
        ", early_stopping = { metric = \"train_accuracy\", patience = 1 }, budget = { forward_samples = 1 }",
    );
    let loss = of(3, 0, "").final_value(Metric::TrainLoss).unwrap();
    let cost = trained.gradient_check.unwrap().cost.unwrap();
    assert!((cost / loss - 1.0).abs() < 1e-12, "{cost} instead of {loss}");
    let before = of(3, 0, "").gradient_check.unwrap().cost.unwrap();
    assert!(before > 1.1 * loss, "{before} before, {loss} after");
    // The run itself is trained, no matter when the check was made.
    assert_eq!(of(2, 5, "").curve.epoch, [0, 1, 2]);
}

/// A correct gradient, even if an error is expected: the verdict only depends on whether the check passes.
#[test]
fn what_is_expected_decides() {
    for (expect, as_expected) in [("passed", true), ("caught", false), ("missed", true)] {
        let check = run(&format!("check.expect = \"{expect}\"\n")).gradient_check.unwrap();
        assert_eq!((check.passed, check.as_expected), (true, as_expected), "{expect}");
    }
    let check = run("check.tolerance = 1e-16\n").gradient_check.unwrap();
    assert!(!check.passed && !check.as_expected);
    let worst = check.worst().unwrap();
    assert!(!worst.passed && worst.worst.is_some());
}

#[test]
fn settings_reach_the_check() {
    let check = run("train.precision = \"f32\"\n[check]\nscheme = \"forward\"\nentries = 2\n")
        .gradient_check
        .unwrap();
    assert_eq!(check.tolerance, 0.1);
    assert!(check.rows.iter().all(|row| row.checked + row.kinks == 2), "{:?}", check.rows);
    // The default step of central differences is 2⁻¹⁷, and this one is 64 times as large: the error may be 64² times
    // as large.
    let check = run(&format!("[check]\nscheme = \"central\"\nstep_size = {:e}\n", 1.0 / 2048.0))
        .gradient_check
        .unwrap();
    assert!((check.tolerance / 4096e-7 - 1.0).abs() < 1e-12, "{}", check.tolerance);
}

/// If the training before the check diverges, there is no check, and the record has the reason.
#[test]
fn training_that_diverges_leaves_no_check() {
    let record = run(
        "train = { learning_rate = 1e300, loss = \"half_squared_error\" }\nmodel = { activation = \"identity\" }\ncheck.check_after = 5\n",
    );
    assert_eq!(record.stop, StopReason::Diverged);
    assert!(record.gradient_check.is_none() && record.divergence.is_some());
}

/// The check can be cancelled by the user and by the time limit.
#[test]
fn a_check_can_be_stopped() {
    assert!(carried_out("", &|| true).is_none());
    let record = run("train.time_limit = 1e-9\n");
    assert_eq!(record.stop, StopReason::TimedOut);
    assert!(record.gradient_check.is_none());
}
