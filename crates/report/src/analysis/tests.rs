//! Small experiments with results computed by hand.

use super::*;
use crate::support::{Synthetic, axis, run, singular_values, sweep};
use StopReason::{BudgetSpent, Diverged, EarlyStopping, Failed, MaxEpochs, TargetReached, TimedOut};
use chainrule_record::{ExperimentInfo, Metric, RunMetric, RunRecord, Score, StopReason, XAxis};
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

/// Runs of one configuration with these final losses; `NaN` for a seed that diverged.
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
    // Medians: 0.5; 0.2 of 0.1, 0.2 and ∞; none of 0.3, ∞ and ∞; 0.7.
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
        [
            "Unequal tuning: 3 configurations of sgd were tried, but 2 of adam. With more trials, the best looks better.",
            "The best learning_rate of adam is 0.01, the smallest tried value; a better one may be beyond it. Try 0.001 and \
             0.0001 too."
        ]
    );
}

#[test]
fn values_on_the_same_edge_share_a_warning() {
    let records = [
        seeds("sgd", 0.01, &[0.5, 0.5, 0.5]),
        seeds("sgd", 0.1, &[0.4, 0.4, 0.4]),
        seeds("adam", 0.01, &[0.3, 0.3, 0.3]),
        seeds("adam", 0.1, &[0.2, 0.2, 0.2]),
    ]
    .concat();
    let info = two_by_two();
    let warning = "The best learning_rate of adam, sgd is 0.1, the largest tried value; a better one may be beyond it. Try 1 \
                   and 10 too.";
    assert_eq!(Analysis::new(&info, &records).warnings, [warning]);
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
        ["1 of 4 runs planned are not", "1 run failed and 1 timed out", "of sgd has only 2 of 3 seeds"]
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
    assert!(!analysis.configurations[1].final_of(RunMetric::TestLoss).is_measured());
    let mut records = example();
    records[3].test = Some(Score { loss: 0.15, accuracy: None });
    records[5].test = Some(Score { loss: 0.25, accuracy: None });
    let analysis = Analysis::new(&info, &records);
    // Values 0.15, 0.25 and a diverged run.
    assert_eq!(analysis.configurations[1].final_of(RunMetric::TestLoss).median, Some(0.25));
    assert!(!analysis.configurations[1].final_of(RunMetric::TestAccuracy).is_measured());
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
    // 5, 7, ∞: 7. 2, ∞, ∞: none.
    let epochs = |index: usize| analysis.configurations[index].epochs_to_target;
    assert_eq!((epochs(0).median, epochs(0).values), (Some(7.0), 2));
    assert_eq!((epochs(1).median, epochs(1).values), (None, 1));
}

/// Seeds with these losses by epoch.
fn curves(curves: &[(&[f64], StopReason)]) -> Vec<RunRecord> {
    let one = |(seed, (losses, stop)): (usize, &(&[f64], StopReason))| {
        run(json!({"optimizer": "sgd", "learning_rate": 0.1, "seed": seed}), losses, *stop)
    };
    curves.iter().enumerate().map(one).collect()
}

/// Their line over `x_axis`.
fn line_over(x_axis: XAxis, records: &[RunRecord]) -> CurveLine {
    let info = ExperimentInfo { x_axis, ..two_by_two() };
    let analysis = Analysis::new(&info, records);
    let mut plot = Convergence::new(&analysis);
    assert_eq!((plot.panels.len(), plot.x_axis), (1, x_axis), "there is no accuracy");
    plot.panels.remove(0).lines.remove(0)
}

fn line(seeds: &[(&[f64], StopReason)]) -> CurveLine {
    line_over(XAxis::Epochs, &curves(seeds))
}

fn medians(line: &CurveLine) -> Vec<(u64, f64)> {
    line.points.iter().map(|point| (point.epoch, point.spread.median.unwrap())).collect()
}

fn places(line: &CurveLine) -> Vec<f64> {
    line.points.iter().map(|point| point.x).collect()
}

