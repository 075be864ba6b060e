//! Small experiments whose results are computed by hand.

use super::*;
use crate::support::{Synthetic, axis, run, sweep};
use StopReason::{Diverged, Failed, MaxEpochs, TargetReached, TimedOut};
use chainrule_record::{Metric, Score, StopReason};
use serde_json::json;

/// `optimizer` × `learning_rate`, compared by optimizer.
fn two_by_two() -> ExperimentInfo {
    let axes = vec![
        ("optimizer", axis(&[json!("sgd"), json!("adam")])),
        ("learning_rate", axis(&[json!(0.01), json!(0.1), json!(1.0)])),
    ];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds: 3, ..Synthetic::default() }.info();
    info.run_ids.clear();
    info
}

/// Seeds of one configuration by their final loss; `NaN` for a seed that diverged.
fn seeds(optimizer: &str, rate: f64, losses: &[f64]) -> Vec<RunRecord> {
    let one = |(seed, loss): (usize, &f64)| {
        let settings = json!({"optimizer": optimizer, "learning_rate": rate, "seed": seed});
        let (losses, stop) =
            if loss.is_nan() { (vec![2.0], Diverged) } else { (vec![2.0, *loss], MaxEpochs) };
        run(settings, &losses, stop)
    };
    losses.iter().enumerate().map(one).collect()
}

const DIVERGED: f64 = f64::NAN;

fn example() -> Vec<RunRecord> {
    [
        seeds("sgd", 0.1, &[0.5, 0.4, 0.6]),
        seeds("sgd", 1.0, &[0.1, DIVERGED, 0.2]),
        seeds("adam", 0.1, &[0.3, DIVERGED, DIVERGED]),
        seeds("adam", 1.0, &[0.7, 0.7, 0.9]),
    ]
    .concat()
}

#[test]
fn configurations_are_ranked_by_median_with_diverged_runs_as_worst() {
    // Medians: 0.5; of 0.1 0.2 ∞: 0.2; of 0.3 ∞ ∞: none; 0.7.
    let (info, records) = (two_by_two(), example());
    let analysis = Analysis::new(&info, &records);
    let medians: Vec<_> =
        analysis.configurations.iter().map(|one| one.final_metric(info.metric).median).collect();
    assert_eq!(medians, [Some(0.5), Some(0.2), None, Some(0.7)]);
    assert_eq!(analysis.ranking, [1, 0, 3, 2]);
    assert_eq!(analysis.compared.iter().map(|one| one.best).collect::<Vec<_>>(), [Some(1), Some(3)]);
    assert_eq!(analysis.compared_ranking, [0, 1]);
    let outcomes = |index: usize| {
        (analysis.compared[index].outcomes.diverged, analysis.compared[index].outcomes.total())
    };
    assert_eq!((outcomes(0), outcomes(1)), ((1, 6), (2, 6)));
    assert_eq!(analysis.configurations[2].absence(), "diverged");
}

#[test]
fn accuracies_are_ranked_from_the_top() {
    let mut info = two_by_two();
    info.metric = Metric::ValidationAccuracy;
    let mut records = [seeds("sgd", 0.1, &[0.5]), seeds("adam", 0.1, &[0.5])].concat();
    records[0].curve.validation_accuracy = vec![Some(0.1), Some(0.8)];
    records[1].curve.validation_accuracy = vec![Some(0.1), Some(0.9)];
    assert_eq!(Analysis::new(&info, &records).ranking, [1, 0]);
}

#[test]
fn equal_medians_stay_in_plan_order() {
    let records = [seeds("adam", 0.1, &[0.5]), seeds("sgd", 0.1, &[0.5])].concat();
    let info = two_by_two();
    let analysis = Analysis::new(&info, &records);
    assert_eq!(analysis.ranking, [0, 1]);
    assert_eq!(analysis.compared_ranking, [1, 0], "adam comes first in the plan");
}

