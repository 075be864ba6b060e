//! Tables and pages of made-up experiments.

use crate::support::{
    Synthetic, axis, measure_layers, measure_probes, run, singular_values, stop_early, sweep,
};
use crate::written::{Written, optimizers, write, write_records};
use chainrule_record::{StopReason, XAxis};
use serde_json::json;

/// Three optimizers at one rate, each with these final losses on three seeds; `NaN` for a diverged seed.
fn three(losses: [[f64; 3]; 3]) -> (chainrule_record::ExperimentInfo, Vec<chainrule_record::RunRecord>) {
    let names = ["sgd", "momentum", "adam"];
    let axes = vec![("optimizer", axis(&names.map(|name| json!(name))))];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds: 3, ..Synthetic::default() }.info();
    let mut records = Vec::new();
    for (name, losses) in names.iter().zip(losses) {
        for (seed, loss) in losses.into_iter().enumerate() {
            let settings = json!({"optimizer": name, "seed": seed});
            records.push(match loss.is_nan() {
                true => run(settings, &[2.0], StopReason::Diverged),
                false => run(settings, &[2.0, loss], StopReason::MaxEpochs),
            });
        }
    }
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    (info, records)
}

#[test]
fn the_first_screen_answers_the_question() {
    let (info, records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, f64::NAN], [0.4, 0.45, 0.55]]);
    let written = write_records("first_screen", &info, &records);
    let report = written.text("report.md");
    // The median of 0.1, 0.2 and a diverged run is 0.2. The median difference to 0.4, 0.45 and 0.55 is 0.25. All pairs
    // of three values are three tests: 3 · 2¹⁻ⁿ ≤ 0.05 needs seven seeds.
    let answer = [
        "**Pick** optimizer `momentum`.",
        "**It reaches** on 3 seeds (1 diverged) a median `validation_loss` of 0.2 (too few runs for an interval).",
        "**How sure?** Too few seeds to decide against `adam`, `sgd`. With 3 seeds no difference can be shown at 95 %, \
         whatever they say: the exact test takes 7. Ahead of `adam` by 0.25, on 2 of 3 seeds; about",
    ];
    let row = "| `momentum` | – | 0.2 | – | 3 | this | 1 of 3 |";
    for text in ["# sweep", "> Which optimizer", row].iter().chain(&answer) {
        assert!(report.contains(text), "{text}\nis not in\n{report}");
    }
    let place = |text: &str| report.find(text).unwrap();
    assert!(place(answer[2]) < place(row) && place(row) < place("plots/convergence.png"));
    let plain = answer.map(|line| line.replace(['`', '*'], ""));
    for (line, plain) in written.answer.lines().zip(&plain) {
        assert!(line.starts_with(plain), "{plain}\nis not the beginning of\n{line}");
    }
}

