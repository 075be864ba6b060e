//! Made-up runs. Expected numbers are computed by hand.

use super::*;
use crate::analysis::Analysis;
use crate::support::{Synthetic, axis, run};
use chainrule_record::{ExperimentInfo, RunRecord, StopReason};
use chainrule_statistics::Center;
use serde_json::json;

const LOST: f64 = f64::NAN;

/// Runs of an optimizer at a rate with these final losses, on seeds from `first` on; `NaN` for a diverged run.
fn runs(optimizer: &str, rate: f64, first: u64, losses: &[f64]) -> Vec<RunRecord> {
    let one = |(seed, loss): (u64, &f64)| {
        let settings = json!({"optimizer": optimizer, "learning_rate": rate, "seed": seed});
        match loss.is_nan() {
            true => run(settings, &[2.0], StopReason::Diverged),
            false => run(settings, &[2.0, *loss], StopReason::MaxEpochs),
        }
    };
    (first..).zip(losses).map(one).collect()
}

fn info(names: &[&str], rates: &[f64], planned: &[RunRecord]) -> ExperimentInfo {
    let axes = vec![
        ("optimizer", axis(&names.iter().map(|name| json!(name)).collect::<Vec<_>>())),
        ("learning_rate", axis(&rates.iter().map(|rate| json!(rate)).collect::<Vec<_>>())),
    ];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds: 8, ..Synthetic::default() }.info();
    info.run_ids = planned.iter().map(|run| run.run_id).collect();
    info
}

/// The comparison of two optimizers with one configuration each.
fn two(first: &[f64], second: &[f64], margin: Option<f64>) -> Comparison {
    let records = [runs("a", 0.1, 0, first), runs("b", 0.1, 0, second)].concat();
    let info = ExperimentInfo { margin, ..info(&["a", "b"], &[0.1], &records) };
    let all = Analysis::new(&info, &records).comparisons.unwrap();
    assert_eq!((all.judges, all.tests, all.against.len()), (Judges::Planned, 1, 1));
    all.against[0].clone()
}

#[test]
fn the_best_is_compared_on_the_same_seeds() {
    // Seeds differ far more than optimizers: all differences are 0.25 except one of 0.5, mean 2.25/8.
    let first = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let second = first.map(|loss| if loss == 8.0 { 8.5 } else { loss + 0.25 });
    let found = two(&first, &second, None);
    assert_eq!((found.standing, found.paired.n, found.paired.estimate), (Standing::Better, 8, Some(0.28125)));
    // Two of 2⁸ sign patterns, and one test.
    assert_eq!((found.paired.p, found.adjusted), (Some(0.0078125), Some(0.0078125)));
    assert_eq!((found.reason, found.needed, found.paired.ahead.unwrap().0), (None, None, 1.0));
    // For seven 0 and one 1, g₁ = (7/8 − 1/8) / √(7/64) = 2.27, above 2·√(6/8).
    assert!(found.skewed);
}

#[test]
fn within_the_margin_is_equivalent_however_small_p_is() {
    let first = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let second = first.map(|loss| loss + 0.25);
    assert_eq!(two(&first, &second, Some(0.25)).standing, Standing::Equivalent);
    assert_eq!(two(&first, &second, Some(0.24)).standing, Standing::Better);
}

#[test]
fn five_seeds_decide_nothing_and_say_so() {
    let found = two(&[1.0; 5], &[2.0; 5], Some(3.0));
    assert_eq!((found.standing, found.paired.p), (Standing::Undecided, None));
    assert_eq!(found.reason.unwrap(), "5 seeds cannot decide at 95 %; 6 can");
    assert_eq!(found.needed, Some(6));
}

#[test]
fn lost_runs_are_worse_than_any_number() {
    // a loses no run, b two of eight: a is better in all, and the median of 0.5 six times and ∞ twice is 0.5.
    let second = [1.5, 2.5, LOST, 4.5, 5.5, LOST, 7.5, 8.5];
    let found = two(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], &second, None);
    assert_eq!((found.paired.center, found.paired.estimate, found.lost), (Center::Median, Some(0.5), 2));
    assert_eq!(found.standing, Standing::Better);
    assert!((found.paired.p.unwrap() - 2.0 / 256.0).abs() < 1e-12, "eight of eight");
    let interval = found.paired.interval.unwrap();
    assert_eq!((interval.low, interval.high), (0.5, f64::INFINITY));
    // Nothing is equivalent to a value with lost runs.
    assert_eq!(two(&[1.0; 8], &[LOST; 8], Some(1e9)).standing, Standing::Better);
}

/// Runs that chose their configuration must not judge it, even if the difference is clear.
#[test]
fn runs_that_chose_have_no_p() {
    let worse = [2.0; 8];
    let records = [
        runs("a", 0.1, 0, &[1.0; 8]),
        runs("a", 1.0, 0, &worse),
        runs("b", 0.1, 0, &worse),
        runs("b", 1.0, 0, &worse),
    ]
    .concat();
    let info = info(&["a", "b"], &[0.1, 1.0], &records);
    let all = Analysis::new(&info, &records).comparisons.unwrap();
    let found = &all.against[0];
    assert_eq!((all.judges, found.paired.p, found.adjusted), (Judges::Choosers, None, None));
    assert_eq!((found.standing, found.paired.estimate), (Standing::Undecided, Some(1.0)));
    assert_eq!(found.needed, Some(6), "so many fresh seeds");
}