#[test]
fn a_best_rate_on_the_edge_of_what_was_tried_is_a_warning() {
    let records = [
        seeds("sgd", 0.01, &[0.5, 0.5, 0.5]),
        seeds("sgd", 0.1, &[0.4, 0.4, 0.4]),
        seeds("sgd", 1.0, &[0.6, 0.6, 0.6]),
        seeds("adam", 0.01, &[0.2, 0.2, 0.2]),
        seeds("adam", 0.1, &[0.3, 0.3, 0.3]),
    ]
    .concat();
    let info = two_by_two();
    let analysis = Analysis::new(&info, &records);
    assert_eq!(
        analysis.warnings,
        ["The best learning_rate of adam is 0.01, the smallest that was tried: a better one may lie beyond."]
    );
}

#[test]
fn missing_failed_and_cut_short_runs_are_warnings() {
    let mut records = seeds("sgd", 0.1, &[0.5, 0.4]);
    records[0].stop = TimedOut;
    records.push(run(json!({"optimizer": "sgd", "learning_rate": 1.0, "seed": 0}), &[], Failed));
    let mut info = two_by_two();
    let unknown = run(json!({"seed": 99}), &[], MaxEpochs).run_id;
    info.run_ids = records.iter().map(|run| run.run_id).chain([unknown]).collect();
    let warnings = Analysis::new(&info, &records).warnings.join("\n");
    for text in
        ["1 of 4 runs planned are not", "1 run failed and 1 timed out", "of sgd rests on 2 of 3 seeds"]
    {
        assert!(warnings.contains(text), "{text} is not in {warnings}");
    }
}

#[test]
fn a_metric_that_nobody_measured_is_a_warning_and_no_answer() {
    let mut records = seeds("sgd", 0.1, &[0.5, 0.4, 0.3]);
    records.iter_mut().for_each(|run| run.curve.validation_loss.fill(None));
    let info = two_by_two();
    let analysis = Analysis::new(&info, &records);
    assert!(analysis.best().is_none());
    assert!(analysis.warnings[0].contains("no run measured it"));
    assert_eq!(analysis.configurations[0].absence(), "not measured");
    assert_eq!(Convergence::new(&analysis).panels[0].metric, Metric::TrainLoss);
}

#[test]
fn what_is_not_measured_is_not_lost_by_runs_that_diverge() {
    let records = example();
    let info = two_by_two();
    let analysis = Analysis::new(&info, &records);
    assert!(!analysis.configurations[1].final_metric(Metric::ValidationAccuracy).is_measured());
    assert!(!analysis.configurations[1].test_loss.is_measured());
    let mut records = example();
    records[3].test = Some(Score { loss: 0.15, accuracy: None });
    records[5].test = Some(Score { loss: 0.25, accuracy: None });
    let analysis = Analysis::new(&info, &records);
    // Of 0.15, 0.25 and a run that diverged.
    assert_eq!(analysis.configurations[1].test_loss.median, Some(0.25));
    assert!(!analysis.configurations[1].test_accuracy.is_measured());
}

#[test]
fn a_target_missed_by_most_seeds_has_no_median() {
    let mut records = [seeds("sgd", 0.1, &[0.5, 0.4, 0.6]), seeds("adam", 0.1, &[0.5, 0.4, 0.6])].concat();
    for (index, epoch) in [(0, 7), (1, 5), (3, 2)] {
        let reached = chainrule_record::TargetReached { epoch, steps: 1, samples: 1, cost_units: 1 };
        records[index].target_reached = Some(reached);
    }
    let info = two_by_two();
    let analysis = Analysis::new(&info, &records);
    // Of 5, 7, ∞: 7. Of 2, ∞, ∞: none.
    let epochs = |index: usize| analysis.configurations[index].epochs_to_target;
    assert_eq!((epochs(0).median, epochs(0).values), (Some(7.0), 2));
    assert_eq!((epochs(1).median, epochs(1).values), (None, 1));
}