/// Optimizers with one configuration each; the numbers are their differences from the first optimizer on seven seeds.
fn seven(
    behind: &[(&'static str, [f64; 7])],
) -> (chainrule_record::ExperimentInfo, Vec<chainrule_record::RunRecord>) {
    let names: Vec<_> = behind.iter().map(|(name, _)| json!(name)).collect();
    let axes = vec![("optimizer", axis(&names))];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds: 7, ..Synthetic::default() }.info();
    let one = |name: &str, seed: usize, behind: f64| {
        let settings = json!({"optimizer": name, "seed": seed});
        run(settings, &[9.0, 1.0 + seed as f64 + behind], StopReason::MaxEpochs)
    };
    let of = |(name, behind): &(&str, [f64; 7])| {
        behind.iter().enumerate().map(|(seed, behind)| one(name, seed, *behind)).collect::<Vec<_>>()
    };
    let records: Vec<_> = behind.iter().flat_map(of).collect();
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    (info, records)
}

#[test]
fn what_is_better_equivalent_and_undecided_is_told_apart() {
    let (mut info, records) = seven(&[
        ("adam", [0.0; 7]),
        ("sgd", [0.5; 7]),
        ("same", [0.01; 7]),
        ("near", [2.0, -1.5, 2.0, -1.0, 0.5, 1.0, 0.5]),
    ]);
    info.margin = Some(0.02);
    let written = write_records("verdicts", &info, &records);
    let report = written.text("report.md");
    // Four values have six pairs. Seven of seven gives 2/2⁷ for each, 6 · 2/2⁷ adjusted: seven seeds are not enough.
    for text in [
        "Equivalent to `same`, within ±0.02. Too few seeds to decide against `sgd`, `near`.",
        "With 7 seeds no difference can be shown at 95 %, whatever they say: the exact test takes 8.",
        "| `same` | 7 | 0.01 [0.01, 0.01] | 100 % [64.6 %, 100 %] | 0.094 | **equivalent** |  |",
        "| `sgd` | 7 | 0.5 [0.5, 0.5] | 100 % [64.6 %, 100 %] | 0.094 | undecided | the result may be chance; about 8 seeds",
        "Each value has one configuration, so only the best value was chosen.",
        "adjusted by Holm's method for 6 tests",
    ] {
        assert!(report.contains(text), "{text}\nis not in\n{report}");
    }
    let (info, records) = seven(&[("adam", [0.0; 7]), ("sgd", [0.5; 7])]);
    let written = write_records("better", &info, &records);
    let report = written.text("report.md");
    for text in [
        "**How sure?** Better than `sgd` (p = 0.016).\n",
        "| better (p = 0.016) |",
        "no `margin` is declared",
    ] {
        assert!(report.contains(text), "{text}\nis not in\n{report}");
    }
    // The median of 1 … 7. With seven seeds its interval is from the smallest to the largest value, at level 1 − 2/2⁷.
    assert!(report.contains("| 4 [1, 7] | 4 [2.002, 5.998] | 7 | this |"), "{report}");
    assert!(report.contains("a median `validation_loss` of 4 (98.4 % interval: 1 to 7)."), "{report}");
}

#[test]
fn comparisons_have_a_table_with_every_number() {
    let (mut info, records) = seven(&[("adam", [0.0; 7]), ("sgd", [0.5; 7])]);
    info.margin = Some(0.125);
    let written = write_records("comparisons", &info, &records);
    for (name, cell) in [
        ("best", "adam"),
        ("other", "sgd"),
        ("metric", "validation_loss"),
        ("runs", "planned"),
        ("n", "7"),
        ("estimate_of", "mean_difference"),
        ("estimate", "0.5"),
        ("lower", "0.5"),
        ("upper", "0.5"),
        ("level", "0.95"),
        ("skewed", "0"),
        ("ahead", "1"),
        ("p", "0.015625"),
        ("p_holm", "0.015625"),
        ("margin", "0.125"),
        ("verdict", "better"),
        ("reason", ""),
        ("seeds_needed", ""),
        ("lost", "0"),
    ] {
        assert_eq!(column(&written, "comparisons.csv", name), [cell], "{name}");
    }
    // With a single value, the comparisons of the earlier report are removed.
    let (info, records) = seven(&[("adam", [0.0; 7])]);
    let alone = write_records("comparisons", &info, &records);
    assert!(!alone.files.contains(&"comparisons.csv".to_owned()));
    assert!(!alone.text("report.md").contains("## Comparisons") && !alone.answer.contains("How sure?"));
}

#[test]
fn the_summary_has_intervals_that_hold_at_their_n() {
    let (info, records) = seven(&[("adam", [0.0; 7])]);
    let seven = write_records("intervals", &info, &records);
    let cell = |written: &Written, name: &str| column(written, "summary.csv", name).remove(0);
    assert_eq!(cell(&seven, "n"), "7");
    assert_eq!(["median_lower", "median_upper"].map(|name| cell(&seven, name)), ["1", "7"]);
    assert!(cell(&seven, "median_level").starts_with("0.984375"), "1 − 2/2⁷");
    assert_eq!(cell(&seven, "mean"), "4");
    assert_eq!(cell(&seven, "validation_loss_lower"), "1");
    assert_eq!(cell(&seven, "interquartile_mean"), "", "not below thirty seeds");
    let (info, records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, f64::NAN], [0.4, 0.45, 0.55]]);
    let few = write_records("intervals_few", &info, &records);
    assert_eq!(column(&few, "summary.csv", "median_lower"), ["", "", ""], "not below six seeds");
    assert_eq!(column(&few, "summary.csv", "mean")[0], "", "no mean with a run that was lost");
    let many = write_records(
        "intervals_many",
        &Synthetic { seeds: 30, ..optimizers(&["sgd"]) }.info(),
        &Synthetic { seeds: 30, ..optimizers(&["sgd"]) }.records(),
    );
    let ends = ["interquartile_mean_lower", "interquartile_mean", "interquartile_mean_upper"];
    let ends = ends.map(|name| cell(&many, name).parse::<f64>().unwrap());
    assert!(ends[0] < ends[1] && ends[1] < ends[2], "{ends:?}");
}

