//! Small experiments on speed and tuning, with results computed by hand.

use super::*;
use crate::support::{Synthetic, axis, run};
use StopReason::{Diverged, Failed, MaxEpochs};
use chainrule_record::{ExperimentInfo, Metric, RunRecord, StopReason, TargetReached};
use serde_json::{Value, json};

const TARGET: &str = "train_loss reaches 0.1";

/// Runs of one configuration. Each has an end, the epoch at which it reached the target if it did, and a stop reason.
fn runs(settings: &Value, ends: &[(u64, Option<u64>, StopReason)]) -> Vec<RunRecord> {
    let one = |(seed, (epochs, reached, stop)): (usize, &(u64, Option<u64>, StopReason))| {
        let mut settings = settings.clone();
        settings["seed"] = json!(seed);
        settings["target"] = json!({"metric": "train_loss", "reaches": 0.1});
        let mut record = run(settings, &vec![1.0; *epochs as usize + 1], *stop);
        record.target_reached = reached.map(|epoch| TargetReached {
            epoch,
            steps: 10 * epoch,
            samples: 40 * epoch,
            cost_units: 120 * epoch,
        });
        record
    };
    ends.iter().enumerate().map(one).collect()
}

/// Runs of an optimizer at a rate on a data set, with these final losses.
fn finals(dataset: &str, optimizer: &str, rate: f64, losses: &[f64]) -> Vec<RunRecord> {
    let one = |(seed, loss): (usize, &f64)| {
        let settings =
            json!({"dataset": dataset, "optimizer": optimizer, "learning_rate": rate, "seed": seed});
        let stop = if loss.is_nan() { Diverged } else { MaxEpochs };
        run(settings, &[2.0, *loss][..if loss.is_nan() { 1 } else { 2 }], stop)
    };
    losses.iter().enumerate().map(one).collect()
}

fn info() -> ExperimentInfo {
    let axes = vec![
        ("dataset", axis(&[json!("iris"), json!("wine"), json!("xor")])),
        ("optimizer", axis(&[json!("sgd"), json!("adam")])),
        ("learning_rate", axis(&[json!(0.01), json!(0.1), json!(1.0)])),
    ];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds: 1, ..Synthetic::default() }.info();
    info.problems = vec!["dataset".to_owned()];
    info
}

#[test]
fn missed_and_lost_runs_are_never_dropped() {
    let settings = json!({"optimizer": "sgd", "dataset": "iris", "learning_rate": 0.1});
    let records = runs(
        &settings,
        &[
            (1, Some(1), MaxEpochs),
            (2, Some(2), MaxEpochs),
            (4, Some(2), MaxEpochs),
            (3, None, MaxEpochs),
            (1, None, Diverged),
            (5, Some(3), Diverged),
        ],
    );
    let info = info();
    let analysis = Analysis::new(&info, &records);
    let times = TimeToTarget::new(&analysis).unwrap();
    let reaching = &times.cells[0].planned;
    assert_eq!((reaching.runs, reaching.reached, reaching.lost), (6, 4, 1));
    let share = reaching.share.unwrap();
    // scipy.stats.binomtest(4, 6).proportion_ci(0.95, "exact")
    assert!(
        (share.low - 0.222_778_095_503_549_57).abs() < 1e-9
            && (share.high - 0.956_728_131_707_110_5).abs() < 1e-9
    );
    // The fraction that has not arrived: 5/6 after epoch 1; · 3/5 = 1/2 after epoch 2. At epoch 3 three runs remain:
    // one arrives, one is censored there and one never arrives: · 2/3 = 1/3.
    let epochs = reaching.by(Clock::Epochs).unwrap();
    let waiting: Vec<f64> = epochs.curve.steps.iter().map(|step| step.waiting).collect();
    waiting
        .iter()
        .zip([5.0 / 6.0, 0.5, 1.0 / 3.0])
        .for_each(|(a, b)| assert!((a - b).abs() < 1e-12, "{waiting:?}"));
    assert_eq!(epochs.median, Some(2.0));
    // 1 + 2 + 2 + 3 + 1 + 3 epochs, divided by the four runs that arrived. One epoch has 40 samples, forward and
    // backward: 240 operations for the one parameter.
    let expected = |clock| reaching.by(clock).map(|timing| timing.expected.unwrap());
    assert_eq!(expected(Clock::Epochs), Some(3.0));
    assert_eq!(expected(Clock::Steps), Some(30.0));
    assert_eq!(expected(Clock::GradientEvaluations), Some(120.0));
    assert_eq!(expected(Clock::Flops), Some(720.0));
    assert_eq!(expected(Clock::Seconds), None, "nobody took the time");
}