/// Three seeds with these losses by epoch.
fn line(curves: [(&[f64], StopReason); 3]) -> CurveLine {
    let one = |(seed, (losses, stop)): (usize, (&[f64], StopReason))| {
        run(json!({"optimizer": "sgd", "learning_rate": 0.1, "seed": seed}), losses, stop)
    };
    let records: Vec<_> = curves.into_iter().enumerate().map(one).collect();
    let info = two_by_two();
    let analysis = Analysis::new(&info, &records);
    let mut plot = Convergence::new(&analysis);
    assert_eq!(plot.panels.len(), 1, "there is no accuracy");
    plot.panels.remove(0).lines.remove(0)
}

fn medians(line: &CurveLine) -> Vec<(u64, f64)> {
    line.points.iter().map(|point| (point.epoch, point.spread.median.unwrap())).collect()
}

#[test]
fn a_curve_is_the_median_with_diverged_seeds_as_worst() {
    // Epoch 2: of 1, 3 and a seed that diverged: 3.
    let line = line([(&[4.0, 2.0, 1.0], MaxEpochs), (&[5.0, 4.0, 3.0], MaxEpochs), (&[6.0, 1.0], Diverged)]);
    assert_eq!(medians(&line), [(0, 5.0), (1, 2.0), (2, 3.0)]);
    assert_eq!((line.points[2].spread.worst, line.ends_diverged), (1, false));
}

#[test]
fn a_curve_ends_where_most_seeds_have_diverged() {
    let line = line([(&[4.0, 2.0, 1.0], MaxEpochs), (&[5.0, 4.0], Diverged), (&[6.0, 1.0], Diverged)]);
    assert_eq!(medians(&line), [(0, 5.0), (1, 2.0)]);
    assert!(line.ends_diverged);
}

#[test]
fn a_curve_ends_where_the_first_seed_stops_early() {
    let line =
        line([(&[4.0, 2.0, 1.0], MaxEpochs), (&[5.0, 4.0], TargetReached), (&[6.0, 5.0, 1.0], MaxEpochs)]);
    assert_eq!(medians(&line), [(0, 5.0), (1, 4.0)]);
    assert!(!line.ends_diverged);
}

#[test]
fn a_heat_map_has_as_many_rows_as_can_be_read() {
    let experiment = sweep();
    let (info, records) = (experiment.info(), experiment.records());
    let analysis = Analysis::new(&info, &records);
    let map = HeatMap::new(&analysis).unwrap();
    let name = |factor: &usize| analysis.grid.factors[*factor].setting.as_str();
    assert_eq!(name(&map.column_factor), "learning_rate");
    // 3 · 2 · 4 = 24 rows; the two initializations would make 48.
    assert_eq!(
        map.row_factors.iter().map(name).collect::<Vec<_>>(),
        ["optimizer", "architecture", "activation"]
    );
    assert_eq!(map.reduced.iter().map(name).collect::<Vec<_>>(), ["initialization"]);
    assert_eq!((map.rows.len(), map.columns.len(), map.cells.len()), (24, 7, 24 * 7));
    // Each cell holds the better of its two initializations.
    let best = map.cells.iter().find(|cell| cell.configuration == analysis.ranking[0]).unwrap();
    assert_eq!(analysis.configurations[best.configuration].levels[3], map.columns[best.column]);
    assert!(map.cells.iter().all(|cell| cell.configuration != *analysis.ranking.last().unwrap()));
}

#[test]
fn sensitivity_takes_the_best_of_the_other_settings_at_each_rate() {
    let axes = vec![
        ("optimizer", axis(&[json!("sgd")])),
        ("batch_size", axis(&[json!(8), json!(16)])),
        ("learning_rate", axis(&[json!(1.0), json!(0.1)])),
    ];
    let info = Synthetic { axes, compare: Some("optimizer"), seeds: 1, ..Synthetic::default() }.info();
    let one = |batch: u64, rate: f64, loss: f64| {
        let settings = json!({"optimizer": "sgd", "batch_size": batch, "learning_rate": rate, "seed": 0});
        run(settings, &[2.0, loss], MaxEpochs)
    };
    let records = [one(8, 1.0, 0.5), one(8, 0.1, 0.3), one(16, 1.0, 0.4), one(16, 0.1, 0.6)];
    let analysis = Analysis::new(&info, &records);
    let plot = Sensitivity::new(&analysis).unwrap();
    // Rates ascending: 0.3 of batches of 8 at 0.1; 0.4 of batches of 16 at 1.
    let points = [RatePoint { rate: 0.1, configuration: 1 }, RatePoint { rate: 1.0, configuration: 2 }];
    assert_eq!(plot.lines[0].1, points);
    let one_rate = [one(8, 1.0, 0.5), one(16, 1.0, 0.4)];
    assert!(Sensitivity::new(&Analysis::new(&info, &one_rate)).is_none());
}