#[test]
fn runs_that_chose_do_not_judge() {
    let report = write("selection", &optimizers(&["sgd", "adam"])).text("report.md");
    for text in [
        "Chosen among 8 configurations by the same validation data",
        "The 5 seeds that chose among 8 configurations cannot also test the choice",
        "**These runs chose and would judge themselves**",
        "| `learning_rate` | 4 values | picked:",
        "| seeds | 5 values | replicated: each run is repeated |",
    ] {
        assert!(report.contains(text), "{text}\nis not in\n{report}");
    }
}

#[test]
fn what_is_ahead_of_the_first_is_named_with_it() {
    // Losses 1, 2, 3, 3.9, 20, 20, 20 against 1 … 7: the median is lower (3.9 against 4), but the mean is higher.
    let (info, records) = seven(&[("adam", [0.0; 7]), ("sgd", [0.0, 0.0, 0.0, -0.1, 15.0, 14.0, 13.0])]);
    let report = write_records("ahead", &info, &records).text("report.md");
    for text in [
        "**No clear winner:** optimizer `sgd` has the best median; in the differences over 7 seeds, `adam` was better by 5.99, \
         which may be chance.\n",
        "Undecided against `adam`, ahead in the mean difference.",
        "Behind `adam` by 5.99",
    ] {
        assert!(report.contains(text), "{text}\nis not in\n{report}");
    }
}

#[test]
fn every_run_is_in_the_table_with_all_its_bits() {
    let experiment = sweep();
    let records = experiment.records();
    let written = write("tables", &experiment);
    let (titles, rows) = written.table("runs.csv");
    let expected = "run_id architecture activation initialization learning_rate optimizer batch_size data_digest dataset \
                    epochs loss precision seed runs stop_reason epochs_run steps_run kept_epoch train_loss train_accuracy \
                    validation_loss validation_accuracy test_loss test_accuracy epochs_to_target steps_to_target \
                    divergence failure parameter_count weights_digest layer_digests wall_seconds results_version";
    assert_eq!(titles.join(" "), expected.split_whitespace().collect::<Vec<_>>().join(" "));
    assert_eq!(rows.len(), records.len());
    let column = |name: &str| titles.iter().position(|title| title == name).unwrap();
    for (row, run) in rows.iter().zip(&records) {
        assert_eq!(row[0], run.run_id.to_string());
        let bits = |cell: &str| cell.parse::<f64>().ok().map(f64::to_bits);
        let loss = run.final_value(chainrule_record::Metric::ValidationLoss);
        assert_eq!(bits(&row[column("validation_loss")]), loss.map(f64::to_bits));
        assert_eq!(
            bits(&row[column("learning_rate")]),
            run.spec.get("learning_rate").and_then(|rate| rate.as_f64()).map(f64::to_bits)
        );
        assert_eq!(row[column("divergence")].is_empty(), run.divergence.is_none());
    }
    assert!(rows.iter().any(|row| row[column("optimizer")] == "momentum(mu=0.9)"), "the label, not JSON");
    let (titles, rows) = written.table("curves.csv");
    assert_eq!(rows.len(), records.iter().map(|run| run.curve.len()).sum::<usize>());
    assert_eq!(titles[6..9], ["seed", "epoch", "steps"]);
    assert_eq!(
        titles.iter().collect::<std::collections::BTreeSet<_>>().len(),
        titles.len(),
        "each column once"
    );
}

#[test]
fn the_summary_is_a_row_per_configuration_best_first() {
    let (info, records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, f64::NAN], [0.4, f64::NAN, f64::NAN]]);
    let (titles, rows) = write_records("summary", &info, &records).table("summary.csv");
    let of = |row: &[String], name: &str| row[titles.iter().position(|title| title == name).unwrap()].clone();
    let shown: Vec<_> = rows
        .iter()
        .map(|row| {
            ["rank", "optimizer", "finished", "diverged", "median", "min", "max"]
                .map(|name| of(row, name))
                .join(" ")
        })
        .collect();
    assert_eq!(shown, ["1 momentum 2 1 0.2 0.1 0.2", "2 sgd 3 0 0.6 0.5 0.7", "3 adam 1 2  0.4 0.4"]);
}