#[test]
fn a_curve_is_the_median_with_diverged_seeds_as_worst() {
    // Epoch 2: 1, 3 and a diverged seed: 3.
    let line = line(&[(&[4.0, 2.0, 1.0], MaxEpochs), (&[5.0, 4.0, 3.0], MaxEpochs), (&[6.0, 1.0], Diverged)]);
    assert_eq!(medians(&line), [(0, 5.0), (1, 2.0), (2, 3.0)]);
    assert_eq!((line.points[2].spread.worst, line.end), (1, LineEnd::Complete));
}

#[test]
fn a_curve_ends_where_most_seeds_have_diverged() {
    let line = line(&[(&[4.0, 2.0, 1.0], MaxEpochs), (&[5.0, 4.0], Diverged), (&[6.0, 1.0], Diverged)]);
    assert_eq!(medians(&line), [(0, 5.0), (1, 2.0)]);
    assert_eq!(line.end, LineEnd::Diverged);
}

#[test]
fn a_curve_ends_where_the_first_seeds_end_and_says_how_many_go_on() {
    let early: &[f64] = &[5.0, 4.0];
    let late: &[f64] = &[4.0, 2.0, 1.0];
    let line = line(&[
        (late, MaxEpochs),
        (early, TargetReached),
        (&[6.0, 5.0, 3.0, 2.0], BudgetSpent),
        (early, EarlyStopping),
        (late, Diverged),
    ]);
    // Epoch 0: 4, 4, 5, 5, 6; epoch 1: 2, 2, 4, 4, 5. Two seeds end there, three go on.
    assert_eq!(medians(&line), [(0, 5.0), (1, 4.0)]);
    assert_eq!(line.end, LineEnd::FirstEnded { epoch: 1, ended: 2, went_on: 3 });
}

#[test]
fn a_curve_of_seeds_that_all_end_at_one_epoch_is_complete() {
    let line = line(&[(&[4.0, 2.0], EarlyStopping), (&[5.0, 4.0], MaxEpochs), (&[6.0], Diverged)]);
    assert_eq!((medians(&line).len(), line.end), (2, LineEnd::Complete));
}

#[test]
fn a_curve_has_no_point_where_not_all_seeds_were_measured() {
    let mut records = curves(&[(&[4.0, 2.0, 1.0], MaxEpochs), (&[5.0, 4.0, 3.0], BudgetSpent)]);
    // Every 20th epoch and the last one are evaluated; the last epoch of the second run is the 33rd.
    records[0].curve.epoch = vec![0, 20, 40];
    records[1].curve.epoch = vec![0, 20, 33];
    let line = line_over(XAxis::Epochs, &records);
    assert_eq!(medians(&line), [(0, 4.5), (20, 3.0)]);
    assert_eq!(line.end, LineEnd::FirstEnded { epoch: 33, ended: 1, went_on: 1 });
}

#[test]
fn curves_are_drawn_over_what_the_experiment_asks_for() {
    // `run` counts 10 steps, 40 samples and 120 units of cost per epoch.
    let records = curves(&[(&[4.0, 2.0, 1.0], MaxEpochs), (&[5.0, 4.0, 3.0], MaxEpochs)]);
    for (axis, x) in [
        (XAxis::Epochs, [0.0, 1.0, 2.0]),
        (XAxis::Steps, [0.0, 10.0, 20.0]),
        (XAxis::Samples, [0.0, 40.0, 80.0]),
        (XAxis::CostUnits, [0.0, 120.0, 240.0]),
        // 2 operations per unit of cost for its only parameter.
        (XAxis::Flops, [0.0, 240.0, 480.0]),
    ] {
        let line = line_over(axis, &records);
        assert_eq!((places(&line), line.x_differs), (x.to_vec(), false));
        assert_eq!(medians(&line), [(0, 4.5), (1, 3.0), (2, 2.0)], "epochs are those of all seeds");
    }
}

