//! Reports on faults, from made-up checks.

use crate::support::{Synthetic, axis, run};
use crate::written::{Written, write_records};
use chainrule_record::{Expectation, ExperimentKind, GradientCheck, RunRecord, StopReason, TensorRow};
use serde_json::json;

/// The result of a made-up check: the largest error, and the effect of the fault.
#[derive(Clone, Copy)]
struct Found {
    error: f64,
    parameters_unchanged: bool,
    gradient: bool,
    update: bool,
}

const RIGHT: Found = Found { error: 1e-10, parameters_unchanged: true, gradient: false, update: false };

fn check(fault: &str, found: Found) -> GradientCheck {
    let passed = found.error <= 1e-7 && found.parameters_unchanged;
    let expect = if fault == "none" {
        Expectation::Passed
    } else if passed {
        Expectation::Missed
    } else {
        Expectation::Caught
    };
    let row = TensorRow {
        layer: 2,
        tensor: "weights".to_owned(),
        passed: found.error <= 1e-7,
        entries: 6,
        checked: 6,
        kinks: 0,
        below_noise: 0,
        largest_absolute: Some(found.error),
        largest_relative: Some(found.error),
        median_relative: Some(found.error),
        sign_disagreements: Some(0.0),
        worst: None,
    };
    GradientCheck {
        after_epochs: 0,
        samples: 4,
        cost: Some(1.0),
        noise: Some(1e-16),
        tolerance: 1e-7,
        passed,
        parameters_unchanged: found.parameters_unchanged,
        changes_gradient: (fault != "none").then_some(found.gradient),
        changes_update: (fault != "none").then_some(found.update),
        expect,
        as_expected: true,
        rows: vec![row],
    }
}

/// Five faults with two activations, two seeds and these losses.
fn written(name: &str, losses: &[f64]) -> Written {
    let wrong = Found { error: 0.5, gradient: true, ..RIGHT };
    let faults: [(&str, [Found; 2]); 5] = [
        ("none", [RIGHT; 2]),
        ("wrong_sign", [Found { error: 2.0, ..wrong }, wrong]),
        ("relu_mask_after_clipping", [RIGHT, wrong]),
        ("weights_zeroed_by_mask", [RIGHT, Found { parameters_unchanged: false, update: true, ..RIGHT }]),
        ("wrong_update_sign", [Found { update: true, ..RIGHT }; 2]),
    ];
    let activations = ["tanh", "relu"];
    let mut records: Vec<RunRecord> = Vec::new();
    for (fault, found) in faults {
        for (activation, found) in activations.iter().zip(found) {
            for seed in 0..2 {
                let settings =
                    json!({"fault": fault, "activation": activation, "loss": "huber", "seed": seed});
                let worse = if fault == "none" { 1.0 } else { 3.0 };
                let losses: Vec<f64> = losses.iter().map(|loss| worse * loss).collect();
                let mut run = run(settings, &losses, StopReason::MaxEpochs);
                run.gradient_check = Some(check(fault, found));
                records.push(run);
            }
        }
    }
    let axes = vec![
        ("fault", axis(&faults.map(|(fault, _)| json!(fault)))),
        ("activation", axis(&activations.map(|activation| json!(activation)))),
    ];
    let mut info = Synthetic { axes, compare: Some("activation"), seeds: 2, ..Synthetic::default() }.info();
    info.kind = ExperimentKind::GradientCheck;
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    write_records(name, &info, &records)
}

#[test]
fn verdicts_are_told_apart() {
    let written = written("faults", &[1.0, 0.2]);
    let report = written.text("report.md");
    for text in [
        "3 of 4 faults were caught. Never caught: `wrong_update_sign`. Without a fault there were 0 false alarms in 4 checks.",
        // 20 checks: 4 without a fault; wrong_sign 4, the mask 2, the weights 2; the update 4; and 4 without effect.
        "4 passed, 8 caught a fault, 4 missed a fault, 4 had a fault without effect",
        "| `wrong_sign` | 4 |  |  |  |  | weights of layer 2 (4) | 1.25 |",
        "| `weights_zeroed_by_mask` | 2 |  | 2 |  |  | parameters changed (2) | 1e-10 |",
        "| `wrong_sign` | `huber` | caught 2 | caught 0.5 |",
        "| `relu_mask_after_clipping` | `huber` | no effect | caught 0.5 |",
        "| `wrong_update_sign` | `huber` | missed | missed |",
    ] {
        assert!(report.contains(text), "{text}\nis not in\n{report}");
    }
    assert!(written.answer.contains("3 of 4 faults were caught. Never caught: wrong_update_sign."));
    let table = written.text("faults.csv");
    assert!(table.contains("\nrelu_mask_after_clipping,tanh,huber,2,0,0,2,0,0,2,,1e-10\n"), "{table}");
    assert!(table.contains("\nwrong_update_sign,relu,huber,2,0,2,0,0,0,2,,1e-10\n"), "{table}");
    let map = written.text("plots/faults.csv");
    assert!(map.contains("\nweights_zeroed_by_mask,relu,caught,parameters changed,1e-10\n"), "{map}");
}

/// Each fault is shown in a network where it has an effect, next to the same runs without it.
#[test]
fn training_is_shown_beside_the_right_one() {
    let trained = written("fault_curves", &[1.0, 0.2]);
    let report = trained.text("report.md");
    assert!(
        report.contains("| `relu_mask_after_clipping` | `relu, huber` | caught | 0.6 | 0.2 |"),
        "{report}"
    );
    let curves = trained.text("plots/fault_curves.csv");
    // Four faults, two seeds with and two without the fault, two epochs each, and the title row.
    assert_eq!(curves.lines().count(), 4 * 4 * 2 + 1);
    let of_mask =
        curves.lines().filter(|line| line.starts_with("relu_mask_after_clipping,\"relu, huber\",caught,"));
    assert_eq!(of_mask.count(), 8);
    let untrained = written("fault_curves_none", &[1.0]);
    assert!(!untrained.text("report.md").contains("Training with a fault"));
}