#[test]
fn names_cannot_break_out_of_cells() {
    let names = ["=1+1", "a,b \"c\"", "x|y", "größer"];
    let written = write("names", &optimizers(&names));
    let (titles, rows) = written.table("runs.csv");
    let column = titles.iter().position(|title| title == "optimizer").unwrap();
    let mut labels: Vec<&str> = rows.iter().map(|row| row[column].as_str()).collect();
    labels.dedup();
    assert_eq!(labels, ["'=1+1", "a,b \"c\"", "x|y", "größer"]);
    let report = written.text("report.md");
    assert!(report.contains("`x\\|y`") && report.contains("`a,b \"c\"`"), "{report}");
    let widths = |line: &str| line.replace("\\|", "").matches('|').count();
    let lines: Vec<&str> = report
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert_eq!(lines.len(), 6);
    assert!(lines.iter().all(|line| widths(line) == widths(lines[0])), "{lines:?}");
}

#[test]
fn runs_that_did_not_finish_are_shown_with_their_reason() {
    let (info, mut records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, f64::NAN], [0.4, 0.5, 0.6]]);
    records[8] = run(json!({"optimizer": "adam", "seed": 2}), &[], StopReason::Failed);
    let report = write_records("lost", &info, &records[..]).text("report.md");
    for text in [
        "2 of 9 runs on record.",
        "- **1 run** diverged: weights became inf",
        "- **1 run** failed: no memory | left",
        "(weights of layer 1 became inf at step 3)",
        "**Warning:** 1 run failed.",
    ] {
        assert!(report.contains(text), "{text}\nis not in\n{report}");
    }
    let report = write_records("missing", &info, &records[..5]).text("report.md");
    assert!(report.contains("**Warning:** 4 of 9 runs planned are not on record"), "{report}");
    assert!(report.contains("| `adam` | no run on record |"), "{report}");
}

#[test]
fn an_experiment_without_runs_has_a_report() {
    let experiment = optimizers(&["sgd", "adam"]);
    let written = write_records("empty", &experiment.info(), &[]);
    let files = ["manifest.json", "runs.csv", "curves.csv", "summary.csv", "report.md", "report.html"];
    assert_eq!(written.files, files);
    assert!(written.text("report.md").contains("**No answer:** no run is on record yet."));
    assert!(written.table("runs.csv").0.contains(&"optimizer".to_owned()));
}

