//! Whole reports that compare the speed and the tuning of optimizers.

use crate::support::{Synthetic, axis, run, sweep};
use crate::written::{Written, optimizers, write, write_records};
use chainrule_record::{AxisPoint, ExperimentInfo, Metric, RunRecord, StopReason, XAxis};
use serde_json::json;

/// Optimizers on several data sets, at four rates.
fn data_sets(labels: &[&str], sets: &[&str]) -> Synthetic {
    let mut experiment = optimizers(labels);
    let sets: Vec<_> = sets.iter().map(|set| json!(set)).collect();
    experiment.axes.insert(0, ("dataset", axis(&sets)));
    experiment
}

/// Gives the runs their target, and makes data sets problems.
fn with_target(experiment: &Synthetic) -> (ExperimentInfo, Vec<RunRecord>) {
    let (mut info, mut records) = (experiment.info(), experiment.records());
    let target = json!({"metric": "validation_accuracy", "reaches": 0.9});
    let label = "validation_accuracy reaches 0.9".to_owned();
    info.fixed.insert("target".to_owned(), AxisPoint { value: target.clone(), label });
    info.problems = vec!["dataset".to_owned()];
    for record in &mut records {
        record.spec.0.insert("target".to_owned(), target.clone());
    }
    (info, records)
}

/// The documentation of results.
fn described() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/results.md");
    std::fs::read_to_string(path).unwrap()
}

fn titles(written: &Written, table: &str) -> String {
    written.table(table).0.join(" ")
}

#[test]
fn nothing_is_added_where_it_makes_no_sense() {
    let written = write("no_speed", &Synthetic { seeds: 1, ..Synthetic::default() });
    for file in ["time_to_target.csv", "profiles.csv", "sensitivity.csv", "tradeoffs.csv"] {
        assert!(!written.files.contains(&file.to_owned()), "{file}");
    }
    let page = written.text("report.md");
    for section in ["## Time to the target", "## Over", "## Learning rates", "## Quality"] {
        assert!(!page.contains(section), "{section}");
    }
}