#[test]
fn seeds_that_differ_in_x_stand_at_its_median_which_never_falls() {
    let whole: &[f64] = &[4.0, 2.0, 1.0];
    let mut records =
        curves(&[(whole, MaxEpochs), (whole, MaxEpochs), (whole, MaxEpochs), (&[5.0, 4.0], Diverged)]);
    for (run, cost) in records.iter_mut().zip([100, 110, 130, 5000]) {
        run.curve.cost_units = run.curve.epoch.iter().map(|epoch| epoch * cost).collect();
    }
    let line = line_over(XAxis::CostUnits, &records);
    // 100, 110 and 130 per epoch; the diverged run does not have the last point.
    assert_eq!((places(&line), line.x_differs), (vec![0.0, 110.0, 220.0], true));
    assert_eq!(line.points[1].spread.values, 4);
}

#[test]
fn final_metrics_are_those_of_the_epoch_that_was_kept() {
    let mut records = curves(&[(&[4.0, 1.0, 3.0], EarlyStopping), (&[4.0, 2.0, 5.0], EarlyStopping)]);
    records[0].kept_epoch = Some(1);
    let info = two_by_two();
    let analysis = Analysis::new(&info, &records);
    // 1, kept at epoch 1, and 5, at the last epoch.
    assert_eq!(analysis.configurations[0].final_metric(info.metric).median, Some(3.0));
    assert_eq!((analysis.keeps_epochs(), analysis.outcomes.finished), (true, 2));
    let seeds: Vec<_> = SeedSpread::new(&analysis).rows[0].seeds.iter().map(|seed| seed.value).collect();
    assert_eq!(seeds, [Some(1.0), Some(5.0)]);
    // Curves include the later epochs.
    assert_eq!(medians(&line_over(XAxis::Epochs, &records)), [(0, 4.0), (1, 1.5), (2, 4.0)]);
    records[0].kept_epoch = Some(2);
    assert!(!Analysis::new(&info, &records).keeps_epochs(), "the last epoch is no other one");
}

#[test]
fn runs_are_counted_by_the_reason_they_ended_for() {
    let mut records = example();
    records[0].stop = EarlyStopping;
    records[9].stop = BudgetSpent;
    let info = two_by_two();
    let endings = Endings::new(&Analysis::new(&info, &records));
    assert_eq!(endings.reasons, [MaxEpochs, EarlyStopping, BudgetSpent, Diverged]);
    // Among six runs of sgd one diverged and one stopped early; among six of adam two diverged and one spent its
    // budget.
    assert_eq!(endings.by_compared, [[4, 1, 0, 1], [3, 0, 1, 2]]);
    assert_eq!(endings.all, [7, 1, 1, 3]);
}

#[test]
fn layers_are_summed_up_at_the_best_configuration() {
    let mut records = [seeds("sgd", 0.1, &[0.5, 0.4, 0.6, DIVERGED]), seeds("sgd", 1.0, &[0.9])].concat();
    let layers = |first: &[f64], second: &[f64]| singular_values(&[((4, 3), first), ((4, 3), second)]);
    records[0].probes = layers(&[3.0, 2.0, 1.0], &[1.0, 0.0]);
    records[1].probes = layers(&[4.0, 0.5], &[1.0, 0.0]);
    records[2].probes = layers(&[8.0, 4.0], &[1.0, 0.5]);
    // Diverged runs and configurations that are not the best do not count.
    records[3].probes = layers(&[9.0], &[9.0]);
    records[4].probes = layers(&[70.0, 7.0], &[]);
    let info = two_by_two();
    let layers = weights(&Analysis::new(&info, &records));
    let shown: Vec<_> = layers
        .iter()
        .map(|one| {
            (one.layer, one.largest.median, one.smallest.median, one.condition.median, one.largest.values)
        })
        .collect();
    // Layer 1: 3, 4, 8; 1, 0.5, 4; 3/1, 4/0.5, 8/4. Layer 2: condition numbers ∞, ∞, 2.
    assert_eq!(shown, [(1, Some(4.0), Some(1.0), Some(3.0), 3), (2, Some(1.0), Some(0.0), None, 3)]);
    assert_eq!((layers[0].n_in, layers[0].n_out, layers[0].smallest.max), (4, 3, Some(4.0)));
    assert!(weights(&Analysis::new(&info, &example())).is_empty());
}