#[test]
fn a_target_that_was_missed_is_named() {
    let (info, mut records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
    let target = serde_json::json!({ "metric": "train_loss", "reaches": 0.5, "stop": false });
    for record in &mut records {
        record.spec.0.insert("target".to_owned(), target.clone());
    }
    for (index, epoch) in [(0, 4), (1, 6), (3, 2)] {
        records[index].target_reached =
            Some(chainrule_record::TargetReached { epoch, steps: 1, samples: 1, cost_units: 3 });
    }
    let report = write_records("target", &info, &records).text("report.md");
    // sgd: 4, 6, missed: 6. momentum: 2, missed, missed: missed.
    assert!(report.contains("| 3 | 6 (2 of 3) |") && report.contains("| 3 | missed (1 of 3) |"), "{report}");
}

#[test]
fn the_page_names_data_machine_and_command() {
    let report = write("provenance", &optimizers(&["sgd"])).text("report.md");
    for text in [
        "Alpaydin",
        "CC BY 4.0",
        "1257 / 270 / 270",
        "Example CPU",
        "0123abc-dirty",
        "chainrule run experiments/sweep.toml",
        "excluded",
    ] {
        assert!(report.contains(text), "{text} is missing");
    }
}

/// Everything that a record can contain: early stopping, layers, penalties, curves over cost.
fn everything(name: &str) -> Written {
    let experiment = Synthetic { x_axis: XAxis::CostUnits, ..optimizers(&["sgd", "adam", "evolution"]) };
    let mut records = experiment.records();
    stop_early(&mut records);
    measure_layers(&mut records, &[64, 32, 10]);
    let singular: Vec<_> = records.iter().map(|run| run.probes.series.clone()).collect();
    measure_probes(&mut records, &[64, 32, 10]);
    for (run, mut singular) in records.iter_mut().zip(singular) {
        let count = run.probes.step.len();
        singular.iter_mut().for_each(|series| series.values.resize(count, series.values[0]));
        run.probes.series.extend(singular);
    }
    records.iter_mut().for_each(|run| run.curve.penalty_value.fill(Some(0.125)));
    write_records(name, &experiment.info(), &records)
}

/// The cells of a column.
fn column(written: &Written, table: &str, name: &str) -> Vec<String> {
    let (titles, rows) = written.table(table);
    let index =
        titles.iter().position(|title| title == name).unwrap_or_else(|| panic!("{name} is not in {table}"));
    rows.into_iter().map(|mut row| row.swap_remove(index)).collect()
}

#[test]
fn the_epoch_that_was_kept_is_in_the_table_and_decides() {
    let (info, mut records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
    for (seed, run) in records[3..6].iter_mut().enumerate() {
        *run = run_again(run, &[2.0, 0.55, 0.9], StopReason::EarlyStopping);
        run.kept_epoch = Some(1).filter(|_| seed > 0);
    }
    let written = write_records("kept", &info, &records);
    assert_eq!(column(&written, "runs.csv", "kept_epoch"), ["", "", "", "", "1", "1", "", "", ""]);
    assert_eq!(column(&written, "runs.csv", "epochs_run")[3..6], ["2", "2", "2"]);
    assert_eq!(column(&written, "runs.csv", "validation_loss")[3..6], ["0.9", "0.55", "0.55"]);
    // Best first: adam 0.5, momentum 0.55, sgd 0.6.
    assert_eq!(column(&written, "summary.csv", "median"), ["0.5", "0.55", "0.6"]);
    assert_eq!(column(&written, "plots/seed_spread.csv", "value")[3..6], ["0.9", "0.55", "0.55"]);
    assert!(written.text("report.md").contains("the epoch whose parameters a run kept"));
    let (info, records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
    let report = write_records("not_kept", &info, &records).text("report.md");
    assert!(!report.contains("the epoch whose parameters a run kept"));
}

/// The same run with another curve.
fn run_again(
    run: &chainrule_record::RunRecord,
    losses: &[f64],
    stop: StopReason,
) -> chainrule_record::RunRecord {
    crate::support::run(json!(run.spec), losses, stop)
}

#[test]
fn how_runs_ended_is_counted_by_reason_and_compared_value() {
    let (info, mut records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, f64::NAN], [0.4, 0.5, 0.6]]);
    let without = write_records("one_ending", &info, &records[..3]).text("report.md");
    assert!(!without.contains("How runs ended"), "there is but one reason");
    records[0].stop = StopReason::BudgetSpent;
    records[1].stop = StopReason::GradientBelowTolerance;
    let report = write_records("endings", &info, &records).text("report.md");
    let table = "## How runs ended\n\n\
                 | optimizer | max_epochs | gradient_below_tolerance | budget_spent | diverged |\n\
                 | --- | --- | --- | --- | --- |\n\
                 | `sgd` | 1 | 1 | 1 | 0 |\n\
                 | `momentum` | 2 | 0 | 0 | 1 |\n\
                 | `adam` | 3 | 0 | 0 | 0 |\n\
                 | all runs | 6 | 1 | 1 | 1 |\n";
    assert!(report.contains(table), "{table}\nis not in\n{report}");
    // Their results are shown.
    assert!(report.contains("| 3 | `sgd` | 0.6 [0.5, 0.7] |"), "{report}");
}

#[test]
fn layers_have_a_table_and_a_section_where_they_were_measured() {
    let (info, mut records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, f64::NAN], [0.4, 0.5, 0.6]]);
    let none = write_records("layers", &info, &records);
    assert!(!none.files.contains(&"layers.csv".to_owned()) && !none.text("report.md").contains("## Weights"));
    records[3].probes = singular_values(&[((64, 10), &[3.0, 2.0, 0.5]), ((10, 3), &[1.0, 0.0])]);
    records[4].probes = singular_values(&[((64, 10), &[5.0, 0.25]), ((10, 3), &[2.0, 0.0])]);
    records[6].probes = singular_values(&[((64, 10), &[])]);
    let written = write_records("layers", &info, &records);
    let (titles, rows) = written.table("layers.csv");
    assert_eq!(
        titles.join(" "),
        "run_id optimizer seed epoch step layer n_in n_out largest_singular_value smallest_singular_value condition_number"
    );
    let shown: Vec<_> = rows.iter().map(|row| row[1..].join(" ")).collect();
    assert_eq!(
        shown,
        [
            "momentum 0 30 1200 1 64 10 3 0.5 6",
            "momentum 0 30 1200 2 10 3 1 0 ",
            "momentum 1 30 1200 1 64 10 5 0.25 20",
            "momentum 1 30 1200 2 10 3 2 0 ",
            "adam 0 30 1200 1 64 10   "
        ]
    );
    assert_eq!(rows[0][0], records[3].run_id.to_string());
    let report = written.text("report.md");
    // Medians of 3 and 5; of 0.5 and 0.25; of 6 and 20. The second layer's smallest singular values are 0.
    for row in
        ["| `momentum` | 1 | 64 → 10 | 4 | 0.375 | 13 | 2 |", "| `momentum` | 2 | 10 → 3 | 1.5 | 0 | ∞ | 2 |"]
    {
        assert!(report.contains(row), "{row}\nis not in\n{report}");
    }
    assert!(!report.contains("| `adam` | 1 |"), "nothing was measured of it");
    let again = write_records("layers", &info, &records[..3]);
    assert!(!again.files.contains(&"layers.csv".to_owned()));
}

