//! Tasks that results are averaged over, and runs that are copies. Expected numbers are computed by hand.

use super::*;
use crate::render::plain_answer;
use crate::support::{Synthetic, axis, run};
use chainrule_record::{AxisPoint, Digest, ExperimentInfo, Metric, RunRecord, StopReason};
use serde_json::{Value, json};

/// Runs of optimizers a and b with this loss for each value of a setting and each seed.
fn records(
    setting: &str,
    values: &[Value],
    seeds: u64,
    loss: impl Fn(bool, usize, u64) -> f64,
) -> Vec<RunRecord> {
    let mut records = Vec::new();
    for optimizer in ["a", "b"] {
        for (place, value) in values.iter().enumerate() {
            for seed in 0..seeds {
                let settings = json!({"optimizer": optimizer, setting: value, "seed": seed});
                let loss = loss(optimizer == "a", place, seed);
                records.push(run(settings, &[2.0, loss], StopReason::MaxEpochs));
            }
        }
    }
    records
}

fn info(setting: &'static str, values: &[Value], seeds: u64, records: &[RunRecord]) -> ExperimentInfo {
    let axes = vec![("optimizer", axis(&[json!("a"), json!("b")])), (setting, axis(values))];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds, ..Synthetic::default() }.info();
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    info
}

fn numbers(values: std::ops::Range<u64>) -> Vec<Value> {
    values.map(|value| json!(value)).collect()
}

/// Two folds of one split, with two seeds each: seeds 0 and 2 test on fold 0.
#[test]
fn runs_on_one_fold_are_one_observation() {
    let records =
        records("split_seed", &numbers(3..4), 4, |is_a, _, seed| f64::from(u8::from(is_a)) + seed as f64);
    let mut info = info("split_seed", &numbers(3..4), 4, &records);
    info.axes.retain(|axis| axis.setting == "optimizer");
    let point = |value: Value| AxisPoint { label: value.to_string(), value };
    info.fixed.insert("folds".to_owned(), point(json!(2)));
    info.fixed.insert("split_seed".to_owned(), point(json!(3)));
    let records: Vec<RunRecord> = records.into_iter().map(in_two_folds).collect();
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    let analysis = Analysis::new(&info, &records);
    let found = Estimates::of(analysis.best().unwrap(), Metric::ValidationLoss);
    // The means of seeds 0 and 2, and of 1 and 3.
    assert_eq!((found.n, found.median), (2, Some(1.5)));
}

fn in_two_folds(mut record: RunRecord) -> RunRecord {
    record.spec.0.insert("folds".to_owned(), json!(2));
    record.run_id = record.spec.run_id();
    record
}

#[test]
fn splits_are_observations_and_never_chosen() {
    let splits = numbers(0..8);
    // Seeds move the loss by ±0.5, which cancels in the mean of a split. a is better by 0.25 on seven splits and by 0.5
    // on one: on average by 2.25/8.
    let loss = |is_a: bool, split: usize, seed: u64| {
        let ahead = if split == 7 { 0.5 } else { 0.25 };
        split as f64 + if seed == 0 { 0.5 } else { -0.5 } + if is_a { 0.0 } else { ahead }
    };
    let records = records("split_seed", &splits, 2, loss);
    let info = info("split_seed", &splits, 2, &records);
    let analysis = Analysis::new(&info, &records);
    assert_eq!((analysis.configurations.len(), analysis.grid.observation_noun()), (2, "split"));
    let best = analysis.best().unwrap();
    assert_eq!((best.runs.len(), best.counted()), (16, (8, 8)));
    // The means of the splits are 0 … 7.
    let found = Estimates::of(best, Metric::ValidationLoss);
    assert_eq!((found.n, found.median, found.mean), (8, Some(3.5), Some(3.5)));
    let against = &analysis.comparisons.as_ref().unwrap().against[0];
    assert_eq!((against.paired.n, against.paired.estimate), (8, Some(0.28125)));
    // Two of 2⁸ sign patterns.
    assert_eq!((against.paired.p, against.standing), (Some(0.0078125), Standing::Better));
    let answer = plain_answer(&analysis);
    assert!(answer.starts_with("Pick optimizer a, on average over 8 values of split_seed."), "{answer}");
    assert!(answer.contains("Task by task: by split_seed, a is best on 8 of 8."), "{answer}");
    assert!(
        answer.contains("on 8 splits, each the mean of its runs, a median validation_loss of 3.5"),
        "{answer}"
    );
}