#[test]
fn classes_that_mislead_accuracies_are_a_warning() {
    let mut info = two_by_two();
    let records = example();
    let mut warnings = |counts: &[u64]| {
        info.datasets[0].class_counts = counts.to_vec();
        Analysis::new(&info, &records)
            .warnings
            .into_iter()
            .filter(|text| text.contains("classes"))
            .collect::<Vec<_>>()
    };
    // 31 is more than 3 · 10; 31 of 62 samples are a half.
    assert_eq!(
        warnings(&[31, 21, 10]),
        [
            "The classes of digits are uneven, 10 to 31 training samples each: always predicting the most frequent class is \
             right for 50 % of the training samples."
        ]
    );
    assert!(warnings(&[30, 20, 10]).is_empty() && warnings(&[]).is_empty());
    assert_eq!(warnings(&[10, 0]).len(), 1, "a class without samples");
    assert!(warnings(&[0, 0]).is_empty(), "nothing is known of an empty part");
}

#[test]
fn a_heat_map_needs_two_settings_that_vary() {
    let map = |axes: Vec<(&'static str, Vec<(serde_json::Value, String)>)>, compare| {
        let experiment = Synthetic { axes, compare: Some(compare), ..Synthetic::default() };
        let (info, records) = (experiment.info(), experiment.records());
        HeatMap::new(&Analysis::new(&info, &records)).map(|map| (map.rows.len(), map.columns.len()))
    };
    let rates = || ("learning_rate", axis(&[json!(0.1), json!(0.2), json!(0.3)]));
    let optimizers =
        |names: &[&str]| ("optimizer", axis(&names.iter().map(|name| json!(name)).collect::<Vec<_>>()));
    assert_eq!(map(vec![rates()], "learning_rate"), None);
    assert_eq!(map(vec![rates(), optimizers(&["sgd"])], "optimizer"), None);
    assert_eq!(map(vec![("batch_size", axis(&[json!(8)])), optimizers(&["sgd", "adam"])], "optimizer"), None);
    assert_eq!(map(vec![rates(), optimizers(&["sgd", "adam"])], "optimizer"), Some((2, 3)));
    assert_eq!(map(vec![rates(), optimizers(&["sgd", "adam"])], "learning_rate"), Some((2, 3)));
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
    // Each cell has the better of its two initializations.
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
    // Rates ascending: 0.3 with batches of 8 at 0.1; 0.4 with batches of 16 at 1.
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
    // Five values and two diverged runs: positions 1.5 and 4.5 of 1 2 3 4 5 ∞ ∞; the upper one involves ∞.
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

/// A metric that no run measured is not lost. Failed runs count as lost, like diverged runs.
#[test]
fn half_of_the_runs_lost_is_not_the_same_as_no_median() {
    let of = |stops: &[StopReason], loss: f64| {
        let one = |(seed, stop): (usize, &StopReason)| {
            run(json!({"optimizer": "sgd", "seed": seed}), &[2.0, loss], *stop)
        };
        let records: Vec<RunRecord> = stops.iter().enumerate().map(one).collect();
        let info = Synthetic::default().info();
        Analysis::new(&info, &records).configurations[0].is_mostly_lost()
    };
    assert!(of(&[Failed, Diverged, MaxEpochs, MaxEpochs], 1.0));
    assert!(!of(&[Failed, MaxEpochs, MaxEpochs], 1.0));
    assert!(!of(&[MaxEpochs; 3], f64::NAN), "measured to be no number, and not lost");
}