#[test]
fn penalties_are_in_the_curves() {
    let (info, mut records) = three([[0.5, 0.6, 0.7], [0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
    records[1].curve.penalty_value = vec![Some(0.75), Some(0.25)];
    let values = column(&write_records("penalty", &info, &records), "curves.csv", "penalty_value");
    assert_eq!(values[..6], ["", "", "0.75", "0.25", "", ""]);
}

#[test]
fn the_samples_of_the_classes_are_told() {
    let experiment = optimizers(&["sgd"]);
    let report = |counts: &[u64]| {
        let mut info = experiment.info();
        info.datasets[0].class_counts = counts.to_vec();
        write_records("classes", &info, &experiment.records())
    };
    let told = |counts: &[u64], text: &str| {
        let page = report(counts).text("report.md");
        assert!(page.contains(&format!("- Training set of `digits`: {text}\n")), "{text}\nis not in\n{page}");
    };
    told(&[119, 131, 120], "3 classes, 119 to 131 samples each");
    told(&[4, 4], "2 classes, 4 samples each");
    told(&[1], "1 class, 1 sample each");
    // 16 is more than 1.5 · 10, but 15 is not.
    told(&[10, 16, 12], "3 classes, 10 to 16 samples each: 10, 16, 12");
    told(&[10, 15, 12], "3 classes, 10 to 15 samples each");
    told(&[[10; 10].as_slice(), &[90]].concat(), "11 classes, 10 to 90 samples each");
    assert!(!report(&[]).text("report.md").contains("Training part"), "a regression");
    let uneven = report(&[90, 5, 5]);
    let warning = "always predicting the most frequent class is right for 90 % of the training samples.";
    assert!(
        uneven.text("report.md").contains(warning) && uneven.answer.contains(warning),
        "{}",
        uneven.answer
    );
}

#[test]
fn every_column_and_every_reason_is_described() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/results.md");
    let described = std::fs::read_to_string(path).unwrap();
    let written = everything("described");
    let tables: Vec<&String> = written.files.iter().filter(|file| file.ends_with(".csv")).collect();
    assert_eq!(tables.len(), 9 + 6 + 8, "{tables:?}");
    // The reference describes settings.
    let settings = [
        "optimizer",
        "learning_rate",
        "batch_size",
        "dataset",
        "epochs",
        "loss",
        "precision",
        "architecture",
        "activation",
    ];
    for table in tables {
        let probes = ["gradient_norm", "activation_mean", "update_ratio"];
        let general = probes.iter().fold(table.clone(), |name, probe| {
            name.replace(&format!("layers_{probe}"), "layers_PROBE")
                .replace(&format!("map_{probe}"), "map_PROBE")
        });
        assert!(described.contains(&format!("`{general}`")), "{table} is not described");
        for column in written.table(table).0.iter().filter(|column| !settings.contains(&column.as_str())) {
            assert!(described.contains(&format!("`{column}`")), "`{column}` of {table} is not described");
        }
    }
    for axis in XAxis::ALL {
        assert!(described.contains(&format!("`{}`", axis.name())), "{}", axis.name());
    }
    use StopReason::*;
    for stop in [
        MaxEpochs,
        TargetReached,
        GradientBelowTolerance,
        EarlyStopping,
        BudgetSpent,
        Diverged,
        Failed,
        TimedOut,
    ] {
        assert!(described.contains(&format!("`{stop}`")), "{stop} is not described");
    }
}

#[test]
fn the_documentation_has_the_columns_of_the_tables() {
    let page = include_str!("../../../../docs/results.md");
    let fresh = chainrule_report::with_columns(page).expect("a place for each table");
    assert!(page == fresh, "docs/results.md is out of date: type `just docs`");
    assert_eq!(chainrule_report::with_columns(&page.replacen("<!-- columns of runs.csv", "", 1)), None);
}
