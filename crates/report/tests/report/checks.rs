//! Reports of gradient checks.

use crate::support::{Synthetic, axis, check_gradients, tensor_row};
use crate::written::write_records;
use chainrule_record::{ExperimentInfo, RunRecord};
use serde_json::{Value, json};

/// Two activations and five seeds without training, with another axis.
pub(crate) fn checked(name: &'static str, values: &[Value]) -> (ExperimentInfo, Vec<RunRecord>) {
    let activations = axis(&[json!("relu"), json!("tanh")]);
    let experiment = Synthetic {
        axes: vec![("activation", activations), (name, axis(values))],
        compare: Some("activation"),
        epochs: 0,
        ..Synthetic::default()
    };
    let (mut info, mut records) = (experiment.info(), experiment.records());
    check_gradients(&mut info, &mut records);
    (info, records)
}

/// 2 activations × 5 seeds × 5 tensors of 10 entries, of which 9 are compared.
#[test]
fn the_verdict_comes_first_and_training_is_not_spoken_of() {
    let (info, records) = checked("scheme", &[json!("five_point")]);
    let written = write_records("checks-pass", &info, &records);
    let expected = "All of 10 gradient checks came out as expected: 10 passed.";
    assert!(written.answer.starts_with(expected), "{}", written.answer);
    let page = written.text("report.md");
    for words in [
        expected,
        "Where 1e-7 is allowed (10 checks), the largest relative error",
        "450 entries were compared with differences; 50 were at a kink and were left out.",
        "| `relu` | 5 of 5 | 225 | 25 |",
        "plots/error_by_layer.png",
    ] {
        assert!(page.contains(words), "`{words}` is not in {page}");
    }
    for words in ["convergence", "summary.csv", "curves.csv", "learning_rate_sensitivity", "Best"] {
        assert!(!page.contains(words), "`{words}` is in {page}");
    }
    let files = [
        "manifest.json",
        "runs.csv",
        "gradient_check.csv",
        "plots/error_by_layer.png",
        "plots/error_by_layer.svg",
        "plots/error_by_layer.csv",
        "report.md",
        "report.html",
    ];
    assert_eq!(written.files, files);
}

#[test]
fn the_table_has_a_row_per_run_layer_and_tensor() {
    let (info, records) = checked("scheme", &[json!("five_point")]);
    let (titles, rows) = write_records("checks-table", &info, &records).table("gradient_check.csv");
    assert_eq!(rows.len(), records.len() * 5);
    let column = |name: &str| titles.iter().position(|title| title == name).unwrap();
    let row = &rows[3];
    let cells = ["activation", "layer", "tensor", "entries", "checked", "kinks", "worst_at", "worst_numeric"]
        .map(|name| &row[column(name)]);
    assert_eq!(cells, ["relu", "2", "weights", "10", "9", "1", "3 1", "0.5"]);
    let error = records[0].gradient_check.as_ref().unwrap().rows[3].largest_relative.unwrap();
    assert_eq!(row[column("largest_relative_error")].parse::<f64>().unwrap(), error);
    assert_eq!(row[column("changes_gradient")], "", "there is no fault");
}

#[test]
fn what_is_not_as_expected_is_listed_with_its_worst_entry() {
    let (info, mut records) = checked("scheme", &[json!("five_point")]);
    let check = records[7].gradient_check.as_mut().unwrap();
    check.rows[1] = tensor_row(1, "weights", 0.25, 1e-7);
    (check.passed, check.as_expected) = (false, false);
    let other = records[2].gradient_check.as_mut().unwrap();
    (other.parameters_unchanged, other.passed, other.as_expected) = (false, false, false);
    let written = write_records("checks-fail", &info, &records);
    assert!(
        written
            .answer
            .starts_with("2 of 10 gradient checks did not come out as expected; of the others 8 passed."),
        "{}",
        written.answer
    );
    let page = written.text("report.md");
    let id = records[7].run_id.short();
    let row = format!(
        "| `{id}` | `activation` `tanh`, `scheme` `five_point` | failed | 0.25 | weights of layer 1 [3, 1] | 0.625 | 0.5 |"
    );
    assert!(page.contains(&row), "{page}");
    assert!(page.contains("the parameters were changed"), "{page}");
    let (titles, rows) = written.table("runs.csv");
    let column = |name: &str| titles.iter().position(|title| title == name).unwrap();
    let verdicts: Vec<&str> = rows.iter().map(|row| row[column("check_as_expected")].as_str()).collect();
    assert_eq!(verdicts.iter().filter(|verdict| **verdict == "false").count(), 2);
    assert_eq!(rows[7][column("largest_relative_error")], "0.25");
}

