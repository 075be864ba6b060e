//! Compares with `oracle/speed.json`, which `speed.py` computes with statsmodels, scipy and by counting, and with hand
//! calculations.

#![expect(clippy::unwrap_used, reason = "the files of this folder have the expected form")]

mod oracle;

use chainrule_statistics::*;
use oracle::{cases, number, numbers};
use serde_json::Value;

const ORACLE: &str = include_str!("oracle/speed.json");

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

#[track_caller]
fn close(ours: f64, theirs: f64) {
    let same = ours == theirs || (ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0);
    assert!(same, "{ours} here, {theirs} there");
}

#[test]
fn times_that_are_partly_unknown() {
    for case in cases(ORACLE, "survival") {
        let arrived = numbers(&case["arrived"]);
        let observations: Vec<Observation> = numbers(&case["times"])
            .into_iter()
            .zip(arrived)
            .map(|(time, arrived)| Observation { time, arrived: arrived == 1.0 })
            .collect();
        let curve = KaplanMeier::of(&observations);
        assert_eq!(curve.steps.iter().map(|step| step.time).collect::<Vec<_>>(), numbers(&case["step"]));
        for (step, theirs) in curve.steps.iter().zip(numbers(&case["waiting"])) {
            close(step.waiting, theirs);
        }
        assert_eq!(curve.median().unwrap_or(f64::INFINITY), number(&case["median"]), "{case}");
        let interval = curve.median_interval();
        let ends = interval.map_or((f64::INFINITY, f64::INFINITY), |interval| (interval.low, interval.high));
        assert_eq!(ends, (number(&case["low"]), number(&case["high"])), "{case}");
    }
}

#[test]
fn a_curve_by_hand() {
    // Of 5 runs one arrives at 1, one is censored at 2, one arrives at 2, one at 4, and one never arrives. S = 4/5,
    // then · 3/4 = 3/5 (the run censored at 2 still counts at 2), then · 1/2 = 3/10.
    let runs = [1.0, 2.0, 4.0].map(Observation::at);
    let all = [&runs[..], &[Observation::not_by(2.0), Observation::never()]].concat();
    let curve = KaplanMeier::of(&all);
    let steps: Vec<_> = curve.steps.iter().map(|step| (step.time, step.watched, step.arrived)).collect();
    assert_eq!(steps, [(1.0, 5, 1), (2.0, 4, 1), (4.0, 2, 1)]);
    curve.steps.iter().zip([0.8, 0.6, 0.3]).for_each(|(step, share)| close(step.waiting, share));
    assert_eq!((curve.median(), curve.median_interval()), (Some(4.0), None), "five runs have no interval");
    // With one more run that never arrives, S stays above one half.
    let more = KaplanMeier::of(&[&all[..], &[Observation::never(), Observation::never()]].concat());
    assert_eq!(more.median(), None);
    assert_eq!(KaplanMeier::of(&[]).median(), None);
    assert_eq!(KaplanMeier::of(&[Observation::never(); 8]).median_interval(), None);
}

#[test]
fn ranks_and_their_test() {
    assert_eq!(ranks(&[3.0, 1.0, 3.0, f64::INFINITY, f64::INFINITY]), [2.5, 1.0, 2.5, 4.5, 4.5]);
    for case in cases(ORACLE, "friedman") {
        let rows = rows(&case["rows"]);
        mean_ranks(&rows).into_iter().zip(numbers(&case["mean_ranks"])).for_each(|(a, b)| close(a, b));
        close(friedman_p(&rows).unwrap(), number(&case["p"]));
    }
    let few = vec![vec![1.0, 2.0, 3.0]; MIN_PROBLEMS - 1];
    assert_eq!((friedman_p(&few), friedman_p(&[])), (None, None));
    assert_eq!(friedman_p(&vec![vec![1.0, 2.0]; 20]), None, "two columns");
    assert_eq!(friedman_p(&vec![vec![f64::INFINITY; 3]; 20]), None, "nothing differs");
}

#[test]
fn the_best_of_random_trials() {
    for case in cases(ORACLE, "trials") {
        let (values, trials) = (numbers(&case["values"]), case["trials"].as_u64().unwrap() as u32);
        let infinite = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
        close(infinite(median_best(&values, trials)), number(&case["median"]));
        match case["expected"].as_f64() {
            Some(expected) => close(expected_best(&values, trials).unwrap(), expected),
            None => assert_eq!(expected_best(&values, trials), None),
        }
    }
    // Two draws from 1 and 3: the best is 1 in three of four cases, otherwise 3.
    assert_eq!(expected_best(&[3.0, 1.0], 2), Some(1.5));
    assert_eq!((expected_best(&[], 1), median_best(&[], 1)), (None, None));
}