#[test]
fn other_tasks_are_averaged_within_each_seed() {
    let noises = [json!(0.0), json!(0.2)];
    // On clean labels a is better by 1, with noise b by 0.5: on average a is better by 0.25 on each seed.
    let loss = |is_a: bool, place: usize, seed: u64| match (is_a, place) {
        (true, 0) => seed as f64,
        (false, 0) => seed as f64 + 1.0,
        (true, _) => 10.5,
        (false, _) => 10.0,
    };
    let records = records("label_noise", &noises, 6, loss);
    let info = info("label_noise", &noises, 6, &records);
    let analysis = Analysis::new(&info, &records);
    let against = &analysis.comparisons.as_ref().unwrap().against[0];
    assert_eq!((against.paired.n, against.paired.estimate, against.paired.wins), (6, Some(0.25), 6));
    let best: Vec<usize> = tasks(&analysis).iter().map(|row| row.best).collect();
    assert_eq!(best, [0, 1]);
    let answer = plain_answer(&analysis);
    assert!(answer.contains("by label_noise, a is best on 1 of 2, b on 1."), "{answer}");
    assert!(!answer.contains("label_noise 0"), "{answer}");
}

#[test]
fn a_task_that_is_compared_has_no_winner() {
    let shares = [json!(0.1), json!(0.2)];
    let records = records("validation", &shares, 6, |_, place, seed| place as f64 + seed as f64);
    let info =
        ExperimentInfo { compare: Some("validation".to_owned()), ..info("validation", &shares, 6, &records) };
    let analysis = Analysis::new(&info, &records);
    assert_eq!(analysis.unchosen(), Some(Unchosen::Task("validation")));
    assert!(analysis.comparisons.is_none());
    assert!(plain_answer(&analysis).starts_with("No choice: validation defines the task"));
    // Loss functions have no common scale, whether compared or not.
    let losses = [json!("squared_error"), json!("half_squared_error")];
    let records = self::records("loss", &losses, 6, |_, place, seed| place as f64 + seed as f64);
    let info = self::info("loss", &losses, 6, &records);
    let analysis = Analysis::new(&info, &records);
    assert_eq!(analysis.unchosen(), Some(Unchosen::NoScale("loss")));
    let by_accuracy = ExperimentInfo { metric: Metric::ValidationAccuracy, ..info.clone() };
    assert_eq!(Analysis::new(&by_accuracy, &records).unchosen(), None);
}

fn with_weights(mut run: RunRecord, weights: &str) -> RunRecord {
    run.weights_digest = Some(Digest::of(weights.as_bytes()));
    run
}

/// Optimizers a and b on 12 seeds, with these losses. The string determines the weights.
fn twelve(loss: impl Fn(&str, u64) -> (f64, String)) -> (ExperimentInfo, Vec<RunRecord>) {
    let mut records = Vec::new();
    for optimizer in ["a", "b"] {
        for seed in 0..12 {
            let (loss, weights) = loss(optimizer, seed);
            let settings = json!({"optimizer": optimizer, "seed": seed});
            records.push(with_weights(run(settings, &[2.0, loss], StopReason::MaxEpochs), &weights));
        }
    }
    let axes = vec![("optimizer", axis(&[json!("a"), json!("b")]))];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds: 12, ..Synthetic::default() }.info();
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    (info, records)
}

#[test]
fn values_with_the_same_bits_on_every_seed_are_identical() {
    let (info, records) = twelve(|_, seed| (seed as f64, format!("{seed}")));
    let analysis = Analysis::new(&info, &records);
    let against = &analysis.comparisons.as_ref().unwrap().against[0];
    assert_eq!((against.standing, against.pairs, against.paired.n), (Standing::Identical, 12, 12));
    let answer = plain_answer(&analysis);
    let expected =
        "No difference: the 2 values of optimizer give identical results on all 12 seeds, bit by bit.";
    assert!(answer.starts_with(expected), "{answer}");
    assert!(!answer.contains("Ahead of"), "{answer}");
}