#[test]
fn fresh_seeds_judge_and_may_refute_the_choice() {
    let planned = [
        runs("a", 0.1, 0, &[1.0; 3]),
        runs("a", 1.0, 0, &[9.0; 3]),
        runs("b", 0.1, 0, &[2.0; 3]),
        runs("b", 1.0, 0, &[9.0; 3]),
        runs("c", 0.1, 0, &[3.0; 3]),
        runs("c", 1.0, 0, &[9.0; 3]),
    ]
    .concat();
    let mut info = info(&["a", "b", "c"], &[0.1, 1.0], &planned);
    (info.seeds, info.tune, info.confirm_seeds) = (vec![0, 1, 2], vec!["learning_rate".to_owned()], 8);
    let fresh = [
        runs("a", 0.1, 3, &[2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7]),
        runs("b", 0.1, 3, &[1.0, 1.2, 1.1, 1.4, 1.3, 1.6, 1.5, 1.8]),
        runs("c", 0.1, 3, &[2.1, 2.0, 2.3, 2.2, 2.5, 2.4, 2.7, 2.6]),
    ]
    .concat();
    let all = Analysis::with_confirmation(&info, &planned, &fresh).comparisons.unwrap();
    assert_eq!((all.best, all.judges, all.tests), (0, Judges::Fresh, 2));
    let of =
        |index: usize| (all.against[index].with, all.against[index].standing, all.against[index].adjusted);
    // 2/2⁸, times the two tests; and differences that alternate between +0.1 and −0.1.
    assert_eq!((of(0), of(1)), ((1, Standing::Worse, Some(0.015625)), (2, Standing::Undecided, Some(1.0))));
    // A large negative difference is not within the margin, although it is below it.
    let with_margin = ExperimentInfo { margin: Some(0.5), ..info.clone() };
    let all = Analysis::with_confirmation(&with_margin, &planned, &fresh).comparisons.unwrap();
    assert_eq!([0, 1].map(|index| all.against[index].standing), [Standing::Worse, Standing::Equivalent]);
    // Nothing is decided while a run is missing.
    let waiting = Analysis::with_confirmation(&info, &planned, &fresh[..23]).comparisons.unwrap();
    assert!(waiting.against.iter().all(|one| one.standing == Standing::Undecided));
    assert_eq!(waiting.against[0].reason.as_deref(), Some("1 run not on record"));
}

/// The same runs choose the best, so each p counts as one of all pairs: three for three values.
#[test]
fn the_best_of_several_is_one_of_all_pairs() {
    let records =
        [runs("a", 0.1, 0, &[1.0; 8]), runs("b", 0.1, 0, &[2.0; 8]), runs("c", 0.1, 0, &[3.0; 8])].concat();
    let info = info(&["a", "b", "c"], &[0.1], &records);
    let all = Analysis::new(&info, &records).comparisons.unwrap();
    // 3 · 2/2⁸, and then 2 · 2/2⁸, which must not be smaller.
    assert_eq!((all.tests, all.fewest_seeds()), (3, 7));
    assert!(all.against.iter().all(|one| one.adjusted == Some(3.0 * 2.0 / 256.0)));
}

#[test]
fn different_data_are_not_compared() {
    let run = |optimizer: &str, dataset: &str, loss: f64, seed: u64| {
        let settings = json!({"optimizer": optimizer, "dataset": dataset, "seed": seed});
        crate::support::run(settings, &[2.0, loss], StopReason::MaxEpochs)
    };
    let records: Vec<RunRecord> =
        [("a", "moons", 0.1), ("a", "digits", 0.5), ("b", "moons", 0.9), ("b", "digits", 0.4)]
            .iter()
            .flat_map(|(optimizer, dataset, loss)| {
                (0..8).map(move |seed| run(optimizer, dataset, *loss, seed))
            })
            .collect();
    let axes = vec![
        ("optimizer", axis(&[json!("a"), json!("b")])),
        ("dataset", axis(&[json!("moons"), json!("digits")])),
    ];
    let mut info = Synthetic { axes, compare: Some("optimizer"), seeds: 8, ..Synthetic::default() }.info();
    info.run_ids = records.iter().map(|run| run.run_id).collect();
    let analysis = Analysis::new(&info, &records);
    assert!(analysis.comparisons.is_none(), "0.1 on moons is not better than 0.4 on digits");
    // Each is first on one data set, so the order of the file is kept.
    assert_eq!(analysis.compared_ranking, [0, 1]);
}

#[test]
fn there_is_nothing_to_compare_without_two_values_or_a_median() {
    let one = runs("a", 0.1, 0, &[1.0; 8]);
    assert!(Analysis::new(&info(&["a"], &[0.1], &one), &one).comparisons.is_none());
    let lost = [runs("a", 0.1, 0, &[LOST; 8]), runs("b", 0.1, 0, &[LOST; 8])].concat();
    assert!(Analysis::new(&info(&["a", "b"], &[0.1], &lost), &lost).comparisons.is_none());
    let single = [runs("a", 0.1, 0, &[1.0]), runs("b", 0.1, 0, &[2.0])].concat();
    let all = Analysis::new(&info(&["a", "b"], &[0.1], &single), &single).comparisons.unwrap();
    assert_eq!((all.against[0].paired.interval, all.against[0].needed), (None, None));
}

#[test]
fn equal_pairs_have_no_sign() {
    use chainrule_record::Better;
    for (value, better) in [(1.0, Better::Lower), (1.0, Better::Higher), (f64::NEG_INFINITY, Better::Higher)]
    {
        assert_eq!(super::pairs::lead(value, value, better).to_bits(), 0.0f64.to_bits());
    }
}