#[test]
fn a_line_ends_with_the_last_run_that_was_watched() {
    let settings = |optimizer: &str| json!({"optimizer": optimizer, "dataset": "iris", "learning_rate": 0.1});
    let sgd = runs(&settings("sgd"), &[(1, Some(1), MaxEpochs), (3, None, MaxEpochs)]);
    let adam = runs(&settings("adam"), &[(2, Some(2), MaxEpochs), (1, None, Diverged)]);
    let (info, records) = (info(), [sgd, adam].concat());
    let analysis = Analysis::new(&info, &records);
    let times = TimeToTarget::new(&analysis).unwrap();
    let panels = times.panels(&analysis);
    let points = |compared: usize| {
        let lines = panels.iter().flat_map(|panel| &panel.lines);
        lines.filter(|line| line.cell.compared == compared).map(|line| line.points.clone()).next().unwrap()
    };
    assert_eq!(points(0), [(0.0, 0.0), (1.0, 0.5), (3.0, 0.5)], "one was watched until epoch 3");
    assert_eq!(
        points(1),
        [(0.0, 0.0), (2.0, 0.5), (3.0, 0.5)],
        "the other one never will: as far as the plot goes"
    );
}

#[test]
fn a_failed_run_leaves_nothing_and_no_target_no_times() {
    let settings = json!({"optimizer": "sgd", "dataset": "iris", "learning_rate": 0.1});
    let mut records = runs(&settings, &[(1, Some(1), Failed), (2, None, Failed)]);
    records[1].curve = chainrule_record::Curve::default();
    let info = info();
    let analysis = Analysis::new(&info, &records);
    let times = TimeToTarget::new(&analysis).unwrap();
    let epochs = times.cells[0].planned.by(Clock::Epochs).unwrap();
    assert_eq!((times.cells[0].planned.reached, times.cells[0].planned.lost), (0, 2));
    assert_eq!((epochs.median, epochs.expected), (None, None));
    // The failed run has no recorded time, so ERT covers the others.
    let mut records = runs(&settings, &[(3, Some(3), MaxEpochs), (5, None, MaxEpochs), (2, None, Failed)]);
    records[2].curve = chainrule_record::Curve::default();
    let analysis = Analysis::new(&info, &records);
    let times = TimeToTarget::new(&analysis).unwrap();
    let expected = |clock| times.cells[0].planned.by(clock).and_then(|timing| timing.expected);
    assert_eq!((expected(Clock::Epochs), expected(Clock::Steps)), (Some(8.0), Some(80.0)));
    let without = finals("iris", "sgd", 0.1, &[0.5]);
    assert!(TimeToTarget::new(&Analysis::new(&info, &without)).is_none());
}

/// Losses at the best rates: iris 0.2 for sgd and 0.4 for adam, wine 0.3 and 0.1; xor was tried only with sgd.
fn problems() -> Vec<RunRecord> {
    [
        finals("iris", "sgd", 0.1, &[0.2]),
        finals("iris", "sgd", 1.0, &[0.9]),
        finals("iris", "adam", 0.1, &[0.4]),
        finals("wine", "sgd", 0.1, &[0.7]),
        finals("wine", "sgd", 1.0, &[0.3]),
        finals("wine", "adam", 0.1, &[0.1]),
        finals("xor", "sgd", 0.1, &[0.1]),
    ]
    .concat()
}

#[test]
fn each_problem_has_its_own_best_settings() {
    let (info, records) = (info(), problems());
    let analysis = Analysis::new(&info, &records);
    let profiles = Profiles::new(&analysis).unwrap();
    assert_eq!(profiles.measure, Measure::Final(Metric::ValidationLoss));
    assert_eq!(profiles.costs, [[0.2, 0.4], [0.3, 0.1]]);
    let ratio = 0.3 / 0.1;
    assert_eq!(profiles.ratios, [[1.0, 2.0], [ratio, 1.0]]);
    assert_eq!((profiles.common.len(), profiles.problems.all.len()), (2, 3), "adam was not tried on xor");
    assert_eq!(profiles.ranks, [1.5, 1.5]);
    assert_eq!(profiles.friedman, None, "two problems");
    // (3 + (4 − 3)) / 6 and ((4 − 2) + 3) / 6.
    let scores: Vec<f64> = profiles.lines.iter().map(|line| line.score).collect();
    assert!((scores[0] - 4.0 / 6.0).abs() < 1e-12 && (scores[1] - 5.0 / 6.0).abs() < 1e-12, "{scores:?}");
    // Ranks tie, so scores decide.
    assert_eq!((profiles.by_score(), profiles.by_rank()), (vec![1, 0], vec![1, 0]));
    assert_eq!(analysis.compared_ranking, [1, 0]);
}