#[test]
fn equal_losses_of_other_weights_are_equal_and_not_identical() {
    let (info, records) = twelve(|optimizer, seed| (seed as f64, format!("{optimizer}{seed}")));
    let analysis = Analysis::new(&info, &records);
    assert_eq!(analysis.comparisons.as_ref().unwrap().against[0].standing, Standing::Undecided);
    assert!(plain_answer(&analysis).contains("Equal to b on all 12 seeds."));
}

#[test]
fn copies_count_once() {
    let (info, records) =
        twelve(|optimizer, _| (if optimizer == "a" { 1.0 } else { 2.0 }, optimizer.to_owned()));
    let analysis = Analysis::new(&info, &records);
    assert_eq!(analysis.best().unwrap().counted(), (12, 1));
    assert_eq!(Estimates::of(analysis.best().unwrap(), Metric::ValidationLoss).n, 1);
    let against = &analysis.comparisons.as_ref().unwrap().against[0];
    assert_eq!((against.pairs, against.paired.n, against.paired.p), (12, 1, None));
    assert_eq!(against.reason.as_deref(), Some("11 of 12 pairs repeat others bit by bit"));
    assert_eq!((against.standing, against.needed), (Standing::Undecided, None));
    let expected = "The seed has no effect here: all 12 seeds of each configuration give the same results";
    assert!(analysis.warnings.iter().any(|warning| warning.starts_with(expected)), "{:?}", analysis.warnings);
    // If one side varies, each seed is an observation.
    let (info, records) = twelve(|optimizer, seed| match optimizer {
        "a" => (1.0, "a".to_owned()),
        _ => (2.0 + seed as f64, format!("b{seed}")),
    });
    let analysis = Analysis::new(&info, &records);
    assert_eq!(analysis.comparisons.as_ref().unwrap().against[0].paired.n, 12);
    let expected = "The seed does not affect every result: 12 seeds of a are copies of 1. Copies count once.";
    assert!(analysis.warnings.iter().any(|warning| warning == expected), "{:?}", analysis.warnings);
}

#[test]
fn no_value_is_best_where_all_runs_are_lost() {
    for (stop, expected) in [
        (StopReason::Diverged, "No answer: all 24 runs diverged, so no value is best."),
        (StopReason::Failed, "No answer: all 24 runs failed, so no value is best."),
    ] {
        let (info, mut records) = twelve(|optimizer, seed| (1.0, format!("{optimizer}{seed}")));
        records.iter_mut().for_each(|run| run.stop = stop);
        let answer = plain_answer(&Analysis::new(&info, &records));
        assert!(answer.starts_with(expected), "{answer}");
    }
}

#[test]
fn a_worse_choice_is_said_first() {
    // By the medians a is first; by the mean difference b is better, on 11 of 12 seeds.
    let (info, mut records) = twelve(|optimizer, seed| {
        let loss = if optimizer == "a" { 1.0 + 0.001 * seed as f64 } else { 2.0 + 0.001 * seed as f64 };
        (loss, format!("{optimizer}{seed}"))
    });
    let planned = records.clone();
    let info = ExperimentInfo { tune: vec!["optimizer".to_owned()], confirm_seeds: 12, ..info };
    let fresh = |run: &mut RunRecord| {
        run.spec = run.spec.clone().with_seed(run.spec.seed() + 12);
        run.run_id = run.spec.run_id();
        let is_a = run.spec.get("optimizer") == Some(&json!("a"));
        run.curve.validation_loss[1] = Some(if is_a { 3.5 } else { 3.0 } + 0.001 * run.spec.seed() as f64);
    };
    records.iter_mut().for_each(fresh);
    let info = ExperimentInfo { tune: Vec::new(), ..info };
    let analysis = Analysis::with_confirmation(&info, &planned, &records);
    let answer = plain_answer(&analysis);
    // One comparison: p = 2/2¹².
    let expected = "Not the best: optimizer a was chosen on the planned seeds; on 12 fresh seeds, b was better by 0.5 (p = \
                    0.00049).";
    assert!(answer.starts_with(expected), "{answer}");
    assert!(answer.contains("the first is"), "{answer}");
}