#[test]
fn quartiles_are_shown_from_five_seeds_on() {
    let quartiles = |losses: &[f64]| {
        let records = seeds("sgd", 0.1, losses);
        let info = two_by_two();
        SeedSpread::new(&Analysis::new(&info, &records)).rows[0].quartiles
    };
    assert_eq!(quartiles(&[1.0, 2.0, 3.0, 4.0]), None);
    assert_eq!(quartiles(&[5.0, 4.0, 3.0, 2.0, 1.0]), Some((2.0, 4.0)));
    // Five values and two that diverged: positions 1.5 and 4.5 of 1 2 3 4 5 ∞ ∞; the upper one meets ∞.
    assert_eq!(quartiles(&[1.0, 2.0, 3.0, 4.0, 5.0, DIVERGED, DIVERGED]), None);
}

#[test]
fn lost_runs_are_grouped_by_reason() {
    let mut records = example();
    records.push(run(json!({"optimizer": "adam", "learning_rate": 0.01, "seed": 0}), &[], Failed));
    let info = two_by_two();
    let analysis = Analysis::new(&info, &records);
    let groups = loss_groups(&analysis);
    let shown: Vec<_> =
        groups.iter().map(|group| (group.stop, group.reason.as_str(), group.runs.len())).collect();
    assert_eq!(shown, [(Diverged, "weights became inf", 3), (Failed, "no memory | left", 1)]);
    let (setting, counts) = &groups[0].by_setting[0];
    let counts: Vec<_> = counts.iter().map(|count| (count.label.as_str(), count.lost, count.of)).collect();
    assert_eq!((setting.as_str(), counts), ("optimizer", vec![("adam", 2, 7), ("sgd", 1, 6)]));
}

#[test]
fn no_runs_at_all() {
    let info = two_by_two();
    let analysis = Analysis::new(&info, &[]);
    assert!(analysis.best().is_none() && analysis.compared_ranking.is_empty());
    assert!(HeatMap::new(&analysis).is_none() && Sensitivity::new(&analysis).is_none());
    assert!(Convergence::new(&analysis).panels.is_empty() && SeedSpread::new(&analysis).rows.is_empty());
}

#[test]
fn the_difference_to_the_next_best_is_judged_by_ranges() {
    let difference = |sgd: &[f64], adam: &[f64]| {
        let records = [seeds("sgd", 0.1, sgd), seeds("adam", 0.1, adam)].concat();
        let info = two_by_two();
        Analysis::new(&info, &records).next_best()
    };
    assert_eq!(difference(&[1.0, 2.0], &[3.0, 4.0]), Some((1, Difference::BeyondRanges)));
    assert_eq!(difference(&[3.0, 4.0], &[1.0, 3.5]), Some((0, Difference::WithinRanges)));
    assert_eq!(difference(&[1.0, 2.0, DIVERGED], &[3.0, 4.0]), Some((1, Difference::BestLosesRuns)));
    assert_eq!(difference(&[1.0, 2.0], &[3.0, 4.0, DIVERGED]), Some((1, Difference::BeyondRanges)));
    assert_eq!(difference(&[1.0], &[3.0, 4.0]), Some((1, Difference::SingleValue)));
    assert_eq!(difference(&[1.0, 2.0], &[DIVERGED, DIVERGED]), None);
}