/// A run without a check, and an experiment without checks.
#[test]
fn missing_checks_are_told() {
    let (info, mut records) = checked("scheme", &[json!("five_point")]);
    records[0].gradient_check = None;
    let written = write_records("checks-missing", &info, &records);
    assert!(
        written.answer.contains("Warning: 1 run ended before the gradient could be checked."),
        "{}",
        written.answer
    );
    let written = write_records("checks-none", &info, &[]);
    assert!(written.answer.starts_with("No gradient has been checked yet."), "{}", written.answer);
    assert_eq!(written.plots(), [""; 0]);
}

/// With faults, the plot of errors shows only right gradients: a fault changes the gradient by a tenth.
#[test]
fn errors_are_drawn_of_right_gradients_alone() {
    let (info, records) = checked("fault", &[json!("none"), json!("transposed")]);
    let (_, bars) = write_records("checks-beside-faults", &info, &records).table("plots/error_by_layer.csv");
    assert_eq!(bars.len(), 2 * 3, "two activations, the inputs and two layers");
    assert!(bars.iter().all(|bar| bar[4].parse::<f64>().unwrap() < 1e-8), "{bars:?}");
}

/// The V shape: measured points, the slopes next to them, and a plot of precisions if they vary.
#[test]
fn steps_and_precisions_have_plots() {
    let steps: Vec<Value> = (0..13).map(|index| json!(10f64.powi(-index))).collect();
    let (info, records) = checked("step_size", &steps);
    let written = write_records("checks-steps", &info, &records);
    assert_eq!(written.plots(), ["error_by_layer", "error_by_step"]);
    let (_, rows) = written.table("plots/error_by_step.csv");
    // Thirteen points, and the two ends of a line of slope −1. Without a known scheme there is no other slope.
    let slopes: Vec<&str> =
        rows.iter().map(|row| row[0].as_str()).filter(|line| line.starts_with("slope")).collect();
    assert_eq!((rows.len(), slopes), (15, vec!["slope -1"; 2]));
    assert!(written.answer.contains("so bad a step"), "{}", written.answer);
    let (info, records) = checked("precision", &[json!("f32"), json!("f64")]);
    let written = write_records("checks-precisions", &info, &records);
    assert_eq!(written.plots(), ["error_by_layer", "error_by_precision"]);
    let (_, rows) = written.table("plots/error_by_precision.csv");
    assert_eq!(
        rows.iter().map(|row| (row[0].as_str(), row[2].as_str())).collect::<Vec<_>>(),
        [("f32", "10"), ("f64", "10")]
    );
}

/// If runs are trained in addition to their checks, their curves are shown too.
#[test]
fn curves_are_there_where_something_was_trained() {
    let experiment = Synthetic {
        axes: vec![("activation", axis(&[json!("relu"), json!("tanh")]))],
        compare: Some("activation"),
        epochs: 4,
        ..Synthetic::default()
    };
    let (mut info, mut records) = (experiment.info(), experiment.records());
    check_gradients(&mut info, &mut records);
    let written = write_records("checks-trained", &info, &records);
    assert_eq!(written.plots(), ["convergence", "error_by_layer"]);
    assert!(written.files.contains(&"curves.csv".to_owned()), "{:?}", written.files);
}