#[test]
fn one_problem_has_a_table_of_quality_speed_and_tunability() {
    let (info, records) = with_target(&optimizers(&["sgd", "momentum", "adam"]));
    let written = write_records("speed", &info, &records);
    assert!(written.plots().contains(&"time_to_target".to_owned()));
    assert!(!written.plots().contains(&"performance_profile".to_owned()), "one problem");
    let page = written.text("report.md");
    for text in
        ["## Quality, speed and tunability", "## Time to the target", "## Learning rates", "of 5 [", "**"]
    {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    let (_, rows) = written.table("time_to_target.csv");
    assert_eq!(rows.len(), 3 * 5, "three optimizers by five clocks");
    assert_eq!(
        titles(&written, "time_to_target.csv"),
        "optimizer learning_rate seeds runs reached lost share share_lower share_upper time_in median lower upper expected_running_time"
    );
    assert_eq!(
        titles(&written, "plots/time_to_target.csv"),
        "optimizer configuration seeds epochs share_reached"
    );
    assert_eq!(written.table("sensitivity.csv").1.len(), 3);
    assert_eq!(written.table("tradeoffs.csv").1.len(), 3);
}

/// The last drawn fraction is the fraction of runs that reached the target, if no run timed out.
#[test]
fn the_curve_ends_at_the_share_that_reached_the_target() {
    let (info, records) = with_target(&optimizers(&["sgd", "momentum", "adam"]));
    let written = write_records("speed_shares", &info, &records);
    let (titles, rows) = written.table("time_to_target.csv");
    let at = |name: &str| titles.iter().position(|title| title == name).unwrap();
    let (_, drawn) = written.table("plots/time_to_target.csv");
    for row in rows.iter().filter(|row| row[at("time_in")] == "epochs") {
        let last = drawn.iter().rfind(|point| point[0] == row[0]).unwrap();
        let (share, drawn) = (row[at("share")].parse::<f64>().unwrap(), last[4].parse::<f64>().unwrap());
        assert!((share - drawn).abs() < 1e-12, "{row:?} {last:?}");
    }
}

#[test]
fn data_sets_are_problems() {
    let (info, records) = with_target(&data_sets(&["sgd", "momentum", "adam"], &["iris", "wine", "digits"]));
    let written = write_records("speed_problems", &info, &records);
    assert_eq!(written.plots(), ["performance_profile", "time_to_target"], "what goes over all data sets");
    assert!(written.text("report.md").contains("## Over 3 problems"));
    assert_eq!(titles(&written, "profiles.csv"), "dataset optimizer learning_rate measure value ratio");
    let (_, rows) = written.table("profiles.csv");
    assert_eq!(rows.len(), 9);
    assert!(rows.iter().all(|row| row[3] == "epochs_to_target"));
    assert_eq!(titles(&written, "plots/performance_profile.csv"), "optimizer ratio share_of_problems");
    let described = described();
    for table in [
        "time_to_target.csv",
        "profiles.csv",
        "tradeoffs.csv",
        "plots/time_to_target.csv",
        "plots/performance_profile.csv",
        "datasets/iris/sensitivity.csv",
        "datasets/iris/comparisons.csv",
    ] {
        let name = table.trim_start_matches("datasets/iris/");
        assert!(described.contains(&format!("`{name}`")), "{table}");
        let settings = ["dataset", "optimizer", "learning_rate"];
        for column in written.table(table).0.iter().filter(|column| !settings.contains(&column.as_str())) {
            assert!(described.contains(&format!("`{column}`")), "`{column}` of {table} is not described");
        }
    }
    // Without a target, the final loss is compared; an accuracy by its distance from 1.
    let experiment = data_sets(&["sgd", "adam"], &["iris", "wine"]);
    for (metric, measure) in
        [(Metric::ValidationLoss, "validation_loss"), (Metric::ValidationAccuracy, "1 - validation_accuracy")]
    {
        let mut info = ExperimentInfo { metric, ..experiment.info() };
        info.problems = vec!["dataset".to_owned()];
        let written = write_records("speed_losses", &info, &experiment.records());
        assert!(written.table("profiles.csv").1.iter().all(|row| row[3] == measure));
    }
}

/// Losses on different data have no common scale, so nothing is chosen over data sets. Each data set has a whole
/// report.
#[test]
fn each_data_set_has_a_report_of_its_own() {
    let experiment = data_sets(&["sgd", "adam"], &["iris", "../wine"]);
    let (info, mut records) = (experiment.info(), experiment.records());
    // All losses on iris are a hundred times the losses on the other data set.
    for run in records.iter_mut().filter(|run| run.spec.get("dataset") == Some(&json!("iris"))) {
        run.curve.validation_loss.iter_mut().flatten().for_each(|loss| *loss *= 100.0);
    }
    let written = write_records("speed_datasets", &info, &records);
    let page = written.text("report.md");
    assert!(
        page.contains("**Pick** optimizer `") && page.contains("mean rank by `validation_loss`"),
        "{page}"
    );
    assert!(
        page.contains("[iris](datasets/iris/report.md)") && page.contains("](datasets/dataset-2/report.md)")
    );
    assert!(written.text("report.html").contains("href=\"datasets/iris/report.html\""));
    let few = "2 problems with 2 compared values are too few to test ranks: 11 with 3 would do.";
    assert!(page.contains(few), "{page}");
    assert!(!page.contains("## Best configurations") && !page.contains("## Learning rates"));
    let (titles, rows) = written.table("summary.csv");
    let ranks = |dataset: &str| -> Vec<String> {
        assert_eq!(titles[..2], ["rank", "dataset"]);
        rows.iter().filter(|row| row[1] == dataset).map(|row| row[0].clone()).collect()
    };
    let expected: Vec<String> = (1..=8).map(|rank| rank.to_string()).collect();
    assert_eq!((ranks("iris"), ranks("../wine")), (expected.clone(), expected));
    for folder in ["datasets/iris", "datasets/dataset-2"] {
        let part = written.text(&format!("{folder}/report.md"));
        assert!(
            part.contains("## Comparisons") && part.contains("## Best configurations"),
            "{folder}: {part}"
        );
        let is_plot = |file: &&String| file.starts_with(folder) && file.ends_with(".png");
        assert!(written.files.iter().filter(is_plot).count() >= 4, "{folder}: {:?}", written.files);
    }
    // An experiment with a single data set has its report in the folder itself, and no `datasets` folder.
    let one = write("speed_datasets", &optimizers(&["sgd", "adam"]));
    assert!(one.text("report.md").contains("## Comparisons"));
    assert!(!one.files.iter().any(|file| file.contains("datasets")));
}

/// Every axis, many problems, many unusual names, a single seed, and experiments with all runs lost.
#[test]
fn odd_experiments_have_a_report() {
    let long = "a_very_long_label_of_an_optimizer(beta1=0.9, beta2=0.999, epsilon=1e-8)";
    let odd = ["a, \"b\" | <c>", "größer η=β·10⁻³", long, "sgd"];
    let sets: Vec<String> = (0..9).map(|index| format!("set {index}")).collect();
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    for (index, experiment) in [
        Synthetic { x_axis: XAxis::Seconds, ..data_sets(&odd, &sets) },
        Synthetic { x_axis: XAxis::Flops, seeds: 1, ..data_sets(&odd, &sets[..6]) },
        Synthetic { x_axis: XAxis::CostUnits, limit: 1e-9, ..data_sets(&["sgd", "adam"], &sets[..2]) },
        Synthetic { epochs: 1, ..data_sets(&["sgd", "adam"], &sets[..3]) },
    ]
    .into_iter()
    .enumerate()
    {
        let (info, records) = with_target(&experiment);
        let written = write_records(&format!("speed_odd_{index}"), &info, &records);
        assert!(written.plots().contains(&"performance_profile".to_owned()), "{index}");
        assert!(written.plots().contains(&"time_to_target".to_owned()), "{index}");
        // Runs may have diverged with a NaN, but a table contains none.
        assert!(!written.text("report.md").contains("| NaN") && !written.text("report.md").contains("inf |"));
    }
}

#[test]
fn runs_that_failed_before_the_first_measurement_have_a_report() {
    let (info, records) = with_target(&data_sets(&["sgd", "adam"], &["iris", "wine"]));
    let failed = |record: &RunRecord| run(json!(record.spec), &[], StopReason::Failed);
    let records: Vec<RunRecord> = records.iter().map(failed).collect();
    let written = write_records("speed_failed", &info, &records);
    let (titles, rows) = written.table("time_to_target.csv");
    let at = |name: &str| titles.iter().position(|title| title == name).unwrap();
    assert!(rows.iter().all(|row| row[at("reached")] == "0" && row[at("median")].is_empty()));
    assert!(write_records("speed_empty", &info, &[]).plots().is_empty());
}

/// As many configurations as anyone would look at.
#[test]
fn hundreds_of_configurations_are_drawn() {
    let written = write("speed_sweep", &sweep());
    assert_eq!(written.table("plots/configurations.csv").1.len(), 336);
    let rates: Vec<_> = (0..40).map(|index| json!(0.001 * f64::from(index + 1))).collect();
    let mut experiment = data_sets(&["sgd", "adam"], &["iris", "wine"]);
    experiment.axes[2].1 = axis(&rates);
    let written =
        write("speed_many_rates", &Synthetic { metric: Metric::ValidationAccuracy, seeds: 2, ..experiment });
    for folder in ["datasets/iris", "datasets/wine"] {
        assert_eq!(written.table(&format!("{folder}/plots/final_metric.csv")).1.len(), 80);
    }
}
