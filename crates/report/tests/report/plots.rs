//! Plots of made-up experiments, ordinary and odd.

use crate::support::{
    Synthetic, axis, measure_layers, measure_probes, run, singular_values, stop_early, sweep,
};
use crate::written::{Written, optimizers, write, write_records};
use chainrule_record::{Metric, StopReason, XAxis};
use chainrule_report::ReportOptions;
use serde_json::json;

const ALL: [&str; 4] = ["convergence", "final_metric", "learning_rate_sensitivity", "seed_spread"];

/// Width and height in the header of a PNG: big-endian, after signature, length and type of the first chunk.
fn size(png: &[u8]) -> (u32, u32) {
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

fn check(written: &Written, plots: &[&str]) {
    assert_eq!(written.plots(), plots);
    for plot in plots {
        let (width, height) = size(&written.bytes(&format!("plots/{plot}.png")));
        assert!(width == 1600 && (400..=1000).contains(&height), "{plot}: {width} × {height}");
        assert!(!written.table(&format!("plots/{plot}.csv")).1.is_empty(), "{plot}.csv is empty");
        assert!(written.text("report.md").contains(&format!("![{plot}](plots/{plot}.png)")), "{plot}");
    }
}

#[test]
fn a_sweep() {
    let written = write("sweep", &sweep());
    check(&written, &[&["configurations"], ALL.as_slice()].concat());
    // One line per optimizer: 31 epochs for the loss, and 30 for the accuracy, which begins after the first.
    assert_eq!(written.table("plots/convergence.csv").1.len(), 3 * (31 + 30));
    assert_eq!(written.table("plots/final_metric.csv").1.len(), 24 * 7);
    assert_eq!(written.table("plots/learning_rate_sensitivity.csv").1.len(), 3 * 7);
    assert_eq!(written.table("plots/seed_spread.csv").1.len(), 3 * 5);
}

/// The picture of a few rows has no empty space below them.
#[test]
fn the_height_of_a_picture_fits_its_rows() {
    let height = |name: &str, values: &[&str]| {
        let written = write(name, &optimizers(values));
        size(&written.bytes("plots/seed_spread.png")).1
    };
    assert!((700..950).contains(&height("two_rows", &["sgd", "adam"])));
    assert_eq!(height("six_rows", &["sgd", "adam", "nadam", "rmsprop", "adamax", "momentum"]), 1000);
}

#[test]
fn plots_do_not_depend_on_time_or_place() {
    let (one, two) =
        (write("same_one", &optimizers(&["sgd", "adam"])), write("same_two", &optimizers(&["sgd", "adam"])));
    for file in &one.files {
        assert!(one.bytes(file) == two.bytes(file), "{file} differs");
    }
}

#[test]
fn one_run() {
    check(
        &write("one_run", &Synthetic { seeds: 1, ..Synthetic::default() }),
        &["convergence", "seed_spread"],
    );
}

#[test]
fn one_epoch() {
    check(&write("one_epoch", &Synthetic { epochs: 1, ..optimizers(&["sgd", "adam"]) }), &ALL);
}

#[test]
fn many_compared_values_with_odd_names() {
    let long = "a_very_long_label_of_an_optimizer(beta1=0.9, beta2=0.999, epsilon=1e-8)";
    let names = [
        "sgd",
        "momentum",
        "adam",
        "nesterov",
        "rmsprop",
        "adagrad",
        "adadelta",
        "nadam",
        "adamax",
        "a, \"b\" | c",
        "größer η=β·10⁻³",
        long,
    ];
    check(&write("many", &optimizers(&names)), &ALL);
    let names: Vec<String> = (0..20).map(|index| format!("optimizer {index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    check(&write("twenty", &optimizers(&names)), &ALL);
}

/// With more values than can be distinguished, only the best are drawn, in the order of the file. The tables have the
/// same values.
#[test]
fn of_very_many_compared_values_the_best_are_drawn() {
    let names: Vec<String> = (0..30).map(|index| format!("optimizer {index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let experiment = optimizers(&names);
    let mut records = experiment.records();
    // Later values in the file are better.
    for (index, record) in records.iter_mut().enumerate() {
        let loss = 1.0 - index as f64 / 1000.0;
        *record = run(json!(record.spec), &[2.0, loss], StopReason::MaxEpochs);
    }
    let written = write_records("thirty", &experiment.info(), &records);
    check(&written, &ALL);
    let drawn = |plot: &str| {
        let (titles, rows) = written.table(&format!("plots/{plot}.csv"));
        let column = titles.iter().position(|title| title == "optimizer").unwrap();
        let mut values: Vec<String> = rows.into_iter().map(|row| row[column].clone()).collect();
        values.dedup();
        values
    };
    for plot in ALL {
        assert_eq!(drawn(plot), names[6..], "{plot}");
        assert!(
            crate::vectors::texts(&written, plot).iter().any(|text| text.contains("the best 24 of 30")),
            "{plot}"
        );
    }
    assert_eq!(written.table("summary.csv").1.len(), 30 * 4, "the table has them all");
}

#[test]
fn every_run_diverged() {
    check(
        &write("all_diverged", &Synthetic { limit: 1e-9, ..optimizers(&["sgd", "adam"]) }),
        &["convergence"],
    );
}

#[test]
fn every_run_failed_before_the_first_measurement() {
    let experiment = optimizers(&["sgd", "adam"]);
    let failed = |spec: chainrule_record::RunSpec| run(json!(spec), &[], StopReason::Failed);
    let records: Vec<_> = experiment.records().into_iter().map(|record| failed(record.spec)).collect();
    let written = write_records("all_failed", &experiment.info(), &records);
    assert_eq!(written.plots(), [""; 0]);
    assert!(written.text("report.md").contains("failed, so no value is best"));
}

#[test]
fn a_regression_without_validation() {
    let experiment = Synthetic {
        validation: false,
        metric: Metric::TrainLoss,
        classes: false,
        ..optimizers(&["sgd", "adam"])
    };
    let written = write("no_validation", &experiment);
    check(&written, &ALL);
    let (titles, rows) = written.table("plots/convergence.csv");
    let metric = titles.iter().position(|title| title == "metric").unwrap();
    assert!(rows.iter().all(|row| row[metric] == "train_loss"), "there is no accuracy");
}

#[test]
fn a_deciding_metric_that_was_not_measured() {
    let written = write("unmeasured", &Synthetic { validation: false, ..optimizers(&["sgd", "adam"]) });
    assert_eq!(written.plots(), ALL);
    assert!(written.text("report.md").contains("**No answer:** `validation_loss` was not measured."));
}

#[test]
fn accuracy_decides() {
    check(
        &write(
            "accuracy",
            &Synthetic { metric: Metric::ValidationAccuracy, ..optimizers(&["sgd", "momentum", "adam"]) },
        ),
        &ALL,
    );
}

#[test]
fn the_learning_rate_is_compared() {
    let axes = vec![("learning_rate", axis(&[0.001, 0.01, 0.1, 1.0].map(|rate| json!(rate))))];
    let written = write("rates", &Synthetic { axes, compare: Some("learning_rate"), ..Synthetic::default() });
    // A map with a single row would show the same as the seeds.
    check(&written, &["convergence", "learning_rate_sensitivity", "seed_spread"]);
    assert_eq!(written.table("plots/learning_rate_sensitivity.csv").1.len(), 4);
}

#[test]
fn losses_of_zero_negative_and_on_the_way_to_infinity() {
    let experiment = optimizers(&["sgd", "adam"]);
    for (name, losses) in
        [("zero", [0.0, 0.0]), ("negative", [-1.0, -0.5]), ("huge", [1e-3, 1e200]), ("equal", [0.3, 0.3])]
    {
        let end = |(index, record): (usize, chainrule_record::RunRecord)| {
            run(json!(record.spec), &[1.0, losses[index % 2]], StopReason::MaxEpochs)
        };
        let records: Vec<_> = experiment.records().into_iter().enumerate().map(end).collect();
        check(&write_records(name, &experiment.info(), &records), &ALL);
    }
}

#[test]
fn curves_over_cost_have_cost_and_epoch_in_their_table() {
    let experiment = Synthetic { x_axis: XAxis::CostUnits, ..optimizers(&["sgd", "evolution"]) };
    let written = write("over_cost", &experiment);
    check(&written, &ALL);
    let long =
        Synthetic { epochs: 600, seeds: 12, x_axis: XAxis::Samples, ..optimizers(&["sgd", "momentum"]) };
    check(&write("over_samples", &long), &ALL);
    let (titles, rows) = written.table("plots/convergence.csv");
    assert_eq!(titles[..5], ["optimizer", "configuration", "epoch", "cost_units", "metric"]);
    let at = |optimizer: &str, epoch: &str| {
        let row = rows.iter().find(|row| row[0] == optimizer && row[2] == epoch).unwrap();
        row[3].parse::<u64>().unwrap()
    };
    // 1257 samples per epoch, at 3 units each, or at 20 without gradients.
    assert_eq!((at("sgd", "0"), at("sgd", "10"), at("evolution", "10")), (0, 37_710, 251_400));
    let titles = write("over_epochs", &optimizers(&["sgd"])).table("plots/convergence.csv").0;
    assert_eq!(titles[..4], ["optimizer", "configuration", "epoch", "metric"], "the epoch once");
}

#[test]
fn singular_values_are_drawn_where_they_were_measured() {
    let experiment = optimizers(&["sgd", "momentum", "adam"]);
    let mut records = experiment.records();
    measure_layers(&mut records, &[64, 32, 32, 10]);
    let written = write_records("singular_values", &experiment.info(), &records);
    check(&written, &[ALL.as_slice(), &["singular_values"]].concat());
    let (titles, rows) = written.table("plots/singular_values.csv");
    assert_eq!(
        titles.join(" "),
        "optimizer configuration layer n_in n_out metric values median min lower_quartile upper_quartile max"
    );
    assert_eq!(rows.len(), 3 * 3 * 2);
    assert_eq!(rows[0][2..7], ["1", "64", "32", "largest_singular_value", "5"]);
    assert_eq!(rows[5][2..6], ["3", "32", "10", "smallest_singular_value"]);
    // A single seed, equal values, only zeros, and a single layer with a single unit.
    for (name, values) in
        [("zero", vec![0.0, 0.0]), ("tiny", vec![2.0, 1e-30]), ("equal", vec![1.0, 1.0]), ("unit", vec![3.0])]
    {
        let shapes = [(64, 32), (32, 32), (32, 10)].map(|shape| (shape, values.as_slice()));
        let measured = records.iter_mut().filter(|run| !run.probes.is_empty());
        measured.for_each(|run| run.probes = singular_values(&shapes));
        check(
            &write_records(&format!("singular_{name}"), &experiment.info(), &records),
            &[ALL.as_slice(), &["singular_values"]].concat(),
        );
    }
}

/// The plots of probes.
const PROBES: [&str; 10] = [
    "layers_gradient_norm",
    "map_gradient_norm",
    "layers_activation_mean",
    "map_activation_mean",
    "layers_update_ratio",
    "map_update_ratio",
    "layers_dead_share",
    "map_dead_share",
    "sharpness",
    "hessian_spectrum",
];

#[test]
fn probes_are_drawn_where_they_measured() {
    let experiment = optimizers(&["sgd", "momentum", "adam"]);
    let mut records = experiment.records();
    measure_probes(&mut records, &[64, 32, 32, 10]);
    let written = write_records("probes", &experiment.info(), &records);
    let mut all = [ALL.as_slice(), &PROBES].concat();
    all.sort_unstable();
    check(&written, &all);
    let (titles, rows) = written.table("plots/layers_gradient_norm.csv");
    let spread = "values lost median min lower_quartile upper_quartile max";
    assert_eq!(titles.join(" "), format!("optimizer configuration when layer metric {spread} expected"));
    // Three layers of three optimizers, at the start and at the end.
    assert_eq!(rows.len(), 3 * 2 * 3);
    assert_eq!(rows[0][2..6], ["start", "1", "gradient_norm", "5"]);
    assert_eq!(rows[0].last().unwrap().parse::<f64>().unwrap(), 0.1f64.powi(2));
    assert!(rows.iter().filter(|row| row[2] == "end").all(|row| row.last().unwrap().is_empty()));
    // There is no update before the first step, and the last layer has no activation that could die.
    let count = |table: &str| written.table(&format!("plots/{table}.csv")).1.len();
    assert_eq!((count("layers_update_ratio"), count("layers_dead_share")), (3 * 3, 3 * 2 * 2));
    assert_eq!(count("map_gradient_norm"), 3 * 4 * 3);
    assert_eq!((count("sharpness"), count("hessian_spectrum")), (3 * 4, 3 * 2 * 20));
    let (titles, rows) = written.table("layers.csv");
    assert_eq!(
        titles[2..].join(" "),
        "learning_rate seed epoch step layer n_in n_out gradient_norm activation_mean update_ratio dead_share expected_gradient_norm"
    );
    let measurements: usize = records.iter().map(|run| run.probes.step.len()).sum();
    assert_eq!(rows.len(), 3 * measurements);
    assert_eq!(written.table("hessian.csv").1.len(), measurements);
    assert_eq!(written.table("eigenvalues.csv").1.len(), 20 * measurements);
    // The next report, without probes, removes their tables.
    let again = write_records("probes", &experiment.info(), &experiment.records());
    for table in ["layers.csv", "hessian.csv", "eigenvalues.csv"] {
        assert!(written.files.contains(&table.to_owned()) && !again.files.contains(&table.to_owned()));
    }
}

/// A single seed, many compared values, many layers, values that are all 0, and missing values.
#[test]
fn probes_are_drawn_whatever_they_measured() {
    let names: Vec<String> = (0..20).map(|index| format!("optimizer {index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let experiments = [
        (optimizers(&names), vec![8; 13]),
        (Synthetic { seeds: 1, ..Synthetic::default() }, vec![2, 2, 2]),
        (Synthetic { seeds: 12, ..optimizers(&["sgd", "adam"]) }, vec![3, 2]),
    ];
    for (index, (experiment, widths)) in experiments.into_iter().enumerate() {
        for value in [None, Some(None), Some(Some(0.0)), Some(Some(1e-300)), Some(Some(1e300))] {
            let mut records = experiment.records();
            measure_probes(&mut records, &widths);
            if let Some(value) = value {
                let series = records.iter_mut().flat_map(|run| &mut run.probes.series);
                series.for_each(|series| series.values.fill(value));
            }
            let written = write_records(&format!("any_probes_{index}"), &experiment.info(), &records);
            assert!(written.plots().contains(&"hessian_spectrum".to_owned()), "{index} {value:?}");
        }
    }
}

/// Each compared value shows the best of its deepest networks.
#[test]
fn the_deepest_networks_are_shown() {
    let deep = vec![("architecture", axis(&[json!([8]), json!([8, 8, 8])]))];
    let axes = [vec![("optimizer", axis(&[json!("sgd"), json!("adam")]))], deep].concat();
    let experiment = Synthetic { axes, compare: Some("optimizer"), ..Synthetic::default() };
    let mut records = experiment.records();
    for run in &mut records {
        let hidden = run.spec.get("architecture").unwrap().as_array().unwrap().len();
        measure_probes(std::slice::from_mut(run), &vec![8; hidden + 2]);
    }
    let written = write_records("deepest", &experiment.info(), &records);
    let (_, rows) = written.table("plots/layers_gradient_norm.csv");
    let layers: std::collections::BTreeSet<&str> = rows.iter().map(|row| row[3].as_str()).collect();
    assert_eq!(layers.into_iter().collect::<Vec<_>>(), ["1", "2", "3", "4"]);
    assert!(rows.iter().all(|row| row[1].contains("[8,8,8]")), "{rows:?}");
}

#[test]
fn many_layers_and_many_compared_values() {
    let draw = |name: &str, experiment: Synthetic, widths: &[u64]| {
        let mut records = experiment.records();
        measure_layers(&mut records, widths);
        let written = write_records(name, &experiment.info(), &records);
        assert!(written.plots().contains(&"singular_values".to_owned()), "{name}");
        let (_, rows) = written.table("plots/singular_values.csv");
        let compared: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
        assert_eq!(rows.len(), compared.len() * (widths.len() - 1) * 2, "{name}");
    };
    let names: Vec<String> = (0..20).map(|index| format!("optimizer {index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    draw("layers_of_twenty", optimizers(&names), &[784, 128, 64, 10]);
    draw("layers_of_one_run", Synthetic { seeds: 1, ..Synthetic::default() }, &[2, 2, 2]);
    draw("layers_of_two", Synthetic { seeds: 12, ..optimizers(&["sgd", "adam"]) }, &[32; 13]);
}

#[test]
fn early_stopping_keeps_the_best_epochs() {
    let experiment = optimizers(&["sgd", "momentum", "adam"]);
    let mut records = experiment.records();
    stop_early(&mut records);
    let written = write_records("early_stopping", &experiment.info(), &records);
    check(&written, &ALL);
    let (titles, rows) = written.table("plots/seed_spread.csv");
    let value = titles.iter().position(|title| title == "value").unwrap();
    let best = |run: &chainrule_record::RunRecord| {
        run.curve.validation_loss.iter().flatten().copied().fold(f64::INFINITY, f64::min)
    };
    let kept: Vec<f64> = records.iter().filter(|run| run.kept_epoch.is_some()).map(best).collect();
    assert!(kept.len() > 10, "early stopping ended {} runs", kept.len());
    assert!(rows.iter().any(|row| row[value].parse().is_ok_and(|value: f64| kept.contains(&value))));
}

#[test]
fn plots_of_an_earlier_report_go() {
    let experiment = optimizers(&["sgd", "adam"]);
    let first = write("stale", &experiment);
    assert_eq!(first.plots(), ALL);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("stale");
    crate::written::write_over(&folder, &experiment.info(), &[], &ReportOptions::default());
    assert!(!folder.join("plots").exists());
}