#[test]
fn one_problem_or_one_compared_value_has_no_profile() {
    let (mut info, records) = (info(), problems());
    let sgd: Vec<RunRecord> =
        records.iter().filter(|run| run.spec.get("optimizer") == Some(&json!("sgd"))).cloned().collect();
    let analysis = Analysis::new(&info, &sgd);
    assert!(Profiles::new(&analysis).is_none() && Tradeoffs::new(&analysis).is_none());
    info.problems.clear();
    assert!(
        Profiles::new(&Analysis::new(&info, &records)).is_some(),
        "data sets are problems without being declared"
    );
    assert!(Parallel::new(&Analysis::new(&info, &records)).is_some());
    let follow = [("iris", "sgd", 0.1), ("iris", "adam", 1.0), ("wine", "sgd", 0.1), ("wine", "adam", 1.0)];
    let follow: Vec<RunRecord> =
        follow.iter().flat_map(|(data, name, rate)| finals(data, name, *rate, &[0.2])).collect();
    assert!(Parallel::new(&Analysis::new(&info, &follow)).is_none(), "rates say no more than optimizers");
    info.axes.retain(|axis| axis.setting != "dataset");
    assert!(Parallel::new(&Analysis::new(&info, &records)).is_none(), "two settings have a map");
}

#[test]
fn runs_on_fresh_seeds_decide_once_all_are_there() {
    let mut info = info();
    info.axes[0].points.truncate(2);
    let records = problems()[..6].to_vec();
    let mut fresh = [
        finals("iris", "sgd", 0.1, &[0.5]),
        finals("iris", "adam", 0.1, &[0.5]),
        finals("wine", "sgd", 1.0, &[0.5]),
    ]
    .concat();
    let costs = |fresh: &[RunRecord]| {
        let analysis = Analysis::with_confirmation(&info, &records, fresh);
        let profiles = Profiles::new(&analysis).unwrap();
        (profiles.fresh, profiles.costs)
    };
    assert_eq!(costs(&fresh), (false, vec![vec![0.2, 0.4], vec![0.3, 0.1]]));
    fresh.extend(finals("wine", "adam", 0.1, &[0.25]));
    assert_eq!(costs(&fresh), (true, vec![vec![0.5, 0.5], vec![0.5, 0.25]]));
}

#[test]
fn tunability_by_hand() {
    let records = [
        finals("iris", "sgd", 0.01, &[0.5]),
        finals("iris", "sgd", 0.1, &[0.2]),
        finals("iris", "sgd", 1.0, &[0.21]),
        finals("iris", "adam", 0.01, &[0.3]),
        finals("iris", "adam", 0.1, &[0.4]),
        finals("iris", "adam", 1.0, &[f64::NAN]),
    ]
    .concat();
    let info = info();
    let analysis = Analysis::new(&info, &records);
    let tradeoffs = Tradeoffs::new(&analysis).unwrap();
    let rows: Vec<&TradeoffRow> = tradeoffs.on(0).collect();
    // 0.21 is within 10 % of 0.2, but 0.4 is not within 10 % of 0.3.
    assert_eq!(
        (rows[0].good, rows[0].trials(), rows[1].good, rows[1].trials()),
        (2, Some(1.5), 1, Some(3.0))
    );
    // From 0.2, 0.21 and 0.5: half of single draws find 0.21 or better; 5/9 of two draws find 0.2.
    assert_eq!(rows[0].median_after, [Some(0.21), Some(0.2), Some(0.2), Some(0.2)]);
    let mean = (0.2 + 0.21 + 0.5) / 3.0;
    assert!((rows[0].expected_after[0].unwrap() - mean).abs() < 1e-12);
    // Two draws: (5 · 0.2 + 3 · 0.21 + 0.5) / 9.
    assert!((rows[0].expected_after[1].unwrap() - 2.13 / 9.0).abs() < 1e-12);
    assert_eq!(rows[1].median_after[0], Some(0.4));
    assert_eq!(rows[1].expected_after, [None; TRIALS.len()], "a draw may lose its runs");
    let rates = Rates::new(&analysis).unwrap();
    assert_eq!(rates.rows.iter().map(|row| row.lost_from).collect::<Vec<_>>(), [None, Some(1.0)]);
    // At 0.01 the worse loss is 0.5, at 0.1 it is 0.4, and at 1 one is lost.
    assert_eq!(rates.common, Some(0.1));
    assert_eq!(rates.rows.iter().map(|row| row.at_common).collect::<Vec<_>>(), [Some(0.2), Some(0.4)]);
    assert_eq!(rates.rows[1].best.unwrap().stable.0, 0.01, "the smallest rate is the best");
    let margin = ExperimentInfo { margin: Some(0.5), ..self::info() };
    let analysis = Analysis::new(&margin, &records);
    assert_eq!(Tradeoffs::new(&analysis).unwrap().rows[0].good, 3, "all are within the margin");
    assert_eq!(Rates::new(&analysis).unwrap().tolerance, Tolerance::Margin(0.5));
}

#[test]
fn targets_have_words() {
    let mut info = info();
    let records = problems();
    assert_eq!(Analysis::new(&info, &records).target(), "the target");
    let point = chainrule_record::AxisPoint { value: json!({}), label: TARGET.to_owned() };
    info.fixed.insert("target".to_owned(), point);
    assert_eq!(Analysis::new(&info, &records).target(), TARGET);
}
